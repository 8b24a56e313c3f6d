// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/manifest.h"
#include "core/support/exactjson.h"
#include "tests/conformance/family.h"

#include <QRegularExpression>

// What a manifest says of its own rollout: its errors, the policy with every field, its key.
namespace aviary::conformance {
namespace {

Manifest manifestOf(const QCborMap &input) {
    return {{}, input.value(u"manifest"_qs).toMap()};
}

QCborArray messages(const Flaws &flaws) {
    QCborArray texts;
    for (const Flaw &flaw : flaws) {
        texts.append(flaw.message);
    }
    return texts;
}

QCborValue answer(const QCborMap &input) {
    const Manifest manifest = manifestOf(input);
    const QCborMap given = input.value(u"overrides"_qs).toMap();
    const QCborMap refusal{{u"refused"_qs, messages(flawsOfGivenPolicy(given))}};
    return QCborMap{
        {u"errors"_qs, messages(flawsOf(manifest))},
        {u"policy"_qs, flawsOfGivenPolicy(given).empty()
                           ? QCborValue(toMap(normalisedPolicy(updateOf(manifest), given)))
                           : QCborValue(refusal)},
        {u"deployment_key"_qs,
         deploymentKey(manifest, input.value(u"key_override"_qs).toString())}};
}

// The rest of a message is the value as the reference's language prints it: only that of a plain
// text is everybody's.
QString upToPrintedValue(const QString &message) {
    static const QString mark = u"has unsupported value "_qs;
    const qsizetype at = message.indexOf(mark);
    const bool plain = at < 0 || message.indexOf(u'"', at) == at + mark.size();
    return plain ? message : message.first(at + mark.size());
}

bool agrees(const QCborValue &expected, const QCborValue &answer) {
    const QCborArray wanted = expected[u"errors"_qs].toArray();
    const QCborArray got = answer[u"errors"_qs].toArray();
    bool same = wanted.size() == got.size();
    for (qsizetype i = 0; same && i < wanted.size(); ++i) {
        same = upToPrintedValue(wanted.at(i).toString()) == upToPrintedValue(got.at(i).toString());
    }
    return same && writeJson(expected[u"policy"_qs]) == writeJson(answer[u"policy"_qs]) &&
           expected[u"deployment_key"_qs] == answer[u"deployment_key"_qs];
}

bool absent(const QCborValue &value) {
    return value.isNull() || value.isUndefined();
}

const QStringList &integerNames() {
    static const QStringList names = {u"max_parallel"_qs, u"canary"_qs, u"min_healthy_ms"_qs,
                                      u"healthy_deadline_ms"_qs, u"progress_deadline_ms"_qs};
    return names;
}

QString textOf(const QCborValue &value) {
    return value.isString() ? value.toString() : QString::fromUtf8(writeJson(value));
}

bool isWord(const QCborValue &value, const QString &pattern) {
    const QRegularExpression words(u"\\A(?:" + pattern + u")\\z",
                                   QRegularExpression::CaseInsensitiveOption);
    return words.match(textOf(value)).hasMatch() && !value.isDouble();
}

// A member that a person gave and that the reference replaces without a word.
bool silentlyReplaced(const QString &name, const QCborValue &value) {
    if (absent(value)) {
        return false;
    }
    if (name == u"strategy" || name == u"health_check") {
        const QString words =
            name == u"strategy" ? u"rolling|canary|blue[-_]green"_qs : u"checks|agent[-_]states"_qs;
        return !value.isString() || !isWord(value, words);
    }
    if (name == u"auto_promote" || name == u"auto_revert") {
        return !value.isBool() &&
               !(value.isString() && isWord(value, u"1|true|yes|on|0|false|no|off"_qs));
    }
    const bool number = isWord(value, value.isString() ? u"[+]?[0-9]+|-0+"_qs : u"[0-9]+"_qs);
    const bool zero = isWord(value, u"[+-]?0+"_qs);
    return !number || (name == u"healthy_deadline_ms" && zero);
}

bool givenIsRefused(const QCborMap &input) {
    QStringList known = integerNames();
    known += {u"strategy"_qs, u"health_check"_qs, u"auto_promote"_qs, u"auto_revert"_qs};
    for (const auto &[key, value] : input.value(u"overrides"_qs).toMap()) {
        if (!known.contains(key.toString()) || silentlyReplaced(key.toString(), value)) {
            return true;
        }
    }
    return false;
}

QCborValue updateIn(const QCborMap &input) {
    return input.value(u"manifest"_qs)[u"policies"_qs][u"update"_qs];
}

bool updateIsNoObject(const QCborMap &input) {
    const QCborValue update = updateIn(input);
    return !absent(update) && !update.isFalse() && !update.isMap();
}

bool exceedsSixtyFourBits(const QCborMap &input) {
    const QCborMap given = input.value(u"overrides"_qs).toMap();
    const QCborMap own = updateIn(input).toMap();
    for (const QString &name : integerNames()) {
        const QCborValue value = given.contains(name) ? given.value(name) : own.value(name);
        const QString digits = isHugeInteger(value) ? digitsOf(value) : value.toString();
        static const QRegularExpression number(u"\\A[+]?0*([1-9][0-9]*)\\z"_qs);
        const QString significant = number.match(digits).captured(1);
        const QString largest = u"9223372036854775807"_qs;
        if (significant.size() > largest.size() ||
            (significant.size() == largest.size() && significant > largest)) {
            return true;
        }
    }
    return false;
}

bool cliIsNoObject(const QCborMap &input) {
    const QCborValue cli = input.value(u"manifest"_qs)[u"metadata"_qs][u"mn_cli"_qs];
    return !absent(cli) && !cli.isMap();
}

} // namespace

Family policyFamily() {
    const QString never_fails = u"Normalising a stored manifest never fails"_qs;
    const QString validated =
        u"what a person gives on the CLI, in a form or over the API is validated first, and all "
        "errors are collected with field, place and allowed values"_qs;
    return {u"policy"_qs,
            answer,
            {{u"an override that would be replaced without a word is refused"_qs, validated,
              givenIsRefused},
             {u"policies.update that is no object: an error, and the defaults"_qs, never_fails,
              updateIsNoObject},
             {u"a number over 2^63-1 becomes the largest"_qs, never_fails, exceedsSixtyFourBits},
             {u"metadata.mn_cli that is no object: an error, not a crash"_qs, validated,
              cliIsNoObject}},
            agrees};
}

} // namespace aviary::conformance
