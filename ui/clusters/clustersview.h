// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/clusters/clustersmodel.h"

#include <QWidget>

class QGridLayout;
class QTableView;

namespace aviary {

class Card;
class Label;
class ViewHeader;

// A daemon that the window talks to.
struct DaemonLine {
    QString id;      // handed back
    QString name;    // "this computer", "ops@depot"
    QString state;   // "answers", "does not answer; next try in 6 s"
    QString trouble; // what is wrong, and what would help
    bool answers = false;
    bool removable = false; // one over ssh may be taken out
    bool operator==(const DaemonLine &) const = default;
};

// What a connection test found.
struct TestValue {
    QString cluster; // its name; empty: none was made
    bool running = false;
    std::vector<api::CheckRow> checks;
    QString trouble; // why there is no answer
    bool operator==(const TestValue &) const = default;
};

// The clusters of all daemons, the test of one, and the daemons.
class ClustersView : public QWidget {
    Q_OBJECT
public:
    explicit ClustersView(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    ClustersModel *model() const { return model_; }
    void setLines(std::vector<ClusterLine> lines, const QString &chosen);
    void setTest(const TestValue &test);
    void setDaemons(const std::vector<DaemonLine> &daemons);

Q_SIGNALS:
    void chosen(const QString &key);
    void opened(const QString &key); // Enter, or a double click
    void reconnectWanted(const QString &daemon);
    void removeDaemonWanted(const QString &daemon);

private:
    void showTest();
    void showDaemons();

    ViewHeader *header_;
    ClustersModel *model_;
    QTableView *table_;
    Label *nothing_;
    Card *test_card_;
    QGridLayout *checks_;
    Card *daemons_card_;
    QGridLayout *daemons_;
    TestValue test_;
    std::vector<DaemonLine> lines_of_daemons_;
};

} // namespace aviary
