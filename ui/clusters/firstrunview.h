// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QPushButton;
class QVBoxLayout;

namespace aviary {

class Label;
class ViewHeader;

// The first door's progress.
struct SampleProgress {
    enum class State { NotStarted, Running, Done, Failed };
    State state = State::NotStarted;
    QStringList done; // what was done, in order
    QString now;      // what it does; or why it failed and what would help
    bool operator==(const SampleProgress &) const = default;
};

// Something that was found on this computer and can be connected.
struct Offer {
    QString id;      // handed back
    QString text;    // "prod (kubeconfig)"
    QString refusal; // why not, truthfully: "this daemon has no driver for kubernetes"
    bool operator==(const Offer &) const = default;
};

// Three doors: try it here, connect, open a file.
class FirstRunView : public QWidget {
    Q_OBJECT
public:
    explicit FirstRunView(QWidget *parent = nullptr);

    void setProgress(const SampleProgress &progress);
    void setOffers(const std::vector<Offer> &offers);
    // Why nothing can be started here now; empty: it can.
    void setTrouble(const QString &trouble);

Q_SIGNALS:
    void sampleWanted();
    void sampleStopWanted();
    void connectWanted(const QString &offer); // empty: something else
    void fileWanted();

private:
    void showProgress();

    SampleProgress progress_;
    std::vector<Offer> offers_;
    QString trouble_;
    ViewHeader *header_;
    Label *progress_text_;
    QPushButton *start_;
    QPushButton *stop_;
    Label *trouble_text_;
    QVBoxLayout *offers_rows_;
};

} // namespace aviary
