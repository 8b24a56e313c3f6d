// SPDX-License-Identifier: GPL-3.0-or-later
// The views of clusters, of what waits, and the first run, each by its values.
#include "core/support/words.h"
#include "tests/ui/console/consolehouse.h"
#include "ui/clusters/clusterform.h"
#include "ui/clusters/clustersmodel.h"
#include "ui/clusters/firstrunview.h"
#include "ui/console/offers.h"
#include "ui/waiting/waitingview.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

namespace {

QPushButton *buttonOf(const QWidget &view, const QString &text) {
    for (QPushButton *button : view.findChildren<QPushButton *>()) {
        if (button->text() == text && button->isVisibleTo(&view)) {
            return button;
        }
    }
    return nullptr;
}

ClusterLine lineOf(const QString &id, bool unlocked) {
    ClusterLine line;
    line.key = line.row.id = line.row.name = id;
    line.row.unlocked = unlocked;
    return line;
}

void write(const QString &path, const QByteArray &text) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestViews : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clustersKeepTheirPlaces() {
        ClustersModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setLines({lineOf(u"a"_qs, false), lineOf(u"b"_qs, false)});
        QCOMPARE(resets.size(), 1);
        model.setLines({lineOf(u"a"_qs, false), lineOf(u"b"_qs, true)});
        QCOMPARE(resets.size(), 1);
        QCOMPARE(changes.size(), 1);
        QCOMPARE(model.data(model.index(1, ClustersModel::Access), Qt::DisplayRole).toString(),
                 u"unlocked"_qs);
        model.setLines({});
        QCOMPARE(model.rowCount(), 0);
    }

