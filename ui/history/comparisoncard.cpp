// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/comparisoncard.h"

#include "core/support/words.h"
#include "ui/theme/factlist.h"
#include "ui/theme/label.h"

#include <QEvent>
#include <QFontDatabase>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTextBlock>
#include <QVBoxLayout>

namespace aviary {

namespace {

constexpr int line_length_max = 400;

QString timeText(qint64 took_ms) {
    return took_ms < 0 ? QStringLiteral("\u2013") : ageText(took_ms);
}

Role roleOfLine(const QString &line) {
    return line.startsWith(u'+') ? Role::Good : line.startsWith(u'-') ? Role::Bad : Role::Dim;
}

} // namespace

ComparisonCard::ComparisonCard(QWidget *parent) : Card({}, {}, parent) {
    const Scale scale = Scale::of(this);
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(scale.whole(space::small));
    rows_ = new FactList;
    steps_title_ = new Label(tr("Steps"), TextSize::Caption, Tone::Dim);
    steps_ = new FactList;
    trouble_ = new Label({}, TextSize::Caption, Tone::Attention);
    trouble_->setWordWrap(true);
    difference_ = new QPlainTextEdit;
    difference_->setReadOnly(true);
    difference_->setLineWrapMode(QPlainTextEdit::NoWrap);
    difference_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    difference_->setAccessibleName(tr("What differs in the manifests"));
    difference_->setMinimumHeight(scale.whole(140));
    layout->addWidget(trouble_);
    layout->addWidget(rows_);
    layout->addWidget(steps_title_);
    layout->addWidget(steps_);
    layout->addWidget(new Label(tr("Manifests"), TextSize::Caption, Tone::Dim));
    layout->addWidget(difference_, 1);
    addScrolled(inside, tr("Comparison"))
        ->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded); // a manifest's lines are long
    auto *close = new QPushButton(tr("Close the comparison"));
    close->setAccessibleName(close->text());
    close->setAutoDefault(false);
    body()->addWidget(close, 0, Qt::AlignLeading);
    connect(close, &QPushButton::clicked, this, &ComparisonCard::closeWanted);
}

void ComparisonCard::setValue(const DeploymentComparison &value) {
    value_ = value;
    const QString a = boundedText(value.a, 60);
    const QString b = boundedText(value.b, 60);
    setTitle(tr("%1 beside %2").arg(a, b));
    std::vector<QStringList> rows{{QString(), a, b}};
    for (const DeploymentComparison::Row &row : value.rows) {
        rows.push_back({row.label, row.a, row.b});
    }
    rows_->setRows(rows, true);
    std::vector<QStringList> steps{{QString(), a, b}};
    bool rehearsed = false;
    for (const StepTimes &step : value.steps) {
        QString text = timeText(step.b_ms);
        if (step.rehearsed_ms >= 0) {
            text = tr("%1, rehearsed %2").arg(text, ageText(step.rehearsed_ms));
            rehearsed = true;
        }
        steps.push_back({step.text, timeText(step.a_ms), text});
    }
    if (rehearsed) {
        steps.front()[2] = tr("%1, and as rehearsed").arg(b);
    }
    steps_->setRows(steps, true);
    steps_->setVisible(!value.steps.empty());
    steps_title_->setVisible(!value.steps.empty());
    trouble_->setText(boundedText(value.trouble));
    trouble_->setVisible(!value.trouble.isEmpty());
    QStringList lines;
    for (const QString &line : value.difference) {
        lines << line.left(2) + boundedText(line.mid(2), line_length_max);
    }
    difference_->setPlainText(lines.isEmpty() ? tr("the same") : lines.join(u'\n'));
    colour();
}

void ComparisonCard::colour() {
    const Tokens &tokens = tokensOf(this);
    QList<QTextEdit::ExtraSelection> marks;
    for (QTextBlock block = difference_->document()->begin(); block.isValid();
         block = block.next()) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(block);
        mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        mark.format.setForeground(tokens(roleOfLine(block.text())));
        marks << mark;
    }
    difference_->setExtraSelections(marks);
}

void ComparisonCard::changeEvent(QEvent *event) {
    Card::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && difference_) {
        colour();
    }
}

} // namespace aviary
