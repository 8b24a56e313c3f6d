// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/record/entry.h"

#include <QJsonObject>

#include <map>

namespace aviary::api {

// Tells a rollout's record as lines of "what happened", entry by entry; the same for a live one and
// for one that is read from a file.
class Narrator {
public:
    explicit Narrator(const kernel::Plan &plan) : plan_(plan) {} // must outlive the narrator

    // The lines of the next entry, oldest first; `sequence` numbers them from the last one told.
    std::vector<Happening> tell(const record::Entry &entry);

    // What it must know to go on telling where it stands.
    QJsonObject memory() const;
    void recall(const QJsonObject &memory);

private:
    struct Line {
        QString who, text;
        kernel::Weight weight = -1; // as in Happening
    };
    struct Asked {
        QString words;
        kernel::Weight weight = 0;
    };
    std::optional<Line> lineOf(const kernel::Event &event, const record::Entry &entry,
                               const std::map<kernel::TargetIndex, QString> &notes);
    std::optional<Line> lineOf(const kernel::Command &command);
    QString nodeText(kernel::TargetIndex target) const;
    QString requestText(const kernel::Request &request) const;
    QString statusText(const kernel::ChangeStatus &change) const;

    const kernel::Plan &plan_;
    std::map<kernel::Order, Asked> traffic_; // what was asked of the router, not answered yet
    kernel::Weight weight_ = 0;
    quint64 told_ = 0;
};

} // namespace aviary::api
