// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/asking.h"

#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <QJsonArray>
#include <QTimer>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

using Given = std::shared_ptr<Asking>;

QJsonObject parametersOf(const Asking &asking, const api::RolloutRow &row) {
    QJsonObject parameters{{u"rollout"_qs, row.id}, {u"verb"_qs, asking.verb}};
    const auto add = [&parameters](const QString &name, const std::string &value) {
        if (!value.empty()) {
            parameters.insert(name, fromStd(value));
        }
    };
    add(u"reason"_qs, asking.reason);
    add(u"node"_qs, asking.node);
    add(u"version"_qs, asking.version);
    add(u"tag"_qs, asking.tag);
    if (!asking.parts.empty()) {
        QJsonArray parts;
        for (const std::string &part : asking.parts) {
            parts.append(fromStd(part));
        }
        parameters.insert(u"parts"_qs, parts);
    }
    if (asking.full || !asking.to.empty()) {
        parameters.insert(u"to"_qs, asking.full ? kernel::full_weight : weightOf(asking.to));
    }
    return parameters;
}

Tone toneOf(api::Outcome outcome) {
    return outcome == api::Outcome::Applied   ? Tone::Good
           : outcome == api::Outcome::Refused ? Tone::Bad
                                              : Tone::Attention;
}

// The cluster's own word, or that there is none.
void settle(Conversation &talk, const api::RequestRow &row,
            const std::optional<api::EffectRow> &effect) {
    if (talk.finished()) {
        return;
    }
    if (talk.json()) {
        QJsonObject answer{{u"request"_qs, api::toJson(row)}};
        if (effect) {
            answer.insert(u"effect"_qs, api::toJson(*effect, api::Form::Rows));
        }
        talk.show(answer);
    } else {
        talk.terminal().print(Line{{api::wordOf(row.outcome), toneOf(row.outcome)},
                                   {u"  "_qs % row.verb % u' ' % row.service, Tone::Strong},
                                   {u"  "_qs + row.text, Tone::Plain}});
    }
    switch (row.outcome) {
    case api::Outcome::Applied:
        return talk.finish();
    case api::Outcome::Refused:
        return talk.finish(Exit::Failed);
    default:
        return talk.finish(Exit::TimedOut);
    }
}

void waitFor(Conversation &talk, const api::RequestRow &asked, const Given &asking,
             const std::optional<api::EffectRow> &effect) {
    if (asked.outcome != api::Outcome::Asked) {
        return settle(talk, asked, effect);
    }
    talk.subscribe(u"requests"_qs, [&talk, id = asked.id, effect](const QJsonObject &change) {
        const auto rows = api::listFromJson<api::RequestRow>(change.value(u"rows"_qs));
        for (const api::RequestRow &row : rows.value_or(std::vector<api::RequestRow>())) {
            if (row.id == id && row.outcome != api::Outcome::Asked) {
                return settle(talk, row, effect);
            }
        }
    });
    QTimer::singleShot(int(asking->limit_s * 1000), &talk, [&talk, asked, effect] {
        api::RequestRow row = asked;
        row.outcome = api::Outcome::Unknown;
        row.text = u"asked, and not confirmed in the given time; see: aviary status "_qs +
                   (asked.rollout.isEmpty() ? asked.service : asked.rollout);
        settle(talk, row, effect);
    });
}

void send(Conversation &talk, const Given &asking, QJsonObject parameters,
          const std::optional<api::EffectRow> &effect) {
    if (effect) {
        parameters.insert(u"epoch"_qs, qint64(effect->epoch));
        parameters.insert(u"effect"_qs, effect->token);
    }
    talk.askOnce(asking->method, parameters, [&talk, asking, effect](const QJsonObject &answer) {
        const auto row = api::fromJson<api::RequestRow>(answer.value(u"request"_qs).toObject());
        row ? waitFor(talk, *row, asking, effect) : talk.failWith(row.error());
    });
}

} // namespace

void askWithEffect(Conversation &talk, const Given &asking, const QString &cluster,
                   const QString &service, const QJsonObject &parameters,
                   const api::EffectRow &effect) {
    if (!talk.json()) {
        print(talk.terminal(), effect);
    }
    if (!effect.raises_exposure) {
        return send(talk, asking, parameters, effect);
    }
    talk.withCluster(cluster, [&talk, asking, service, parameters, effect](const auto &at) {
        QJsonObject confirmed = parameters;
        confirmed.insert(u"confirm"_qs, service);
        if (at.klass != api::ClusterClass::Production || asking->yes) {
            return send(talk, asking, asking->yes ? confirmed : parameters, effect);
        }
        talk.confirm(u"%1 is a production cluster. Type %2 to go on:"_qs.arg(at.name, service),
                     service,
                     [&talk, asking, confirmed, effect] { send(talk, asking, confirmed, effect); });
    });
}

void print(const Terminal &terminal, const api::EffectRow &effect) {
    for (const QString &sentence : effect.sentences) {
        terminal.print(Line{{u"  "_qs + sentence, Tone::Plain}});
    }
    if (!effect.way_back.isEmpty()) {
        terminal.print(Line{{u"  way back: "_qs + effect.way_back, Tone::Dim}});
    }
}

void askRollout(Conversation &talk, const std::shared_ptr<Asking> &asking) {
    talk.withRollout(fromStd(asking->rollout), [&talk, asking](const api::RolloutRow &row) {
        const QJsonObject parameters = parametersOf(*asking, row);
        if (asking->exposure != Asking::Exposure::Raises) {
            return send(talk, asking, parameters, std::nullopt); // never held up by anything
        }
        talk.ask(u"effect"_qs, parameters, [&talk, asking, row, parameters](const auto &answer) {
            const auto effect = api::fromJson<api::EffectRow>(answer);
            effect ? askWithEffect(talk, asking, row.cluster, row.service, parameters, *effect)
                   : talk.failWith(effect.error());
        });
    });
}

} // namespace aviary::cli
