// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>

#include <vector>

namespace aviary {

// Values that occur many times, kept once each while they are in use: a column then holds small
// numbers. Numbers of values that nobody uses any more are given to others; version() then moves.
template <class T>
class Interned {
public:
    using Id = quint32;

    // Counts one more use.
    Id take(const T &value) {
        const auto found = ids_.constFind(value);
        if (found != ids_.constEnd()) {
            ++places_[*found].uses;
            return *found;
        }
        ++version_;
        Id id = static_cast<Id>(places_.size());
        if (free_.empty()) {
            places_.push_back({value, 1});
        } else {
            id = free_.back();
            free_.pop_back();
            places_[id] = {value, 1};
        }
        ids_.insert(value, id);
        return id;
    }
    void drop(Id id) {
        if (--places_[id].uses == 0) {
            ids_.remove(places_[id].value);
            places_[id].value = T();
            free_.push_back(id);
        }
    }
    void clear() { *this = Interned(version_ + 1); }

    const T &operator[](Id id) const { return places_[id].value; }
    quint32 uses(Id id) const { return places_[id].uses; }
    // All numbers are below this; some have no uses.
    Id end() const { return static_cast<Id>(places_.size()); }
    // A number means the same value as long as this stays.
    quint64 version() const { return version_; }

    Interned() = default;

private:
    explicit Interned(quint64 version) : version_(version) {}

    struct Place {
        T value;
        quint32 uses = 0;
    };
    std::vector<Place> places_;
    std::vector<Id> free_;
    QHash<T, Id> ids_;
    quint64 version_ = 0;
};

} // namespace aviary
