// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commandline.h"

#include "core/support/wholefile.h"
#include "core/support/words.h"

#include <QDateTime>

#include <cmath>

namespace aviary::cli {

using namespace Qt::Literals;

CommandLine::CommandLine()
    : app("Rehearses, runs and reverses software rollouts on edge clusters.", "aviary") {
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "aviary " AVIARY_VERSION);
    app.add_flag("--json", globals.json, "Answer in JSON; the shape is in each verb's help");
    app.add_option("--host", globals.host, "Ask the daemon of this host, reached by ssh");
    app.add_option("--state-dir", globals.state_dir,
                   "Directory of the daemon's work (default: $AVIARY_STATE_DIR, or "
                   "~/.local/state/aviary)");
    app.add_option("--as", globals.as, "Your name, shown beside your user's");
    app.footer("Exit codes: 0 done, 1 refused or failed, 2 bad usage, 3 timed out waiting.\n"
               "ROLLOUT is an id, a service, or the unique beginning of one.");
    addDeployVerb(*this);
    addCatchUpVerb(*this);
    addRolloutVerbs(*this);
    addRequestVerbs(*this);
    addHistoryVerbs(*this);
    addFleetVerbs(*this);
    addServiceVerbs(*this);
    addLogVerb(*this);
    addPlanVerbs(*this);
    addRehearseVerb(*this);
    addRunVerbs(*this);
    addClusterVerbs(*this);
    addAlertVerbs(*this);
    addGitOpsVerbs(*this);
    addDaemonVerbs(*this);
    addCompletionVerb(*this);
}

CLI::App *CommandLine::verb(CLI::App *parent, const std::string &name, const std::string &text,
                            const std::string &members) {
    CLI::App *made = parent->add_subcommand(name, text);
    made->fallthrough();
    if (!members.empty()) {
        made->footer("With --json: " + members +
                     "\nRefused or failed: {error: {code, what, where, "
                     "remedy}}");
    }
    return made;
}

CLI::Option *addDuration(CLI::App *verb, const std::string &name, double &seconds,
                         const std::string &text) {
    const std::map<std::string, double> units{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
    return verb->add_option(name, seconds, text)
        ->transform(CLI::AsNumberWithUnit(units))
        ->check(CLI::Range(0.0, 366.0 * 24 * 3600))
        ->type_name("TIME");
}

CLI::Option *addShare(CLI::App *verb, const std::string &name, std::string &percent,
                      const std::string &text) {
    const auto check = [](const std::string &given) {
        return weightOf(given) < 0 ? std::string("give a percentage from 0 to 100, such as 25 or "
                                                 "12.5")
                                   : std::string();
    };
    return verb->add_option(name, percent, text)
        ->check(CLI::Validator(check, "PERCENT"))
        ->type_name("");
}

int weightOf(const std::string &percent) {
    QString number = QString::fromStdString(percent).trimmed();
    number.chop(number.endsWith(u'%') ? 1 : 0);
    bool good = false;
    const double value = number.trimmed().toDouble(&good) * 100.0;
    const double whole = std::round(value);
    if (!good || !std::isfinite(value) || std::abs(value - whole) > 1e-6 || whole < 0 ||
        whole > kernel::full_weight) {
        return -1;
    }
    return int(whole);
}

Error wrongInput(Error error) {
    error.code = ErrorCode::Invalid;
    return error;
}

Result<QByteArray> readGiven(const QString &path, qint64 bytes_max) {
    return readWhole(path, bytes_max).map_error(wrongInput);
}

QString fromStd(const std::string &text) {
    return QString::fromStdString(text);
}

QString agoText(qint64 wall_ms) {
    if (wall_ms == 0) {
        return u"never"_qs;
    }
    const qint64 age = QDateTime::currentMSecsSinceEpoch() - wall_ms;
    return ageText(std::max<qint64>(0, age)) + u" ago"_qs;
}

Tone toneOf(kernel::Status status) {
    switch (status) {
    case kernel::Status::Completed:
        return Tone::Good;
    case kernel::Status::Waiting:
    case kernel::Status::Paused:
    case kernel::Status::Draft:
    case kernel::Status::Approved:
        return Tone::Attention;
    case kernel::Status::Failed:
    case kernel::Status::RolledBack:
    case kernel::Status::RollingBack:
        return Tone::Bad;
    case kernel::Status::Superseded:
        return Tone::Dim;
    default:
        return Tone::Accent;
    }
}

} // namespace aviary::cli
