// SPDX-License-Identifier: GPL-3.0-or-later
// Writes pictures of the fleet view and a node's page with sample nodes, in
// both themes and at scale 1 and 2, to be looked at. Usage: gallery_fleet
// DIRECTORY
#include "tests/ui/models/fleetsamples.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/logpane.h"
#include "ui/fleet/nodepage.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QElapsedTimer>

#include <cstdio>

using namespace aviary;
using namespace Qt::Literals;

namespace {

struct Scene {
    const char *name;
    quint32 nodes;
    QSize size;
    const char *filter = "";
    bool hostile = false;
    bool page = false;
    const char *trouble = "";
    const char *old = "";
};

std::vector<api::NodeRow> nodesOf(const Scene &scene) {
    std::vector<api::NodeRow> rows = samples::nodes(scene.nodes);
    for (api::NodeRow &row : rows) {
        if (scene.hostile) {
            row.name = u"<b>edge</b>\u202e"_qs + row.name + QString(300, u'w');
            row.site = u"<i>a site with a name that never ends</i> "_qs + row.site;
            row.services[0].revision =
                u"release-2026-09-21T10-01-12-"_qs + row.services[0].revision;
        }
    }
    return rows;
}

FleetValue valueOf(const Scene &scene, const FleetStore &store) {
    FleetValue value;
    value.scene.now_wall_ms = 1'790'000'012'000;
    value.scene.focus =
        scene.hostile ? focusOf(store, {}) : FleetFocus{u"checkout-api"_qs, u"v42"_qs, u"v41"_qs};
    api::RolloutRow rollout;
    rollout.service = u"checkout-api"_qs;
    rollout.to = u"v42"_qs;
    rollout.weight = 1'000;
    value.scene.rollouts = {rollout};
    value.trouble = QString::fromLatin1(scene.trouble);
    value.old = QString::fromLatin1(scene.old);
    return value;
}

void fillPage(FleetView &view, const FleetStore &store) {
    const NodeIndex node = *store.find(samples::node(7).id);
    view.openNode(node);
    NodePageValue page;
    page.id = store.id(node);
    page.node = store.row(node);
    page.now_wall_ms = 1'790'000'012'000;
    api::HealthRow check;
    check.service = u"checkout-api"_qs;
    check.revision = u"v41"_qs;
    check.check = u"GET /health"_qs;
    check.health = api::Health::Unhealthy;
    check.text = u"503 in 4 ms"_qs;
    page.health = api::HealthReport{api::Health::Unhealthy, u"1 of 3 checks fails"_qs, {check}};
    page.happenings = std::vector<api::Happening>{
        {9, 1'789'999'990'000, u"engine"_qs, u"started checkout-api v41"_qs},
        {4, 1'789'999'000'000, u"ops"_qs, u"undrained, after the disk was changed"_qs}};
    view.page()->setValue(page);
    std::vector<api::LogRow> lines;
    for (int i = 0; i < 60; ++i) {
        lines.push_back(
            {0, u"10:01:%1 GET /cart 200 in %2 ms \x1b[31mslow\x1b[0m"_qs.arg(i).arg(i % 9)});
    }
    view.page()->log()->setLatest(lines);
}

bool picture(const Scene &scene, int scale, const QString &file) {
    FleetStore store;
    FleetView view;
    QAction rollout(u"New rollout\u2026"_qs);
    view.header()->addAction(&rollout, ActionButton::Kind::Primary);
    view.setStore(&store);
    view.resize(scene.size);
    if (scene.nodes > 0) {
        store.apply(nodesOf(scene));
    }
    view.setValue(valueOf(scene, store));
    view.filterField()->setText(QString::fromLatin1(scene.filter));
    view.setAttribute(Qt::WA_DontShowOnScreen);
    view.show();
    QElapsedTimer waited;
    waited.start();
    while (waited.elapsed() < 700) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
    }
    if (scene.nodes > 0) {
        view.select({2, 7, 12, 17, 22});
    }
    if (scene.page) {
        fillPage(view, store);
    }
    QCoreApplication::processEvents();
    QImage image(view.size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(tokensOf(&view)(Role::Window));
    view.render(&image);
    view.setStore(nullptr);
    return image.save(file);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::fputs("usage: gallery_fleet DIRECTORY\n", stderr);
        return 2;
    }
    QApplication app(argc, argv);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    Theme theme(app, ThemeChoice::Dark);
    const QDir directory(QString::fromLocal8Bit(argv[1]));
    if (!directory.mkpath(u"."_qs)) {
        return 1;
    }
    const Scene scenes[] = {
        {"fleet", 10'000, {1'200, 860}, "site:eu-* health:!healthy"},
        {"fleet-12", 12, {1'200, 860}},
        {"fleet-1000-small", 1'000, {784, 640}, "revision:v42 helth:x"},
        {"fleet-100000", 100'000, {1'200, 860}},
        {"fleet-hostile", 200, {784, 640}, "", true},
        {"fleet-stale", 48, {1'200, 860}, "", false, false, "", "The data is 48 s old"},
        {"fleet-offline", 0, {1'200, 860}, "", false, false, "edge-eu does not answer"},
        {"fleet-empty", 0, {1'200, 860}},
        {"fleet-node", 48, {1'200, 860}, "", false, true},
        {"fleet-node-small", 48, {784, 640}, "", false, true}};
    bool whole = true;
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        theme.choose(choice);
        for (const Scene &scene : scenes) {
            for (const int scale : {1, 2}) {
                const QString name = u"%1-%2-%3.png"_qs
                                         .arg(QString::fromLatin1(scene.name),
                                              theme.isDark() ? u"dark"_qs : u"light"_qs)
                                         .arg(scale);
                whole = picture(scene, scale, directory.filePath(name)) && whole;
            }
        }
    }
    return whole ? 0 : 1;
}
