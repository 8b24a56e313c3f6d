// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/shots.h"

#include "core/api/inprocesssession.h"
#include "ui/shell/mainwindow.h"

#include <QDateTime>
#include <QDialog>
#include <QDir>
#include <QPainter>
#include <QPixmap>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int settle_ms = 700; // the fleet's rows are put in order at most twice a second
constexpr int ready_ms_max = 60'000;

// The window with the dialogs that stand in front of it, where a window manager puts them.
QPixmap pictureOf(QWidget &window) {
    QPixmap picture = window.grab();
    QPainter painter(&picture);
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        if (dialog->isVisible()) {
            QRect place(QPoint(), dialog->size());
            place.moveCenter(window.rect().center());
            painter.drawPixmap(place, dialog->grab());
            painter.setPen(window.palette().color(QPalette::Mid));
            painter.drawRect(place);
        }
    }
    return picture;
}

bool isWanted(const Shot &shot, const QString &wanted) {
    const QString view = QString::fromLatin1(shot.view);
    const QString name = QString::fromLatin1(shot.name);
    return wanted.isEmpty() || view.section(u'.', -1) == wanted || name == wanted;
}

} // namespace

Shots::Shots(Wish wish, Theme &theme) : wish_(std::move(wish)), theme_(theme) {
    settings_ =
        std::make_unique<QSettings>(kept_.filePath(u"settings.ini"_qs), QSettings::IniFormat);
    for (const Shot &shot : allShots()) {
        if (isWanted(shot, wish_.view)) {
            left_.insert(left_.begin(), &shot);
        }
    }
    timer_.setSingleShot(true);
}

Shots::~Shots() = default;

void Shots::start() {
    if (left_.empty() || !QDir().mkpath(wish_.directory)) {
        QStringList names;
        for (const Shot &shot : allShots()) {
            names << QString::fromLatin1(shot.name);
        }
        qCritical("%s", qPrintable(left_.empty() ? u"no picture has that name; there are: "_qs +
                                                       names.join(u", "_qs)
                                                 : u"cannot write to "_qs + wish_.directory));
        Q_EMIT finished(2);
        return;
    }
    next();
}

void Shots::next() {
    scene_.console.reset(); // from the bottom up: each knows the one before
    scene_.desks.reset();
    scene_.provider.reset();
    if (left_.empty()) {
        Q_EMIT finished(0);
        return;
    }
    now_ = left_.back();
    left_.pop_back();
    build(*now_);
    timer_.disconnect(this);
    timer_.callOnTimeout(this, &Shots::prepare);
    timer_.start(settle_ms);
}

void Shots::build(const Shot &shot) {
    auto world =
        samples::worldFrom(QString::fromLatin1(shot.world), QDateTime::currentMSecsSinceEpoch());
    scene_.provider = std::make_unique<samples::SampleProvider>(world ? *world : samples::World());
    scene_.desks = std::make_unique<Desks>();
    scene_.console = std::make_unique<Console>(*scene_.desks, Settings(*settings_), theme_);
    scene_.console->complete();
    scene_.desks->add(
        std::make_unique<Desk>(local_desk, u"this computer"_qs),
        std::make_unique<api::InProcessSession>(*scene_.provider, api::Caller{u"ops"_qs, {}, 1}));
    scene_.console->window().resize(wish_.size);
    scene_.console->window().show();
}

void Shots::prepare() {
    Console &console = *scene_.console;
    if (Desk *desk = console.choice().desk(); desk && !desk->rollouts().empty()) {
        console.choice().chooseRollout(desk, desk->rollouts().front().id);
    }
    console.window().showView(QString::fromLatin1(now_->view));
    if (now_->prepare) {
        now_->prepare(console);
    }
    waited_.start();
    timer_.disconnect(this);
    timer_.callOnTimeout(this, &Shots::take);
    timer_.start(settle_ms);
}

void Shots::take() {
    if (now_->ready && !now_->ready(*scene_.console) && !waited_.hasExpired(ready_ms_max)) {
        timer_.start(settle_ms);
        return;
    }
    const QString path = QDir(wish_.directory).filePath(QString::fromLatin1(now_->name) + u".png");
    if (!pictureOf(scene_.console->window()).save(path)) {
        qCritical("cannot write %s", qPrintable(path));
        Q_EMIT finished(1);
        return;
    }
    next();
}

} // namespace aviary
