// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/console/consolehouse.h"

#include <QDateTime>
#include <QTest>

namespace aviary::tests {

using namespace Qt::Literals;

namespace {

samples::World worldOf(const QString &name) {
    const auto world = samples::worldFrom(name, QDateTime::currentMSecsSinceEpoch());
    if (!world) {
        qFatal("%s", qPrintable(toText(world.error())));
    }
    return *world;
}

} // namespace

ConsoleHouse::ConsoleHouse(const QString &world)
    : settings_(directory_.filePath(u"settings.ini"_qs), QSettings::IniFormat)
    , theme_(*qApp, ThemeChoice::Dark)
    , provider_(worldOf(world))
    , console_(desks_, Settings(settings_), theme_)
    , desk_(&desks_.add(
          std::make_unique<Desk>(local_desk, u"this computer"_qs),
          std::make_unique<api::InProcessSession>(provider_, api::Caller{u"ops"_qs, {}, 1}))) {
    console_.complete();
}

bool ConsoleHouse::settle() {
    return QTest::qWaitFor([this] { return !desk_->daemon().version.isEmpty(); }) &&
           QTest::qWaitFor([this] {
               return desk_->clusters().size() == provider_.world().clusters.size() &&
                      desk_->rollouts().size() == provider_.world().rollouts.size();
           });
}

bool ConsoleHouse::chooseRollout() {
    if (!settle()) {
        return false;
    }
    console_.choice().chooseRollout(desk_, desk_->rollouts().front().id);
    return QTest::qWaitFor([this] { return console_.choice().detail() != nullptr; });
}

int ConsoleHouse::asked(const QString &verb) const {
    return int(std::ranges::count(provider_.calls(), verb, &samples::SampleProvider::Call::verb));
}

QJsonObject ConsoleHouse::lastAsked(const QString &verb) const {
    QJsonObject last;
    for (const auto &call : provider_.calls()) {
        last = call.verb == verb ? call.parameters : last;
    }
    return last;
}

} // namespace aviary::tests
