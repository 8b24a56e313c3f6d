// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <QStringList>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

const char *startOf(Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return "";
    case Tone::Strong:
        return "\x1b[1m";
    case Tone::Dim:
        return "\x1b[2m";
    case Tone::Good:
        return "\x1b[32m";
    case Tone::Attention:
        return "\x1b[33m";
    case Tone::Bad:
        return "\x1b[31m";
    case Tone::Accent:
        return "\x1b[36m";
    }
    return "";
}

bool isInvisible(char32_t c) {
    const QChar::Category category = QChar::category(c);
    return category == QChar::Other_Control || category == QChar::Other_Format ||
           category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
           category == QChar::Separator_Paragraph;
}

winsize sizeOfTerminal() {
    winsize size{};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    return size;
}

} // namespace

QString visibleText(const QString &text, int length_max) {
    QString out;
    const QList<uint> characters = text.left(length_max * 2).toUcs4();
    for (const uint c : characters) {
        if (out.size() >= length_max) {
            return out + QChar(0x2026);
        }
        if (isInvisible(c)) {
            out += u"\\u{%1}"_qs.arg(c, 4, 16, QChar(u'0')).toUpper().replace(u"\\U"_qs, u"\\u"_qs);
        } else {
            out += QStringView(QChar::fromUcs4(c));
        }
    }
    return out;
}

Terminal::Terminal() {
    terminal_ = isatty(STDOUT_FILENO) == 1;
    const QByteArray kind = qgetenv("TERM");
    terminal_ = terminal_ && !kind.isEmpty() && kind != "dumb";
    colours_ = terminal_ && qEnvironmentVariableIsEmpty("NO_COLOR");
    unicode_ = QByteArray(nl_langinfo(CODESET)).toUpper() == "UTF-8";
}

bool Terminal::answers() const {
    return isatty(STDIN_FILENO) == 1;
}

int Terminal::columns() const {
    const int columns = terminal_ ? sizeOfTerminal().ws_col : 0;
    return columns > 20 ? columns : 100;
}

int Terminal::rows() const {
    const int rows = terminal_ ? sizeOfTerminal().ws_row : 0;
    return rows > 5 ? rows : 40;
}

QString Terminal::sign(const char16_t *sign, const char *plain) const {
    return unicode_ ? QString::fromUtf16(sign) : QString::fromLatin1(plain);
}

QByteArray Terminal::rendered(const Line &line) const {
    QByteArray bytes;
    for (const Span &span : line) {
        const QByteArray text = visibleText(span.text, 4'000).toUtf8();
        const bool painted = colours_ && span.tone != Tone::Plain;
        bytes += painted ? startOf(span.tone) + text + "\x1b[0m" : text;
    }
    return bytes;
}

void Terminal::print(const Line &line) const {
    printRaw(rendered(line) + '\n');
}

void Terminal::printRaw(const QByteArray &bytes) const {
    std::fwrite(bytes.constData(), 1, std::size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

void Terminal::complain(const QString &text) const {
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        const QByteArray bytes = visibleText(line, 2'000).toUtf8() + '\n';
        std::fwrite(bytes.constData(), 1, std::size_t(bytes.size()), stderr);
    }
}

} // namespace aviary::cli
