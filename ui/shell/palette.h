// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/palettemodel.h"

#include <QFrame>

class QLineEdit;
class QListView;

namespace aviary {

// Ctrl K: nodes, rollouts and every action, found by a few letters. Shows what an entry does, its
// keys and its command line; entries that are off say why.
class Palette : public QFrame {
    Q_OBJECT
public:
    explicit Palette(QWidget *parent);

    PaletteModel *model() const { return model_; }
    // Opens over the parent, near its top, empty.
    void open();
    void setQuery(const QString &query);

Q_SIGNALS:
    void chosen(const aviary::PaletteEntry &entry);
    void commandCopied(const QString &command); // Ctrl Shift C on an entry
    void closed();

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void shut();
    void choose(const QModelIndex &index);
    void move(int rows);
    void fit();

    PaletteModel *model_;
    QLineEdit *query_;
    QListView *list_;
};

} // namespace aviary
