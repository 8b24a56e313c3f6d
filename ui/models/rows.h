// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/valuesjson.h"

#include <QHash>
#include <QStringList>

#include <vector>

namespace aviary {

// The rows of one topic of a Session, kept up with its changes: a whole replaces all, a row
// replaces the one with its id or comes last, what is gone is taken out. The order is that in which
// they were told.
template <class T>
class Rows {
public:
    const std::vector<T> &all() const { return rows_; }
    const T *find(const QString &id) const {
        const auto at = places_.constFind(id);
        return at == places_.cend() ? nullptr : &rows_[*at];
    }

    // {"whole", "rows", "gone"}. A change that cannot be read changes nothing.
    Result<void> take(const QJsonObject &change) {
        const QJsonArray told = change.value(QLatin1String("rows")).toArray();
        auto read = api::listFromJson<T>(told);
        if (!read) {
            return tl::unexpected(read.error());
        }
        if (change.value(QLatin1String("whole")).toBool()) {
            clear();
        }
        for (qsizetype i = 0; i < told.size(); ++i) {
            put(told[i].toObject().value(QLatin1String("id")).toString(),
                std::move((*read)[static_cast<std::size_t>(i)]));
        }
        for (const QJsonValue &id : change.value(QLatin1String("gone")).toArray()) {
            drop(id.toString());
        }
        return {};
    }

    void clear() {
        rows_.clear();
        ids_.clear();
        places_.clear();
    }

private:
    void put(const QString &id, T row) {
        if (const auto at = places_.constFind(id); at != places_.cend()) {
            rows_[*at] = std::move(row);
            return;
        }
        places_.insert(id, rows_.size());
        ids_.append(id);
        rows_.push_back(std::move(row));
    }

    void drop(const QString &id) {
        const auto known = places_.constFind(id);
        if (known == places_.cend()) {
            return;
        }
        const std::size_t at = *known;
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(at));
        ids_.removeAt(static_cast<qsizetype>(at));
        places_.clear();
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            places_.insert(ids_[static_cast<qsizetype>(i)], i);
        }
    }

    std::vector<T> rows_;
    QStringList ids_; // in the order of the rows
    QHash<QString, std::size_t> places_;
};

} // namespace aviary
