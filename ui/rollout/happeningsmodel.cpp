// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/happeningsmodel.h"

#include "core/support/words.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace aviary {
namespace {

constexpr int text_length_max = 400;

quint64 newest(const std::vector<api::Happening> &happenings) {
    return happenings.empty() ? 0 : happenings.front().sequence;
}

} // namespace

void HappeningsModel::setHappenings(const QString &rollout,
                                    const std::vector<api::Happening> &happenings) {
    if (rollout != rollout_) {
        rollout_ = rollout;
        frozen_ = false;
        waiting_.clear();
        beginResetModel();
        shown_ = happenings;
        endResetModel();
        Q_EMIT freshChanged(0);
        return;
    }
    if (frozen_) {
        waiting_ = happenings;
        Q_EMIT freshChanged(fresh());
        return;
    }
    show(happenings);
}

void HappeningsModel::show(const std::vector<api::Happening> &happenings) {
    if (happenings == shown_) {
        return;
    }
    const auto known = std::ranges::find(happenings, newest(shown_), &api::Happening::sequence);
    const auto added = static_cast<int>(known - happenings.begin());
    if (shown_.empty() || known == happenings.end() || newest(happenings) < newest(shown_)) {
        beginResetModel();
        shown_ = happenings;
        endResetModel();
        return;
    }
    if (added > 0) {
        beginInsertRows({}, 0, added - 1);
        shown_.insert(shown_.begin(), happenings.begin(), known);
        endInsertRows();
    }
    if (shown_.size() > happenings.size()) {
        beginRemoveRows({}, static_cast<int>(happenings.size()),
                        static_cast<int>(shown_.size()) - 1);
        shown_.resize(happenings.size());
        endRemoveRows();
    }
    if (shown_ != happenings) {
        shown_ = happenings;
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

void HappeningsModel::setFrozen(bool frozen) {
    if (frozen == frozen_) {
        return;
    }
    frozen_ = frozen;
    if (frozen_) {
        waiting_ = shown_;
    } else {
        const std::vector<api::Happening> all = std::exchange(waiting_, {});
        show(all);
    }
    Q_EMIT freshChanged(fresh());
}

int HappeningsModel::fresh() const {
    if (!frozen_) {
        return 0;
    }
    const quint64 last = newest(shown_);
    return static_cast<int>(std::ranges::count_if(
        waiting_, [last](const api::Happening &one) { return one.sequence > last; }));
}

int HappeningsModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

QVariant HappeningsModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const api::Happening &one = shown_[static_cast<std::size_t>(index.row())];
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(one.wall_ms);
    switch (role) {
    case Qt::DisplayRole:
        return boundedText(one.text, text_length_max);
    case WhoRole:
        return boundedText(one.who, 60);
    case TimeRole:
        return at.toString(QStringLiteral("HH:mm:ss"));
    case InstantRole:
        return at;
    case Qt::ToolTipRole:
        return QLocale().toString(at, QLocale::LongFormat).toHtmlEscaped();
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2: %3")
            .arg(at.toString(QStringLiteral("HH:mm:ss")), boundedText(one.who, 60),
                 boundedText(one.text, text_length_max));
    default:
        return {};
    }
}

} // namespace aviary
