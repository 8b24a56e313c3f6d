// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QWidget>

#include <vector>

class QGridLayout;

namespace aviary {

class Card;
class Label;
class ViewHeader;

// One thing that waits, in words, with the one action that it needs.
struct WaitingItem {
    QString id;          // handed back
    QString what, where; // "checkout-api v42 holds at 10 %", "edge-eu"
    QString since;       // "12 min"
    QString action;      // "Promote to 25 %..."
    QString refusal;     // why the action is off, and what would allow it; empty: it is on
    bool operator==(const WaitingItem &) const = default;
};

// What happened while the person was away: "10:02", "gateway rolled back to v8".
struct MissedLine {
    QString when, what;
    QString link; // opens it
    bool operator==(const MissedLine &) const = default;
};

// Something that people are called for, until one of them takes it up.
struct AlertItem {
    QString id;         // handed back
    QString what, when; // "checkout-api v43 was rolled back: ...", "3 min"
    QString link;       // opens it; empty: nothing to open
    bool operator==(const AlertItem &) const = default;
};

struct WaitingValue {
    bool told = false; // false: nothing was heard yet
    std::vector<WaitingItem> items;
    std::vector<MissedLine> missed; // newest first
    QString away;                   // "since you left, 40 min ago"; empty: the person was here
    std::vector<AlertItem> alerts;  // not acknowledged, newest first
    bool operator==(const WaitingValue &) const = default;
};

// Waiting for me: across clusters, the oldest first, each with one action; and what happened since.
class WaitingView : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t rows_max = 200;

    explicit WaitingView(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    void setValue(const WaitingValue &value);

Q_SIGNALS:
    void actionWanted(const QString &id);
    void opened(const QString &id); // of an item
    void linkOpened(const QString &link);
    void acknowledged(const QString &alert);
    void snoozed(const QString &alert); // for an hour

private:
    void showItems();
    void showMissed();
    void showAlerts();
    void addItem(const WaitingItem &item, int row, bool first);

    WaitingValue value_;
    ViewHeader *header_;
    Card *alerts_;
    QGridLayout *alerts_rows_;
    Card *waiting_;
    QGridLayout *items_;
    Label *nothing_;
    Card *missed_card_;
    QGridLayout *missed_;
};

} // namespace aviary
