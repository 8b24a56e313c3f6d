// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"
#include "ui/samples/sampleprovider.h"

#include <QElapsedTimer>
#include <QSize>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace aviary {

// One picture: a view over a sample world, and what is done to the window before it is taken.
struct Shot {
    const char *name;  // of the file, without ".png"
    const char *view;  // id of the action
    const char *world; // of ui/samples
    std::function<void(Console &)> prepare = {};
    // What it waits for after that, a while at most; none: nothing.
    std::function<bool(Console &)> ready = {};
};
const std::vector<Shot> &allShots();

// Writes pictures of the window over sample data: the real Console, no daemon, nothing on screen.
class Shots : public QObject {
    Q_OBJECT
public:
    struct Wish {
        QString directory;
        QString view; // the end of an action's id ("fleet"), or a picture's name; empty: all
        QSize size{1440, 900};
    };

    Shots(Wish wish, Theme &theme);
    ~Shots() override;

    // Emits finished() once all are written; the code is that of the program.
    void start();

Q_SIGNALS:
    void finished(int code);

private:
    // What stands behind one picture; it goes from the bottom up.
    struct Scene {
        std::unique_ptr<samples::SampleProvider> provider;
        std::unique_ptr<Desks> desks;
        std::unique_ptr<Console> console;
    };

    void next();
    void build(const Shot &shot);
    void prepare();
    void take();

    Wish wish_;
    Theme &theme_;
    QTemporaryDir kept_; // the settings of this run
    std::unique_ptr<QSettings> settings_;
    std::vector<const Shot *> left_; // the next one last
    const Shot *now_ = nullptr;
    Scene scene_;
    QTimer timer_;
    QElapsedTimer waited_; // since it was prepared
};

} // namespace aviary
