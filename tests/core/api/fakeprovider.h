// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/provider.h"

#include <QMap>

#include <vector>

namespace aviary::tests {

// Answers what tests ask: "echo" gives the parameters back, "keep" answers when release() is
// called, "vanish" never, "request" counts each request_id once, "whoami" tells the caller. The
// topic "nodes" has rows.
class FakeProvider : public api::Provider {
    Q_OBJECT
public:
    using Provider::Provider;

    void handle(const api::Caller &caller, const QString &verb, const QJsonObject &parameters,
                api::Answer answer) override;
    Result<QJsonObject> whole(const QString &topic) override;
    void arrived(const api::Caller &caller) override;
    void left(const api::Caller &caller) override;

    void setRows(int count); // the whole topic
    void touch(int row, int value);
    void remove(int row);
    void release();

    int done = 0; // requests that were carried out
    int present = 0;
    int seen = 0; // calls, hello too
    std::vector<api::Answer> kept;
    QMap<QString, QJsonObject> rows;

private:
    QMap<QString, QJsonObject> requests_;
};

} // namespace aviary::tests
