// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/gallery/rolloutpages.h"

#include "tests/ui/rollout/rolloutscene.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/rolloutview.h"
#include "ui/rollout/trafficcard.h"
#include "ui/samples/rolloutstates.h"
#include "ui/shell/actiontable.h"
#include "ui/theme/theme.h"
#include "ui/theme/viewheader.h"

#include <QCoreApplication>
#include <QImage>
#include <QPainter>

namespace aviary::gallery {
namespace {

bool picture(const RolloutValue &value, QSize size, int scale, const QString &path) {
    ActionTable actions;
    RolloutView view;
    if (value.detail) {
        const api::RolloutDetail &detail = *value.detail;
        ActionContext context;
        context.cluster = detail.row.cluster;
        context.service = detail.row.service;
        context.from = detail.row.from;
        context.to = detail.row.to;
        context.next_weight = 2'500;
        context.permissions = detail.permissions;
        context.as_of = value.age.as_of;
        actions.setContext(context);
        using Kind = ActionButton::Kind;
        view.header()->setActions({{actions.action("rollout.rehearse"), Kind::Plain},
                                   {actions.action("rollout.pause"), Kind::Plain},
                                   {actions.action("rollout.rollback"), Kind::Danger},
                                   {actions.action("rollout.promote"), Kind::Primary}},
                                  {actions.action("rollout.lower")});
    }
    view.setValue(value);
    view.resize(size);
    view.setAttribute(Qt::WA_DontShowOnScreen);
    view.show();
    QCoreApplication::processEvents();
    view.page()->traffic()->slider()->moveGhost(2'500);
    view.setGhost({2'500, samples::promoteEffect(), {}});
    QCoreApplication::processEvents();
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(view.palette().color(QPalette::Window));
    view.render(&image);
    return image.save(path);
}

} // namespace

bool rolloutPictures(const QDir &directory, Theme &theme) {
    bool whole = true;
    const ThemeChoice before = theme.choice();
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        theme.choose(choice);
        const QString tone = choice == ThemeChoice::Dark ? u"dark"_qs : u"light"_qs;
        for (const scene::Named &state : scene::all()) {
            const auto path = [&](const QString &size) {
                return directory.filePath(
                    u"view-%1-%2-%3.png"_qs.arg(QString::fromLatin1(state.name), tone, size));
            };
            whole = picture(state.value, {1'200, 830}, 1, path(u"1440"_qs)) && whole;
            whole = picture(state.value, {790, 640}, 1, path(u"1024"_qs)) && whole;
            if (choice == ThemeChoice::Dark) {
                whole = picture(state.value, {1'200, 830}, 2, path(u"1440-2"_qs)) && whole;
            }
        }
    }
    theme.choose(before);
    return whole;
}

} // namespace aviary::gallery
