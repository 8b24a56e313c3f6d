// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/journeys/nomadhouse.h"

#include "tests/support/programs.h"
#include "ui/fleet/fleettable.h"
#include "ui/rollout/waybackdialog.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QComboBox>
#include <QJsonArray>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

namespace aviary::tests {

using namespace Qt::Literals;

namespace {
constexpr int wait_ms = 60'000;
}

NomadHouse::NomadHouse()
    : places_(api::placesOf(directory_.path(), QProcessEnvironment()).value_or(api::Places{})) {}

NomadHouse::~NomadHouse() {
    window_.reset();
    daemon_.terminate();
    if (!daemon_.waitForFinished(10'000)) {
        daemon_.kill();
        daemon_.waitForFinished();
    }
}

bool NomadHouse::open() {
    daemon_.setStandardErrorFile(directory_.filePath(u"daemon.log"_qs));
    daemon_.start(program("aviaryd"), {u"--foreground"_qs, u"--state-dir"_qs, places_.state,
                                       u"--socket"_qs, places_.socket});
    if (!daemon_.waitForStarted() ||
        !QTest::qWaitFor([this] { return QFile::exists(places_.socket); }, wait_ms)) {
        return false;
    }
    window_ = std::make_unique<WindowHouse>(places_, WindowHouse::Starting::Never);
    return QTest::qWaitForWindowActive(&window_->window()) &&
           window_->until([this] { return window_->desk().link() == Desk::Link::Open; });
}

void NomadHouse::furnish() {
    nomad_.put(196);
    nomad_.put("/v1/jobs", recorded(19), 17);
    nomad_.put("/v1/allocations", "[]", 20);
    nomad_.put("/v1/agent/self", recorded(1), 0);
    nomad_.put("/v1/namespaces", recorded(4), 1);
    nomad_.put("/v1/deployments", "[]", 10);
}

void NomadHouse::show(const QList<QByteArray> &deployments, quint64 index) {
    nomad_.put("/v1/deployments", "[" + deployments.join(',') + "]", index);
    QJsonArray events;
    for (const QByteArray &one : deployments) {
        const QJsonObject whole = QJsonDocument::fromJson(one).object();
        events.append(QJsonObject{{u"Topic"_qs, u"Deployment"_qs},
                                  {u"Type"_qs, u"DeploymentStatusUpdate"_qs},
                                  {u"Key"_qs, whole[u"ID"]},
                                  {u"Namespace"_qs, whole[u"Namespace"]},
                                  {u"Index"_qs, whole[u"ModifyIndex"]},
                                  {u"Payload"_qs, QJsonObject{{u"Deployment"_qs, whole}}}});
    }
    const QJsonObject line{{u"Index"_qs, qint64(index)}, {u"Events"_qs, events}};
    nomad_.tell(QJsonDocument(line).toJson(QJsonDocument::Compact));
}

QByteArray NomadHouse::deployment(int recording, const QJsonObject &members) {
    QJsonObject whole = QJsonDocument::fromJson(recorded(recording)).object();
    for (auto member = members.begin(); member != members.end(); ++member) {
        whole[member.key()] = member.value();
    }
    return QJsonDocument(whole).toJson(QJsonDocument::Compact);
}

void NomadHouse::takes(const char *verb, const QByteArray &id, const QByteArray &after,
                       quint64 index) {
    nomad_.script("POST", QByteArray("/v1/deployment/") + verb + '/' + id,
                  {.body = "{\"EvalID\":\"x\"}"});
    nomad_.put("/v1/deployment/" + id, after, index);
}

QByteArray NomadHouse::versionsUpTo(int newest) {
    QJsonObject all = QJsonDocument::fromJson(recorded(30)).object();
    QJsonArray versions = all[u"Versions"_qs].toArray();
    QJsonObject first = versions.first().toObject();
    first[u"Version"_qs] = newest;
    versions.prepend(first);
    all[u"Versions"_qs] = versions;
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

QByteArray NomadHouse::job(int version, int index) {
    QJsonObject made = QJsonDocument::fromJson(recorded(17)).object();
    made[u"Version"_qs] = version;
    made[u"JobModifyIndex"_qs] = made[u"ModifyIndex"_qs] = index;
    return QJsonDocument(made).toJson(QJsonDocument::Compact);
}

void NomadHouse::showNode(const QString &name, const QJsonObject &members, quint64 index) {
    QJsonArray nodes = QJsonDocument::fromJson(recorded(196)).array();
    for (QJsonValueRef node : nodes) {
        QJsonObject whole = node.toObject();
        if (whole[u"Name"_qs].toString() != name) {
            continue;
        }
        for (auto member = members.begin(); member != members.end(); ++member) {
            whole[member.key()] = member.value();
        }
        whole[u"ModifyIndex"_qs] = qint64(index);
        node = whole;
    }
    nomad_.put("/v1/nodes", QJsonDocument(nodes).toJson(QJsonDocument::Compact), index);
}

bool NomadHouse::chooseNode(const QString &name) {
    auto *table = window().window().findChild<FleetTable *>();
    const auto indexOf = [&]() -> QModelIndex {
        const QAbstractItemModel *model = table->model();
        for (int row = 0; model && row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column) {
                if (model->index(row, column).data().toString() == name) {
                    return model->index(row, column);
                }
            }
        }
        return {};
    };
    if (!table || !window().until([&] { return table->isVisible() && indexOf().isValid(); })) {
        return false;
    }
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(indexOf()).center());
    return window().until([this, &name] { return window().console().choice().node() == name; });
}

QLineEdit *NomadHouse::field(const QString &name) {
    for (QLineEdit *edit : window().window().findChildren<QLineEdit *>()) {
        if (edit->isVisible() && edit->accessibleName() == name) {
            return edit;
        }
    }
    return nullptr;
}

bool NomadHouse::type(const QString &name, const QString &text) {
    QLineEdit *edit = field(name);
    if (!edit) {
        return false;
    }
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    return edit->text() == text;
}

bool NomadHouse::choose(const QString &combo, const QString &item) {
    for (QComboBox *box : window().window().findChildren<QComboBox *>()) {
        if (box->isVisible() && box->accessibleName() == combo) {
            box->setCurrentIndex(box->findText(item, Qt::MatchContains));
            return box->currentIndex() >= 0;
        }
    }
    return false;
}

bool NomadHouse::chooseWayBack(const QString &first, const QString &version) {
    window().window().actions().action("rollout.rollback-to")->trigger();
    WayBackDialog *dialog = nullptr;
    const auto offers = [&dialog](const QString &one) {
        return dialog->button()->text() == u"Roll back to %1\u2026"_qs.arg(one);
    };
    const bool opened = window().until([&] {
        dialog = window().window().findChild<WayBackDialog *>();
        return dialog && dialog->table()->hasFocus();
    });
    if (!opened || !offers(first)) {
        return false;
    }
    for (int row = 0; row < dialog->table()->model()->rowCount() && !offers(version); ++row) {
        window().press(Qt::Key_Down);
    }
    if (!offers(version)) {
        return false;
    }
    window().press(Qt::Key_Return);
    // What a window manager does when a dialog closes.
    window().window().activateWindow();
    return QTest::qWaitForWindowActive(&window().window());
}

bool NomadHouse::connectCluster(const QString &address, quint32 nodes) {
    window().window().actions().action("cluster.add")->trigger();
    const bool filled = choose(u"Kind"_qs, u"nomad"_qs) && type(u"Id"_qs, u"edge"_qs) &&
                        type(u"Address"_qs, address);
    window().press(Qt::Key_Return);
    return filled && window().until([&] {
        const api::ClusterRow *row = window().desk().cluster(u"edge"_qs);
        return row && row->contact == api::Contact::Live && row->nodes == nodes;
    });
}

} // namespace aviary::tests
