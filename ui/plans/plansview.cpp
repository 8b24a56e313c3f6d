// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plans/plansview.h"

#include "core/support/words.h"
#include "ui/plans/planform.h"
#include "ui/plans/plantext.h"
#include "ui/theme/card.h"
#include "ui/theme/combobox.h"
#include "ui/theme/factlist.h"
#include "ui/theme/label.h"
#include "ui/theme/viewheader.h"

#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace aviary {

namespace {
constexpr int typing_ms = 150;
constexpr int faults_seen = 3; // lines of the list
constexpr qreal beside_px = 130;
} // namespace

PlansView::PlansView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , form_(new PlanForm)
    , text_card_(new Card(tr("Text, the same plan")))
    , text_(new PlanText)
    , faults_(new QListWidget)
    , steps_card_(new Card)
    , track_(new StepTrack)
    , remarks_(new Label({}, TextSize::Caption, Tone::Dim))
    , beside_card_(new Card)
    , beside_(new FactList)
    , beside_text_(new Label({}, TextSize::Caption, Tone::Dim))
    , rehearsed_card_(new Card(tr("Rehearsed")))
    , rehearsed_(new FactList) {
    setAccessibleName(tr("Plans"));
    const Scale scale = Scale::of(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(scale.whole(space::medium));
    auto *halves = new QHBoxLayout;
    halves->setSpacing(scale.whole(space::medium));
    halves->addWidget(formCard(), 1);
    halves->addWidget(textCard(), 1);
    remarks_->setWordWrap(true);
    steps_card_->body()->addWidget(track_);
    steps_card_->body()->addWidget(remarks_);
    rehearsed_card_->body()->addWidget(rehearsed_);
    layout->addWidget(header_);
    layout->addLayout(halves, 1);
    layout->addWidget(besideCard());
    layout->addWidget(steps_card_);
    layout->addWidget(rehearsed_card_);
    wire();
    value_.file = QStringLiteral("-"); // so that the first value is always shown
    setValue({});
}

QWidget *PlansView::formCard() {
    auto *card = new Card(tr("Form"));
    auto *templates = new ComboBox;
    templates->setAccessibleName(tr("Begin anew from a template"));
    templates->setPlaceholderText(tr("Begin anew from\u2026"));
    templates->addItems(planTemplates());
    templates->setCurrentIndex(-1);
    connect(templates, &QComboBox::textActivated, this, [this, templates](const QString &name) {
        templates->setCurrentIndex(-1);
        Q_EMIT templateWanted(name);
    });
    card->addToHead(templates);
    card->addScrolled(form_, tr("The plan as a form"));
    return card;
}

QWidget *PlansView::textCard() {
    faults_->setAccessibleName(tr("What is wrong with the plan"));
    faults_->setWordWrap(true);
    faults_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    text_card_->body()->addWidget(text_, 1);
    text_card_->body()->addWidget(faults_);
    return text_card_;
}

QWidget *PlansView::besideCard() {
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    beside_text_->setWordWrap(true);
    layout->addWidget(beside_);
    layout->addWidget(beside_text_);
    layout->addStretch(1);
    beside_card_->addScrolled(inside, tr("Beside the plan"))
        ->setFixedHeight(Scale::of(this).whole(beside_px));
    auto *close = new QPushButton(tr("Close"));
    close->setAutoDefault(false);
    close->setAccessibleName(tr("Close what stands beside the plan"));
    connect(close, &QPushButton::clicked, this, &PlansView::besideClosed);
    beside_card_->addToHead(close);
    return beside_card_;
}

void PlansView::wire() {
    typing_.setSingleShot(true);
    typing_.setInterval(typing_ms);
    connect(text_, &QPlainTextEdit::textChanged, this, [this] {
        if (text_->toPlainText() != value_.text) {
            typing_.start();
        }
    });
    connect(&typing_, &QTimer::timeout, this, [this] { Q_EMIT textEdited(text_->toPlainText()); });
    connect(form_, &PlanForm::edited, this, &PlansView::fieldEdited);
    connect(faults_, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        const auto at = static_cast<std::size_t>(faults_->row(item));
        if (at < value_.faults.size()) {
            text_->goTo(value_.faults[at].line, value_.faults[at].column);
        }
    });
    connect(faults_, &QListWidget::itemClicked, faults_, &QListWidget::itemActivated);
}

void PlansView::setValue(const PlanValue &value) {
    if (value == value_) {
        return;
    }
    value_ = value;
    header_->setTitle(value.title.isEmpty() ? tr("Plans") : boundedText(value.title, 120));
    std::vector<ChipValue> chips;
    if (!value.text.isEmpty()) {
        chips.push_back({tr("draft"), Role::Dim, Sign::None, false});
    }
    if (!value.faults.empty()) {
        chips.push_back({countedText(std::ssize(value.faults), tr("1 error"), tr("%1 errors")),
                         Role::Bad, Sign::None, false});
    }
    header_->setChips(chips);
    const QString file = value.file.isEmpty() ? tr("not saved") : boundedText(value.file, 80);
    text_card_->setNote(value.changed && !value.file.isEmpty() ? tr("%1, changed").arg(file)
                                                               : file);
    form_->setFields(value.fields);
    if (!typing_.isActive()) { // what is being typed is newer
        text_->setDocumentText(value.text);
    }
    text_->setFaults(value.faults);
    text_->setChangedLines(value.changed_lines);
    showFaults();
    showBeside();
    steps_card_->setTitle(value.compiled.isEmpty() ? tr("Steps") : boundedText(value.compiled));
    track_->setValue(value.track);
    track_->setVisible(!value.track.steps.empty());
    remarks_->setText(boundedText(value.remarks.join(u"; "), 600));
    remarks_->setVisible(!value.remarks.isEmpty());
    std::vector<QStringList> rehearsed;
    for (const auto &[hypothesis, outcome] : value.rehearsed) {
        rehearsed.push_back({hypothesis, outcome});
    }
    rehearsed_->setRows(rehearsed);
    rehearsed_card_->setVisible(!rehearsed.empty());
}

void PlansView::showBeside() {
    beside_card_->setVisible(value_.beside.has_value());
    if (value_.beside) {
        beside_card_->setTitle(boundedText(value_.beside->title));
        beside_->setRows(value_.beside->rows, true);
        beside_->setVisible(value_.beside->rows.size() > 1);
        beside_text_->setText(boundedText(value_.beside->text, 600));
        beside_text_->setVisible(!value_.beside->text.isEmpty());
    }
}

void PlansView::showFaults() {
    faults_->clear();
    for (const PlanFault &fault : value_.faults) {
        auto *item = new QListWidgetItem(fault.text, faults_);
        item->setForeground(tokensOf(this)(Role::Bad));
    }
    const int line = fontMetrics().lineSpacing() * 2;
    faults_->setFixedHeight(line * std::min(faults_seen, static_cast<int>(value_.faults.size())) +
                            line / 2);
    faults_->setVisible(!value_.faults.empty());
}

} // namespace aviary
