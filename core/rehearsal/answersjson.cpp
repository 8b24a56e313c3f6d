// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/fieldsjson.h"
#include "core/rehearsal/answers.h"

#include <QJsonDocument>

namespace aviary::record {

template <>
struct Words<rehearsal::Ending> {
    using E = rehearsal::Ending;
    static constexpr std::array all = std::to_array<Word<E>>({{E::Completed, "completed"},
                                                              {E::RolledBack, "rolled_back"},
                                                              {E::Failed, "failed"},
                                                              {E::Waiting, "waiting"},
                                                              {E::Stuck, "stuck"}});
};

} // namespace aviary::record

namespace aviary::rehearsal {

QByteArray toJson(const Answers &answers) {
    return QJsonDocument(record::toObject(answers)).toJson(QJsonDocument::Compact);
}

} // namespace aviary::rehearsal
