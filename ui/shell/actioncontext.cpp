// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/actioncontext.h"

#include "core/support/words.h"

#include <QCoreApplication>
#include <QHash>
#include <QRegularExpression>

namespace aviary {
namespace {

QString spoken(const char *text) {
    return *text == '\0' ? QString() : QCoreApplication::translate("aviary::actions", text);
}

// "25" or "12.5": a share as the command line takes it.
QString plainPercent(int weight) {
    return QString::number(weight / 100.0, 'g', 6);
}

using Words = QHash<QString, QString>;

Words wordsOf(const ActionContext &context) {
    return {{QStringLiteral("service"), context.service},
            {QStringLiteral("cluster"), context.cluster},
            {QStringLiteral("node"), context.node},
            {QStringLiteral("from"), context.from},
            {QStringLiteral("to"), context.to}};
}

// Fills in the words in braces; nothing where one of them is empty.
std::optional<QString> filled(const QString &text, const Words &words) {
    QString out;
    qsizetype from = 0;
    for (;;) {
        const qsizetype open = text.indexOf(u'{', from);
        const qsizetype close = open < 0 ? -1 : text.indexOf(u'}', open);
        if (close < 0) {
            return out + QStringView(text).mid(from);
        }
        const QString word = words.value(text.mid(open + 1, close - open - 1));
        if (word.isEmpty()) {
            return std::nullopt;
        }
        out += QStringView(text).mid(from, open - from);
        out += word;
        from = close + 1;
    }
}

QString missing(const ActionLine &line, const ActionContext &context) {
    switch (line.about) {
    case About::Window:
        return {};
    case About::Cluster:
        return context.cluster.isEmpty()
                   ? spoken(QT_TRANSLATE_NOOP("aviary::actions", "choose a cluster first"))
                   : QString();
    case About::Rollout:
        return context.service.isEmpty()
                   ? spoken(QT_TRANSLATE_NOOP("aviary::actions", "choose a rollout first"))
                   : QString();
    case About::Node:
        return context.node.isEmpty()
                   ? spoken(QT_TRANSLATE_NOOP("aviary::actions", "choose a node first"))
                   : QString();
    }
    return {};
}

QString refusedBy(const ActionContext &context, const QString &verb) {
    for (const api::Permission &permission : context.permissions) {
        if (permission.verb == verb && !permission.allowed) {
            return boundedText(permission.reason);
        }
    }
    return {};
}

} // namespace

QString actionText(const ActionLine &line, const ActionContext &context) {
    Words words = wordsOf(context);
    for (QString &word : words) {
        word = boundedText(word, 60);
    }
    if (context.next_weight) {
        words.insert(QStringLiteral("next"), percentText(*context.next_weight));
    }
    if (context.lower_weight) {
        words.insert(QStringLiteral("lower"), percentText(*context.lower_weight));
    }
    return filled(spoken(line.text), words).value_or(spoken(line.plain));
}

QString briefActionText(const ActionLine &line, const ActionContext &context) {
    ActionContext unnamed = context;
    unnamed.service.clear();
    unnamed.node.clear();
    unnamed.cluster.clear();
    return actionText(line, unnamed);
}

QString actionRefusal(const ActionLine &line, const ActionContext &context) {
    if (const QString reason = missing(line, context); !reason.isEmpty()) {
        return reason;
    }
    if (*line.verb == '\0') {
        return line.about == About::Rollout
                   ? refusedBy(context, QString::fromLatin1(line.id).section(u'.', 1))
                   : QString();
    }
    if (!context.as_of.isEmpty()) {
        return spoken(QT_TRANSLATE_NOOP("aviary::actions",
                                        "actions are off while you view %1; go back to live first"))
            .arg(context.as_of);
    }
    if (context.locked && line.exposure != Exposure::Lowers) {
        return spoken(QT_TRANSLATE_NOOP("aviary::actions", "%1 is read-only; unlock it first"))
            .arg(boundedText(context.cluster_name, 60));
    }
    for (const char *asked : {line.verb, line.id}) { // some are refused where their verb is not
        if (const QString reason = refusedBy(context, QString::fromLatin1(asked));
            !reason.isEmpty()) {
            return reason;
        }
    }
    if (line.exposure == Exposure::Raises && !context.stale.isEmpty()) {
        return spoken(QT_TRANSLATE_NOOP("aviary::actions", "%1; it is on again once %2 answers"))
            .arg(context.stale, boundedText(context.cluster_name, 60));
    }
    return {};
}

QString actionCommand(const ActionLine &line, const ActionContext &context) {
    if (*line.cli == '\0') {
        return {};
    }
    Words words = wordsOf(context);
    for (QString &word : words) {
        word = word.isEmpty() ? QString() : shellWord(word);
    }
    if (context.next_weight) {
        words.insert(QStringLiteral("next"), plainPercent(*context.next_weight));
    }
    if (context.lower_weight) {
        words.insert(QStringLiteral("lower"), plainPercent(*context.lower_weight));
    }
    const auto command = filled(QString::fromLatin1(line.cli), words);
    if (!command) {
        return {};
    }
    const QString host = context.host.isEmpty()
                             ? QString()
                             : QStringLiteral("--host %1 ").arg(shellWord(context.host));
    return QStringLiteral("aviary ") + host + *command;
}

QString shellWord(const QString &word) {
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_@%+=:,./-]+\\z"));
    if (plain.match(word).hasMatch()) {
        return word;
    }
    QString quoted = word;
    return u'\'' + quoted.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

} // namespace aviary
