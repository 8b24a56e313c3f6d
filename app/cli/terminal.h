// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace aviary::cli {

enum class Tone { Plain, Strong, Dim, Good, Attention, Bad, Accent };

// A piece of a line. All text goes out through spans, so that text from outside can never move the
// cursor, hide itself or turn its direction.
struct Span {
    QString text;
    Tone tone = Tone::Plain;
};
using Line = std::vector<Span>;

// Text from outside made plain: control characters, and those that are invisible or turn the
// direction of what follows, are shown as \u{202E}; longer than `length_max` ends in an ellipsis.
QString visibleText(const QString &text, int length_max = 500);

// Where the answers go: standard output as it is found. Colours only where somebody can see them,
// and NO_COLOR (no-color.org) is not set.
class Terminal {
public:
    Terminal();

    bool isTerminal() const { return terminal_; }
    bool answers() const; // standard input is a terminal too
    int columns() const;
    int rows() const;
    // The sign itself where the locale can show it, else the plain one.
    QString sign(const char16_t *sign, const char *plain) const;
    QString arrow() const { return sign(u"→", "->"); }

    void print(const Line &line) const;
    void print(const QString &text, Tone tone = Tone::Plain) const { print(Line{{text, tone}}); }
    void printRaw(const QByteArray &bytes) const; // files and JSON, byte for byte
    void complain(const QString &text) const;     // to standard error, line by line
    QByteArray rendered(const Line &line) const;

private:
    bool terminal_ = false;
    bool colours_ = false;
    bool unicode_ = false;
};

} // namespace aviary::cli
