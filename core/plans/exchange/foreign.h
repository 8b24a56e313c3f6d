// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"
#include "core/plans/section.h"

#include <optional>
#include <vector>

// Reading documents of other tools: what a plan can say is taken, and everything else is listed.
namespace aviary::plans {

// Something that was not carried over, or not as it stood.
struct Unmapped {
    QString path; // "spec.strategy.canary.steps[3].experiment"
    QString what; // the value, cut: "{templates: ...}"
    QString why;
    bool operator==(const Unmapped &) const = default;
};

// What one reading found beside the plan. Bounded: beyond `listed_max` it only counts, and the last
// entry of take() says how many more there are.
class Findings {
public:
    static constexpr std::size_t listed_max = 500;

    void leave(const QString &path, const QString &what, const QString &why);
    void flaw(const YamlNode &node, const QString &path, const QString &what,
              const QString &allowed);
    std::vector<Unmapped> takeUnmapped();
    Flaws &flaws() { return flaws_; }

private:
    std::vector<Unmapped> unmapped_;
    std::size_t more_ = 0;
    Flaws flaws_;
};

// One map of a foreign document. Members that nobody took by the time of finish() are listed as
// unmapped. An absent map has no members.
class ForeignMap {
public:
    ForeignMap(const YamlNode *node, QString path, Findings &findings);

    explicit operator bool() const { return node_ != nullptr; } // present
    const QString &path() const { return path_; }
    QString pathOf(const QString &key) const;

    const YamlNode *take(const QString &key); // null when absent or null
    ForeignMap map(const QString &key);
    std::vector<ForeignMap> maps(const QString &key); // of a list; what is no map is a flaw
    QString text(const QString &key);
    std::optional<qint64> count(const QString &key, qint64 max); // 0 to max
    std::optional<bool> boolean(const QString &key);

    void leave(const QString &key, const QString &why); // takes it, and lists it when present
    void note(const QString &key, const QString &why);  // lists it as changed; it is taken already
    void flaw(const QString &key, const QString &what, const QString &allowed);
    void finish(const QString &why = QStringLiteral("no plan has such a member"));

private:
    const YamlNode *node_;
    QString path_;
    Findings *findings_;
    QStringList taken_;
};

// A value on one line, cut at 60 characters.
QString briefText(const YamlNode &node);

// "90s", "1h30m", "1.5h", "250ms": durations as Go writes them, rounded up to whole milliseconds
// and cut at what a plan may hold (`cut` says so).
struct ForeignDuration {
    kernel::Millis duration_ms = 0;
    bool cut = false;
};
Result<ForeignDuration> goDuration(const QString &text);
ForeignDuration ofSeconds(qint64 seconds);
ForeignDuration ofNanoseconds(qint64 nanoseconds);

// The documents of a file: YAML, one or more, or one JSON object, whose nodes have no places.
Result<std::vector<YamlNode>> readForeign(const QByteArray &text);

} // namespace aviary::plans
