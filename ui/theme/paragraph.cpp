// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/paragraph.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

struct Lines {
    QStringList words;
    qreal line_height = 0;
    bool whole = true;
};

Lines linesOf(const Paragraph &paragraph, qreal width) {
    const QFontMetricsF metrics(paragraph.font);
    Lines lines;
    lines.line_height = std::ceil(metrics.lineSpacing());
    QTextLayout layout(paragraph.text, paragraph.font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    for (;;) {
        QTextLine line = layout.createLine();
        if (!line.isValid()) {
            break;
        }
        line.setLineWidth(std::max(width, metrics.averageCharWidth()));
        const int end = line.textStart() + line.textLength();
        lines.whole = lines.words.size() + 1 < paragraph.lines_max || end == paragraph.text.size();
        if (!lines.whole) {
            lines.words << metrics.elidedText(paragraph.text.mid(line.textStart()), Qt::ElideRight,
                                              width);
            break;
        }
        lines.words << paragraph.text.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
    return lines;
}

} // namespace

qreal paragraphHeight(const Paragraph &paragraph, qreal width) {
    const Lines lines = linesOf(paragraph, width);
    return lines.line_height * static_cast<qreal>(lines.words.size());
}

bool paintParagraph(QPainter &painter, const QRectF &rect, const Paragraph &paragraph,
                    Qt::Alignment alignment) {
    const Lines lines = linesOf(paragraph, rect.width());
    painter.setFont(paragraph.font);
    for (qsizetype i = 0; i < lines.words.size(); ++i) {
        painter.drawText(QRectF(rect.left(), rect.top() + static_cast<qreal>(i) * lines.line_height,
                                rect.width(), lines.line_height),
                         static_cast<int>(alignment) | Qt::AlignVCenter | Qt::TextSingleLine,
                         lines.words[i]);
    }
    return lines.whole;
}

} // namespace aviary
