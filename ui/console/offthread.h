// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QtConcurrent>

#include <type_traits>
#include <utility>

namespace aviary {

// Runs `work` on a thread of its own, and hands what it answers to `then` on this one, unless
// `context` is gone by then. Qt 6.4 does not allow that of the context of QFuture::then().
template <class Work, class Then>
void offThread(QObject *context, Work work, Then then) {
    using Got = std::invoke_result_t<Work>;
    QtConcurrent::run(std::move(work))
        .then(qApp, [context = QPointer<QObject>(context), then = std::move(then)](const Got &got) {
            if (context) {
                then(got);
            }
        });
}

} // namespace aviary
