// SPDX-License-Identifier: GPL-3.0-or-later
// log
#include "app/cli/commandline.h"
#include "core/api/valuesjson.h"

#include <QDateTime>

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct Options {
    std::string cluster, node, service;
    int lines = 200;
};

void showLog(Conversation &talk, const QJsonObject &answer) {
    const auto rows = api::listFromJson<api::LogRow>(answer.value(u"lines"_qs));
    if (!rows) {
        return talk.failWith(rows.error());
    }
    if (talk.json()) {
        talk.show({{u"lines"_qs, api::listToJson(*rows)}});
    } else {
        for (const api::LogRow &row : *rows) {
            const QString when =
                row.wall_ms == 0
                    ? QString()
                    : QDateTime::fromMSecsSinceEpoch(row.wall_ms).toString(Qt::ISODate) + u' ';
            talk.terminal().print(Line{{when, Tone::Dim}, {row.text}});
        }
        if (rows->empty()) {
            talk.terminal().print(u"nothing was logged"_qs, Tone::Dim);
        }
    }
    talk.finish();
}

} // namespace

void addLogVerb(CommandLine &line) {
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "log", "Shows the end of the log of a service on a node",
                               "{lines: [LogRow]}");
    verb->add_option("NODE", options->node, "Which node")->required();
    verb->add_option("SERVICE", options->service, "Which service of it")->required();
    verb->add_option("--cluster", options->cluster, "Which cluster (default: the only one)");
    verb->add_option("--lines", options->lines, "How many lines at most (default: 200)")
        ->check(CLI::Range(1, 5'000));
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withCluster(fromStd(options->cluster), [&talk, options](const auto &cluster) {
                talk.ask(u"node.log"_qs,
                         {{u"cluster"_qs, cluster.id},
                          {u"node"_qs, fromStd(options->node)},
                          {u"service"_qs, fromStd(options->service)},
                          {u"lines"_qs, options->lines}},
                         [&talk](const QJsonObject &answer) { showLog(talk, answer); });
            });
        };
    });
}

} // namespace aviary::cli
