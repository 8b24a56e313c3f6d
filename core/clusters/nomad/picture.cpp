// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/picture.h"

#include <set>

namespace aviary::clusters::nomad {
namespace {

template <class T>
QString keyOf(const T &row) {
    return row.id;
}
template <>
QString keyOf(const Job &row) {
    return row.space + u'/' + row.id;
}

// Lists say less of a thing than events do; what they leave out is kept.
template <class T>
void keepWhatIsNotSaid(T &, const T &) {}
void keepWhatIsNotSaid(Node &row, const Node &known) {
    row.memory_mib = row.memory_mib > 0 ? row.memory_mib : known.memory_mib;
    row.disk_mib = row.disk_mib > 0 ? row.disk_mib : known.disk_mib;
}
void keepWhatIsNotSaid(Job &row, const Job &known) {
    if (!row.version && row.spec_modified == known.spec_modified) {
        row.version = known.version;
        row.stable = known.stable;
    }
    row.groups = row.groups.empty() ? known.groups : row.groups;
}

template <class T>
bool put(std::map<QString, T> &rows, T row) {
    const auto [at, is_new] = rows.try_emplace(keyOf(row), row);
    if (is_new) {
        return true;
    }
    if (row.modified < at->second.modified) {
        return false;
    }
    keepWhatIsNotSaid(row, at->second);
    if (row == at->second) {
        return false;
    }
    at->second = std::move(row);
    return true;
}

template <class T>
bool replaceAll(std::map<QString, T> &known, const std::vector<T> &rows, Index index) {
    std::set<QString> listed;
    bool changed = false;
    for (const T &row : rows) {
        listed.insert(keyOf(row));
        changed = put(known, row) || changed;
    }
    return std::erase_if(known,
                         [&](const auto &one) {
                             return !listed.contains(one.first) && one.second.modified <= index;
                         }) > 0 ||
           changed;
}

} // namespace

bool Picture::apply(const Change &change) {
    if (const auto *node = std::get_if<Node>(&change)) {
        return put(nodes_, *node);
    }
    if (const auto *job = std::get_if<Job>(&change)) {
        return put(jobs_, *job);
    }
    if (const auto *deployment = std::get_if<Deployment>(&change)) {
        return put(deployments_, *deployment);
    }
    return false; // who left is seen in the next list
}

bool Picture::replace(const Rows &rows, Index index) {
    if (const auto *nodes = std::get_if<std::vector<Node>>(&rows)) {
        return replaceAll(nodes_, *nodes, index);
    }
    if (const auto *jobs = std::get_if<std::vector<Job>>(&rows)) {
        return replaceAll(jobs_, *jobs, index);
    }
    if (const auto *deployments = std::get_if<std::vector<Deployment>>(&rows)) {
        return replaceAll(deployments_, *deployments, index);
    }
    return replaceAll(allocations_, std::get<std::vector<Allocation>>(rows), index);
}

} // namespace aviary::clusters::nomad
