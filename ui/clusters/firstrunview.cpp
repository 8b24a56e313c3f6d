// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/firstrunview.h"

#include "core/support/words.h"
#include "ui/theme/card.h"
#include "ui/theme/label.h"
#include "ui/theme/layouts.h"
#include "ui/theme/viewheader.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace aviary {

namespace {

constexpr std::size_t offers_max = 8;

Card *door(const QString &title, const QString &words) {
    auto *card = new Card;
    card->setAccessibleName(title);
    auto *head = new Label(title, TextSize::Subtitle);
    head->setStrong(true);
    auto *text = new Label(words, TextSize::Body, Tone::Dim);
    text->setWordWrap(true);
    card->body()->addWidget(head);
    card->body()->addWidget(text);
    return card;
}

} // namespace

FirstRunView::FirstRunView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , progress_text_(new Label)
    , start_(new QPushButton(tr("Start the sample")))
    , stop_(new QPushButton(tr("Stop")))
    , trouble_text_(new Label({}, TextSize::Body, Tone::Attention))
    , offers_rows_(new QVBoxLayout) {
    setAccessibleName(tr("First run"));
    setFocusProxy(start_);
    header_->setTitle(tr("Welcome"));
    header_->setSubtitle(tr("three ways to begin"));
    const Scale scale = Scale::of(this);
    start_->setProperty("kind", QStringLiteral("primary"));
    start_->setAutoDefault(true);
    stop_->setToolTip(tr("What was started keeps running; remove the cluster to end it"));
    progress_text_->setWordWrap(true);
    trouble_text_->setWordWrap(true);
    Card *sample = door(tr("Try it here"), tr("12 nodes on this computer, a sample service under "
                                              "load and a canary to promote. Two minutes."));
    sample->body()->addWidget(progress_text_);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(start_);
    buttons->addWidget(stop_);
    buttons->addStretch();
    sample->body()->addLayout(buttons);
    sample->body()->addStretch();
    Card *connects = door(tr("Connect"), tr("A cluster of yours, or the daemon of another "
                                            "computer. New clusters open read-only."));
    connects->body()->addLayout(offers_rows_);
    auto *other = new QPushButton(tr("Connect something else\u2026"));
    connects->body()->addWidget(other, 0, Qt::AlignLeft);
    connects->body()->addStretch();
    Card *file = door(tr("Open a file"), tr("A fleet, a plan or a recorded run. Needs no network "
                                            "and can change nothing."));
    auto *open = new QPushButton(tr("Open\u2026"));
    file->body()->addWidget(open, 0, Qt::AlignLeft);
    file->body()->addStretch();
    auto *doors = new QHBoxLayout;
    doors->setSpacing(scale.whole(space::medium));
    for (Card *card : {sample, connects, file}) {
        doors->addWidget(card, 1, Qt::AlignTop);
    }
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(scale.whole(space::medium));
    rows->addWidget(header_);
    rows->addWidget(trouble_text_);
    rows->addLayout(doors);
    rows->addStretch();
    connect(start_, &QPushButton::clicked, this, &FirstRunView::sampleWanted);
    connect(stop_, &QPushButton::clicked, this, &FirstRunView::sampleStopWanted);
    connect(other, &QPushButton::clicked, this, [this] { Q_EMIT connectWanted({}); });
    connect(open, &QPushButton::clicked, this, &FirstRunView::fileWanted);
    setTrouble({});
    showProgress();
}

void FirstRunView::setProgress(const SampleProgress &progress) {
    if (progress != progress_) {
        progress_ = progress;
        showProgress();
    }
}

void FirstRunView::showProgress() {
    using State = SampleProgress::State;
    QStringList lines;
    for (const QString &line : progress_.done) {
        lines << tr("%1: done").arg(line);
    }
    if (!progress_.now.isEmpty()) {
        lines << progress_.now;
    }
    progress_text_->setText(lines.join(u'\n'));
    progress_text_->setTone(progress_.state == State::Failed ? Tone::Bad : Tone::Plain);
    progress_text_->setVisible(!lines.isEmpty());
    start_->setEnabled(progress_.state != State::Running && trouble_.isEmpty());
    start_->setText(progress_.state == State::Failed ? tr("Try again") : tr("Start the sample"));
    stop_->setVisible(progress_.state == State::Running);
}

void FirstRunView::setTrouble(const QString &trouble) {
    trouble_ = trouble;
    trouble_text_->setText(trouble);
    trouble_text_->setVisible(!trouble.isEmpty());
    showProgress();
}

void FirstRunView::setOffers(const std::vector<Offer> &offers) {
    if (offers == offers_) {
        return;
    }
    offers_ = offers;
    clearLayout(offers_rows_);
    for (std::size_t i = 0; i < std::min(offers.size(), offers_max); ++i) {
        const Offer &offer = offers[i];
        auto *button = new QPushButton(boundedText(offer.text, 60));
        button->setEnabled(offer.refusal.isEmpty());
        connect(button, &QPushButton::clicked, this,
                [this, id = offer.id] { Q_EMIT connectWanted(id); });
        offers_rows_->addWidget(button, 0, Qt::AlignLeft);
        if (!offer.refusal.isEmpty()) {
            auto *why = new Label(offer.refusal, TextSize::Caption, Tone::Dim);
            why->setWordWrap(true);
            offers_rows_->addWidget(why);
        }
    }
}

} // namespace aviary