    void eachThingThatWaitsHasOneAction() {
        WaitingView view;
        WaitingValue value;
        value.told = true;
        value.items = {{u"1"_qs,
                        u"checkout-api holds"_qs,
                        u"edge-eu"_qs,
                        u"12 min"_qs,
                        u"Promote to 25 %"_qs,
                        {}},
                       {u"2"_qs, u"gateway is paused"_qs, u"factory-7"_qs, u"40 min"_qs,
                        u"Resume"_qs, u"the data is 48 s old"_qs}};
        view.setValue(value);
        QSignalSpy wanted(&view, &WaitingView::actionWanted);
        QVERIFY(!buttonOf(view, u"Resume"_qs)->isEnabled());
        QCOMPARE(buttonOf(view, u"Resume"_qs)->toolTip(), u"the data is 48 s old"_qs);
        buttonOf(view, u"Promote to 25 %"_qs)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), u"1"_qs);
    }

    // A kind of cluster is told what its own fields say, and nothing goes out that cannot be.
    void settingsOfACluster() {
        QWidget window;
        ClusterForm form(&window);
        QSignalSpy wanted(&form, &ClusterForm::addWanted);
        const auto put = [&form](const QString &name, const QString &text) {
            for (QLineEdit *edit : form.findChildren<QLineEdit *>()) {
                if (edit->accessibleName() == name) {
                    edit->setText(text);
                    return;
                }
            }
            QTest::qFail(qPrintable(u"no field "_qs + name), __FILE__, __LINE__);
        };
        const auto wish = [&] { return qvariant_cast<ClusterWish>(wanted.back()[0]); };
        window.show();
        form.add();
        put(u"Id"_qs, u"edge"_qs);
        put(u"Nodes"_qs, u"none"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wanted.size(), 0);
        put(u"Nodes"_qs, u" 12 "_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wish().settings, (QJsonObject{{u"nodes"_qs, 12}}));
        ClusterWish docker;
        docker.kind = api::ClusterKind::Docker;
        docker.id = u"stores"_qs;
        docker.settings = {{u"contexts"_qs, QJsonArray{u"store-1"_qs}}};
        form.add(docker);
        put(u"Contexts"_qs, u"store-1, store-2"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wish().settings,
                 (QJsonObject{{u"contexts"_qs, QJsonArray{u"store-1"_qs, u"store-2"_qs}}}));
        wanted.clear();
        docker.settings[u"router"_qs] =
            QJsonObject{{u"socket"_qs, u"/run/haproxy/admin.sock"_qs},
                        {u"backends"_qs, QJsonObject{{u"shop"_qs, u"web"_qs}}}};
        form.add(docker); // an HAProxy of the operator, as it was written
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wish().settings, docker.settings);
        put(u"Or one that runs"_qs, u"haproxy"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        put(u"Or one that runs"_qs, u"edge.example:9999"_qs);
        put(u"Its backends"_qs, u"shop web"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wanted.size(), 1); // neither was a socket or names of backends
        put(u"Its backends"_qs, u"shop=web, till=tills"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wish().settings[u"router"].toObject(),
                 (QJsonObject{{u"socket"_qs, u"edge.example:9999"_qs},
                              {u"backends"_qs,
                               QJsonObject{{u"shop"_qs, u"web"_qs}, {u"till"_qs, u"tills"_qs}}}}));
        ClusterWish nomad;
        nomad.kind = api::ClusterKind::Nomad;
        nomad.id = u"prod"_qs;
        nomad.settings = {{u"address"_qs, u"https://nomad.example:4646"_qs}};
        form.add(nomad);
        put(u"Token"_qs, u"t-1"_qs);
        put(u"CA certificate"_qs, u"ca.pem"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wanted.size(), 2); // a path must be absolute
        put(u"CA certificate"_qs, u"/etc/ca.pem"_qs);
        buttonOf(form, u"Connect"_qs)->click();
        QCOMPARE(wish().settings, (QJsonObject{{u"address"_qs, u"https://nomad.example:4646"_qs},
                                               {u"ca"_qs, u"/etc/ca.pem"_qs}}));
        QCOMPARE(wish().token, u"t-1"_qs); // and nowhere in the settings, which are journalled
    }

    void whatThisComputerKnowsIsOffered() {
        const QTemporaryDir home;
        write(home.filePath(u".kube/config"_qs),
              "apiVersion: v1\ncontexts:\n- context: {cluster: a, user: b}\n  name: prod\n"
              "- context: {cluster: c, user: d}\n  name: team/staging\n"
              "users:\n- name: b\n  user: {token: secret}\n");
        write(home.filePath(u".docker/contexts/meta/1/meta.json"_qs),
              "{\"Name\":\"depot\",\"Endpoints\":{\"docker\":{\"Host\":\"ssh://ops@depot\"}}}");
        QProcessEnvironment environment;
        environment.insert(u"NOMAD_ADDR"_qs, u"http://10.2.0.4:4646"_qs);
        const auto found = foundClusters(environment, home.path());
        QCOMPARE(found.size(), 4U);
        QCOMPARE(found[0].wish.id, u"prod"_qs);
        QCOMPARE(found[0].seen_in, u"kubeconfig"_qs);
        QCOMPARE(found[1].wish.id, u"team-staging"_qs);
        QCOMPARE(found[2].wish.kind, api::ClusterKind::Nomad);
        QCOMPARE(found[2].wish.id, u"10.2.0.4"_qs);
        QCOMPARE(found[3].wish.id, u"depot"_qs);
        QCOMPARE(refusalOf(found[0]), u"this build has no driver for Kubernetes clusters"_qs);
        QCOMPARE(refusalOf(found[2]), QString());
        QCOMPARE(refusalOf(found[3]), QString());
        for (const FoundCluster &each : found) {
            QVERIFY(!QJsonDocument(each.wish.settings).toJson().contains("secret"));
        }
    }

    void brokenFilesOfferNothing() {
        const QTemporaryDir home;
        write(home.filePath(u".kube/config"_qs), "contexts: [\x01 {");
        write(home.filePath(u".docker/contexts/meta/1/meta.json"_qs), "{");
        QCOMPARE(foundClusters({}, home.path()).size(), 0U);
    }

    void whatCannotBeDrivenSaysSo() {
        FirstRunView view;
        view.setOffers({{u"0"_qs, u"prod (kubeconfig)"_qs,
                         u"this build has no driver for Kubernetes clusters"_qs}});
        QVERIFY(!buttonOf(view, u"prod (kubeconfig)"_qs)->isEnabled());
    }

    void theSampleShowsItsProgress() {
        FirstRunView view;
        QVERIFY(buttonOf(view, u"Start the sample"_qs)->isEnabled());
        view.setProgress({SampleProgress::State::Running, {u"daemon"_qs}, u"making nodes"_qs});
        QVERIFY(!buttonOf(view, u"Start the sample"_qs)->isEnabled());
        QVERIFY(buttonOf(view, u"Stop"_qs));
        view.setProgress({SampleProgress::State::Failed, {}, u"no haproxy"_qs});
        QVERIFY(buttonOf(view, u"Try again"_qs)->isEnabled());
        QVERIFY(!buttonOf(view, u"Stop"_qs));
    }
};

QTEST_MAIN(TestViews)
#include "test_views.moc"
