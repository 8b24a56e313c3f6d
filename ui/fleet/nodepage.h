// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetwords.h"
#include "ui/theme/viewheader.h"

#include <QWidget>

class QTableWidget;

namespace aviary {

class Card;
class Label;
class LogPane;

// All that is told of one node. What was not told yet, or cannot be, says so.
struct NodePageValue {
    QString id;
    std::optional<api::NodeRow> node; // none: it is not there, or not any more
    qint64 now_wall_ms = 0;
    std::optional<api::HealthReport> health; // none: asked, and not answered yet
    QString health_trouble;
    std::optional<std::vector<api::Happening>> happenings; // newest first
    QString happenings_trouble;
};

// A node: services, checks, use of its room, labels, what happened, and the log
// as it grows.
class NodePage : public QWidget {
    Q_OBJECT
public:
    explicit NodePage(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    LogPane *log() const { return log_; }
    void setValue(const NodePageValue &value);
    const NodePageValue &value() const { return value_; }

Q_SIGNALS:
    void backWanted();
    void checksWanted(); // ask the checks again

private:
    using Row = QStringList;
    QTableWidget *addTable(Card *card, const QStringList &titles, int stretched);
    static void fill(QTableWidget *table, const std::vector<Row> &rows,
                     const std::vector<Sign> &signs);
    void build();
    void showHead();
    void showServices();
    void showChecks();
    void showFacts();
    void showHappenings();

    ViewHeader *header_;
    Card *services_card_;
    Card *checks_card_;
    Card *facts_card_;
    Card *happenings_card_;
    QTableWidget *services_;
    QTableWidget *checks_;
    QTableWidget *facts_;
    QTableWidget *happenings_;
    LogPane *log_;
    NodePageValue value_;
};

} // namespace aviary
