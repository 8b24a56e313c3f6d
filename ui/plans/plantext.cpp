// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plans/plantext.h"

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>

namespace aviary {

// The line numbers beside the text.
class PlanText::Margin : public QWidget {
public:
    explicit Margin(PlanText *text) : QWidget(text), text_(*text) {}

protected:
    void paintEvent(QPaintEvent *event) override { text_.paintMargin(event); }

private:
    PlanText &text_;
};

PlanText::PlanText(QWidget *parent)
    : QPlainTextEdit(parent)
    , margin_(new Margin(this))
    , completer_(new QCompleter(planWords(), this)) {
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTabChangesFocus(true); // Tab leaves the text: two blanks indent
    setAccessibleName(tr("The plan as text"));
    completer_->setWidget(this);
    completer_->setCaseSensitivity(Qt::CaseInsensitive);
    completer_->setCompletionMode(QCompleter::PopupCompletion);
    connect(completer_, qOverload<const QString &>(&QCompleter::activated), this,
            [this](const QString &word) {
                QTextCursor cursor = textCursor();
                cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor,
                                    static_cast<int>(wordBeforeCursor().size()));
                cursor.insertText(word);
                setTextCursor(cursor);
            });
    connect(this, &QPlainTextEdit::blockCountChanged, this, &PlanText::fitMargin);
    connect(this, &QPlainTextEdit::updateRequest, this,
            [this](const QRect &, int) { margin_->update(); });
    fitMargin();
}

void PlanText::setDocumentText(const QString &text) {
    if (text == toPlainText()) {
        return;
    }
    QTextCursor whole(document());
    const int position = textCursor().position();
    whole.beginEditBlock(); // one step of undo
    whole.select(QTextCursor::Document);
    whole.insertText(text);
    whole.endEditBlock();
    QTextCursor cursor = textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    setTextCursor(cursor);
}

void PlanText::setFaults(const std::vector<PlanFault> &faults) {
    faults_ = faults;
    mark();
}

void PlanText::setChangedLines(const std::vector<int> &lines) {
    changed_lines_ = lines;
    mark();
}

void PlanText::mark() {
    const Tokens &tokens = tokensOf(this);
    QList<QTextEdit::ExtraSelection> marks;
    for (const int line : changed_lines_) {
        const QTextBlock block = document()->findBlockByNumber(line - 1);
        if (line >= 1 && block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.format.setBackground(tokens(Role::Accent, 0.18));
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
            marks << mark;
        }
    }
    for (const PlanFault &fault : faults_) {
        const QTextBlock block = document()->findBlockByNumber(fault.line - 1);
        if (fault.line < 1 || !block.isValid()) {
            continue;
        }
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        const int column = std::clamp(fault.column - 1, 0, std::max(0, block.length() - 2));
        mark.cursor.setPosition(block.position() + column);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        mark.format.setBackground(tokens(Role::Bad, 0.25));
        mark.format.setToolTip(fault.text.toHtmlEscaped());
        marks << mark;
    }
    setExtraSelections(marks);
}

void PlanText::goTo(int line, int column) {
    const QTextBlock block = document()->findBlockByNumber(line - 1);
    if (block.isValid()) {
        QTextCursor cursor(block);
        cursor.setPosition(block.position() + std::clamp(column - 1, 0, block.length() - 1));
        setTextCursor(cursor);
        setFocus(Qt::OtherFocusReason);
    }
}

QString PlanText::wordBeforeCursor() const {
    const QString line = textCursor().block().text().left(textCursor().positionInBlock());
    qsizetype begin = line.size();
    while (begin > 0 && line[begin - 1] != u' ' && line[begin - 1] != u'{') {
        --begin;
    }
    return line.mid(begin);
}

void PlanText::complete() {
    completer_->setCompletionPrefix(wordBeforeCursor());
    if (completer_->completionCount() == 0) {
        return;
    }
    QRect place = cursorRect();
    place.translate(viewport()->x(), 0);
    place.setWidth(completer_->popup()->sizeHintForColumn(0) +
                   completer_->popup()->verticalScrollBar()->sizeHint().width());
    completer_->popup()->setAccessibleName(tr("Words that may stand here"));
    completer_->complete(place);
}

void PlanText::keyPressEvent(QKeyEvent *event) {
    const bool open = completer_->popup()->isVisible();
    const bool chooses = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                         event->key() == Qt::Key_Escape;
    if (open && chooses) {
        event->ignore(); // the popup's
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    if (open) {
        complete();
    }
}

int PlanText::marginWidth() const {
    const int digits = static_cast<int>(QString::number(std::max(10, blockCount())).size());
    return fontMetrics().horizontalAdvance(u'9') * digits + Scale::of(this).whole(space::medium);
}

void PlanText::fitMargin() {
    setViewportMargins(marginWidth(), 0, 0, 0);
    const QRect inside = contentsRect();
    margin_->setGeometry(inside.left(), inside.top(), marginWidth(), inside.height());
}

void PlanText::resizeEvent(QResizeEvent *event) {
    QPlainTextEdit::resizeEvent(event);
    fitMargin();
}

void PlanText::changeEvent(QEvent *event) {
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        mark();
    }
}

void PlanText::paintMargin(QPaintEvent *event) {
    QPainter painter(margin_);
    const Tokens &tokens = tokensOf(this);
    painter.setFont(font());
    painter.setPen(tokens(Role::Dim));
    QTextBlock block = firstVisibleBlock();
    qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
    while (block.isValid() && top <= event->rect().bottom()) {
        const qreal height = blockBoundingRect(block).height();
        painter.drawText(QRectF(0, top, margin_->width() - Scale::of(this)(space::small), height),
                         Qt::AlignTrailing | Qt::AlignVCenter,
                         QString::number(block.blockNumber() + 1));
        top += height;
        block = block.next();
    }
}

} // namespace aviary
