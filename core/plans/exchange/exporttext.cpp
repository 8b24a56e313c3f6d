// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/exporttext.h"

#include "core/support/words.h"

namespace aviary::plans {

using namespace kernel;

qint64 secondsOf(Millis duration_ms, const QString &path, Findings &findings) {
    const qint64 seconds = (duration_ms + 999) / 1'000;
    if (seconds * 1'000 != duration_ms) {
        findings.leave(path, QString::fromStdString(durationText(duration_ms)),
                       u"whole seconds are what it takes: rounded up"_qs);
    }
    return seconds;
}

QString goText(qint64 seconds) {
    if (seconds > 0 && seconds % 3'600 == 0) {
        return QString::number(seconds / 3'600) + u'h';
    }
    if (seconds > 0 && seconds % 60 == 0) {
        return QString::number(seconds / 60) + u'm';
    }
    return QString::number(seconds) + u's';
}

void leaveCommon(const Course &course, Findings &findings) {
    const Policy &policy = course.policy;
    const auto leave = [&findings](const char *path, const QString &what, const char *why) {
        findings.leave(QString::fromLatin1(path), what, QString::fromLatin1(why));
    };
    if (course.success_threshold != ppm_one) {
        leave("policy.success_threshold", shareText(course.success_threshold),
              "there, each instance must become healthy");
    }
    if (policy.on_failure == OnFailure::Continue) {
        leave("policy.on_failure", u"continue"_qs, "there, a failure always stops");
    }
    if (policy.retries > 0) {
        leave("policy.retries", QString::number(policy.retries), "it restarts as it sees fit");
    }
    if (policy.max_load_percent != Policy().max_load_percent) {
        leave("policy.max_load", timesText(policy.max_load_percent),
              "load on what is left is not looked at there");
    }
    if (policy.catch_up != CatchUp::Ask) {
        leave("policy.catch_up", QString::fromStdString(std::string(nameOf(policy.catch_up))),
              "a node that returns gets what the cluster runs by then");
    }
}

QByteArray commentOf(const std::vector<Unmapped> &unmapped, const QString &title) {
    QString text = u"# "_qs + boundedText(title) + u'\n';
    for (const Unmapped &one : unmapped) {
        const QString line = one.path % u": " % one.what % u": " % one.why;
        text += u"# not carried over: "_qs + boundedText(line, 400) + u'\n';
    }
    return text.toUtf8();
}

} // namespace aviary::plans
