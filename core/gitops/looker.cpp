// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/looker.h"

namespace aviary::gitops {

Looker::Looker(QObject *parent) : QObject(parent) {
    pool_.setMaxThreadCount(together_max);
}

Looker::~Looker() {
    stopped_ = true;
    pool_.waitForDone();
}

void Looker::look(const LookWish &wish) {
    pool_.start([this, wish, turn = turnOf(wish.folder)] {
        const std::lock_guard alone(*turn);
        auto look = std::make_shared<const Look>(lookAt(wish, stopped_));
        QMetaObject::invokeMethod(
            this, [this, repository = wish.repository, look] { Q_EMIT looked(repository, look); },
            Qt::QueuedConnection);
    });
}

void Looker::forget(const QString &folder, const Repository &repository) {
    pool_.start([folder, repository, turn = turnOf(folder)] {
        const std::lock_guard alone(*turn);
        if (const auto removed = Clone(folder, repository).remove(); !removed) {
            qWarning("%s", qPrintable(toText(removed.error())));
        }
    });
}

std::shared_ptr<std::mutex> Looker::turnOf(const QString &folder) {
    auto &turn = turns_[folder];
    if (!turn) {
        turn = std::make_shared<std::mutex>();
    }
    return turn;
}

} // namespace aviary::gitops
