// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QtConcurrent>

#include <unistd.h>

#include <type_traits>
#include <utility>

namespace aviary {

// Once for each thread of the background, and of those that it starts: where work wants all
// processors, as futures do, the window still comes first. Linux keeps a nice value a thread.
inline void giveWayToTheWindow() {
    constexpr int background_nice = 5;
    thread_local bool given = false;
    if (!std::exchange(given, true)) {
        [[maybe_unused]] const int now = nice(background_nice);
    }
}

// Runs `work` on a thread of its own, and hands what it answers to `then` on this one, unless
// `context` is gone by then. Qt 6.4 does not allow that of the context of QFuture::then().
template <class Work, class Then>
void offThread(QObject *context, Work work, Then then) {
    using Got = std::invoke_result_t<Work>;
    QtConcurrent::run([work = std::move(work)]() mutable {
        giveWayToTheWindow();
        return work();
    }).then(qApp, [context = QPointer<QObject>(context), then = std::move(then)](const Got &got) {
        if (context) {
            then(got);
        }
    });
}

} // namespace aviary
