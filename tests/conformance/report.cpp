// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/report.h"

#include "core/support/exactjson.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace aviary::conformance {
namespace {

QString shown(const QCborValue &value) {
    return QString::fromUtf8(writeJson(value));
}

// The two recorders wrote differently: {output}, or {expected: {both}} and {expected: {head,
// seed_diff, seed_absent}} and {expected: {seed}}. The newest revision counts.
QCborValue expectedOf(const QCborMap &line) {
    const QCborMap expected = line.value(u"expected"_qs).toMap();
    for (const auto &revision : {u"both"_qs, u"head"_qs, u"seed"_qs}) {
        if (expected.contains(revision)) {
            return expected.value(revision);
        }
    }
    return line.value(u"output"_qs);
}

Result<void> runLine(const QByteArray &line, const QString &where,
                     const std::vector<Family> &families, QMap<QString, Tally> &tallies) {
    const auto value = readJson(line, where);
    if (!value) {
        return tl::unexpected(value.error());
    }
    const QCborMap map = value->toMap();
    const QString kind = map.value(u"kind"_qs).toString();
    const Case recorded{map.value(u"id"_qs).toString(), map.value(u"input"_qs).toMap(),
                        withPlainNumbers(expectedOf(map))};
    Tally &tally = tallies[kind];
    const auto family = std::find_if(families.begin(), families.end(),
                                     [&kind](const Family &known) { return known.kind == kind; });
    if (family == families.end()) {
        ++tally.fail;
        tally.failures.append(recorded.id + u": no family knows this kind");
        return {};
    }
    const Judgement judgement = judge(*family, recorded);
    tally.agree += judgement.standing == Standing::Agrees ? 1 : 0;
    tally.deviate += judgement.standing == Standing::Deviates ? 1 : 0;
    tally.fail += judgement.standing == Standing::Fails ? 1 : 0;
    if (judgement.standing == Standing::Fails) {
        tally.failures.append(judgement.text);
    }
    for (const QString &rule : judgement.rules) {
        ++tally.by_deviation[rule];
    }
    return {};
}

} // namespace

Judgement judge(const Family &family, const Case &recorded) {
    Judgement judgement;
    for (const Deviation &deviation : family.deviations) {
        if (deviation.applies(recorded.input)) {
            judgement.rules.append(deviation.name);
        }
    }
    const QCborValue answer = withPlainNumbers(family.answer(recorded.input));
    const auto reduced = [&family](const QCborValue &value) {
        return shown(family.reduced ? withPlainNumbers(family.reduced(value)) : value);
    };
    const bool agrees = family.agrees ? family.agrees(recorded.expected, answer)
                                      : reduced(recorded.expected) == reduced(answer);
    const bool asked_to_deviate = !judgement.rules.isEmpty();
    if (agrees == asked_to_deviate) {
        judgement.standing = Standing::Fails;
    } else {
        judgement.standing = agrees ? Standing::Agrees : Standing::Deviates;
    }
    if (judgement.standing == Standing::Fails) {
        judgement.text = agrees ? QStringLiteral("%1: agrees, although a rule applies: %2")
                                      .arg(recorded.id, judgement.rules.join(u", "))
                                : QStringLiteral("%1\n  input    %2\n  expected %3\n  answer   %4")
                                      .arg(recorded.id, shown(recorded.input),
                                           reduced(recorded.expected), reduced(answer));
    }
    return judgement;
}

Result<void> runFolder(const QString &folder, const std::vector<Family> &families,
                       QMap<QString, Tally> &tallies) {
    const QDir dir(folder);
    const QStringList names = dir.entryList({u"*.jsonl"_qs}, QDir::Files, QDir::Name);
    if (names.isEmpty()) {
        return fail(ErrorCode::NotFound, u"there is no .jsonl file"_qs, folder,
                    u"give folders of recorded cases"_qs);
    }
    for (const QString &name : names) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) {
            return fail(ErrorCode::Storage, file.errorString(), file.fileName());
        }
        for (int number = 1; !file.atEnd(); ++number) {
            const QByteArray line = file.readLine().trimmed();
            const QString where = QStringLiteral("%1, line %2").arg(file.fileName()).arg(number);
            if (line.isEmpty()) {
                continue;
            }
            if (auto ran = runLine(line, where, families, tallies); !ran) {
                return ran;
            }
        }
    }
    return {};
}

} // namespace aviary::conformance
