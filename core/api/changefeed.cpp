// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/changefeed.h"

#include <QJsonArray>

namespace aviary::api {

using namespace Qt::Literals;

void ChangeFeed::add(const QJsonObject &change) {
    if (change.value(u"whole"_qs).toBool()) {
        whole_ = true;
        order_.clear();
        rows_.clear();
        gone_.clear();
    }
    const QJsonArray rows = change.value(u"rows"_qs).toArray();
    for (const QJsonValue &value : rows) {
        const QJsonObject row = value.toObject();
        const QString id = row.value(u"id"_qs).toString();
        if (!rows_.contains(id)) {
            order_.append(id);
        }
        rows_.insert(id, row);
        gone_.remove(id);
    }
    const QJsonArray gone = change.value(u"gone"_qs).toArray();
    for (const QJsonValue &value : gone) {
        rows_.remove(value.toString());
        gone_.insert(value.toString());
    }
}

QJsonObject ChangeFeed::take() {
    QJsonArray rows;
    qsizetype passed = 0;
    for (; passed < order_.size() && rows.size() < message_rows_max; ++passed) {
        if (const auto found = rows_.find(order_[passed]); found != rows_.end()) {
            rows.append(*found);
            rows_.erase(found);
        }
    }
    order_.remove(0, rows_.isEmpty() ? order_.size() : passed);
    QStringList gone = gone_.values();
    gone.sort();
    const QJsonObject message{{u"topic"_qs, topic_},
                              {u"whole"_qs, whole_},
                              {u"rows"_qs, rows},
                              {u"gone"_qs, QJsonArray::fromStringList(gone)}};
    whole_ = false;
    gone_.clear();
    return message;
}

} // namespace aviary::api
