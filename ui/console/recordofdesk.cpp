// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/recordofdesk.h"

#include "ui/console/offthread.h"

#include <QBuffer>

namespace aviary {

using namespace Qt::Literals;

void fetchRecord(Desk &desk, const QString &rollout, QObject *context,
                 std::function<void(const Result<record::Run> &)> then) {
    desk.call(u"run.export"_qs, {{u"rollout"_qs, rollout}},
              [context = QPointer<QObject>(context), rollout,
               then = std::move(then)](const Result<QJsonObject> &answer) {
                  if (!context) {
                      return;
                  }
                  if (!answer) {
                      then(tl::unexpected(answer.error()));
                      return;
                  }
                  const auto read = [lines = (*answer)[u"jsonl"].toString().toUtf8(), rollout] {
                      QBuffer device;
                      device.setData(lines);
                      device.open(QIODevice::ReadOnly);
                      return record::readRun(device, rollout);
                  };
                  offThread(context.data(), read, then);
              });
}

} // namespace aviary
