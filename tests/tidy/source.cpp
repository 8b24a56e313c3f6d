// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/source.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

namespace aviary::tidy {

namespace {

constexpr qint64 bytes_max = 4 * 1024 * 1024;

// Walks the text once and copies each character to the code or to the comments, a space to the
// other, and line ends to both.
class Splitter {
public:
    explicit Splitter(const QString &text) : text_(text) {}

    void run() {
        while (at_ < text_.size()) {
            if (ahead(u"//")) {
                lineComment();
            } else if (ahead(u"/*")) {
                blockComment();
            } else if (ahead(u"R\"") && !inWord()) {
                rawLiteral();
            } else if (text_[at_] == u'"') {
                literal(u'"');
            } else if (text_[at_] == u'\'' && !inWord()) {
                literal(u'\'');
            } else {
                toCode(1);
            }
        }
    }

    QString code;
    QString spoken;

private:
    bool ahead(QStringView word) const { return QStringView(text_).mid(at_).startsWith(word); }
    // A quote or an R right after a letter or a digit belongs to that word: 1'000, u8R.
    bool inWord() const { return at_ > 0 && text_[at_ - 1].isDigit(); }

    void put(qsizetype count, bool in_code, bool in_spoken) {
        for (; count > 0 && at_ < text_.size(); --count, ++at_) {
            const QChar c = text_[at_];
            const QChar gap = c == u'\n' ? c : QChar(u' ');
            code += in_code ? c : gap;
            spoken += in_spoken ? c : gap;
        }
    }
    void toCode(qsizetype count) { put(count, true, false); }
    void toComment(qsizetype count) { put(count, false, true); }
    void drop(qsizetype count) { put(count, false, false); }

    void lineComment() {
        const qsizetype end = text_.indexOf(u'\n', at_);
        toComment((end < 0 ? text_.size() : end) - at_);
    }
    void blockComment() {
        const qsizetype end = text_.indexOf(QStringLiteral("*/"), at_ + 2);
        toComment((end < 0 ? text_.size() : end + 2) - at_);
    }
    void literal(QChar quote) {
        toCode(1);
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != u'\n') {
            drop(text_[at_] == u'\\' ? 2 : 1);
        }
        toCode(1);
    }
    void rawLiteral() {
        const qsizetype open = text_.indexOf(u'(', at_);
        const QString close =
            u')' + text_.mid(at_ + 2, open < 0 ? 0 : open - at_ - 2) + QChar(u'"');
        const qsizetype end = text_.indexOf(close, at_);
        toCode(2);
        drop((end < 0 ? text_.size() : end + close.size() - 1) - at_);
        toCode(1);
    }

    const QString &text_;
    qsizetype at_ = 0;
};

bool isOurs(const QString &path) {
    static const QRegularExpression foreign(
        QStringLiteral(R"(^(build|\.git|\.cache|obj-[^/]*)(/|$))"));
    return !foreign.match(path).hasMatch();
}

} // namespace

bool Source::under(QStringView folder) const {
    return path.startsWith(folder) && path.size() > folder.size() && path[folder.size()] == u'/';
}

Source readText(const QString &path, const QString &text) {
    Source source{path, text.split(u'\n'), {}, {}};
    if (source.lines.last().isEmpty()) {
        source.lines.removeLast();
    }
    if (source.isCpp()) {
        Splitter splitter(text);
        splitter.run();
        source.code = splitter.code.split(u'\n');
        source.spoken = splitter.spoken.split(u'\n');
    }
    return source;
}

QList<Source> readTree(const QString &root) {
    QList<Source> tree;
    const QDir top(root);
    QDirIterator walk(root, QDir::Files | QDir::Hidden | QDir::NoSymLinks,
                      QDirIterator::Subdirectories);
    while (walk.hasNext()) {
        const QString path = top.relativeFilePath(walk.next());
        QFile file(walk.filePath());
        if (!isOurs(path) || file.size() > bytes_max || !file.open(QIODevice::ReadOnly) ||
            file.peek(4096).contains('\0')) {
            continue;
        }
        tree.append(readText(path, QString::fromUtf8(file.readAll())));
    }
    std::sort(tree.begin(), tree.end(),
              [](const Source &a, const Source &b) { return a.path < b.path; });
    return tree;
}

QList<Include> quotedIncludes(const Source &source) {
    static const QRegularExpression quoted(QStringLiteral(R"(^\s*#\s*include\s*"([^"]*)\")"));
    QList<Include> includes;
    for (int i = 0; i < source.lines.size(); ++i) {
        if (const auto match = quoted.match(source.lines[i]); match.hasMatch()) {
            includes.append({match.captured(1), i + 1});
        }
    }
    return includes;
}

} // namespace aviary::tidy
