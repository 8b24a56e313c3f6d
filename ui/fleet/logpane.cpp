// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/logpane.h"

#include "core/support/words.h"
#include "ui/theme/combobox.h"
#include "ui/theme/label.h"
#include "ui/theme/scale.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace aviary {
namespace {

constexpr int name_max = 80;
constexpr qsizetype raw_max = 20'000; // of a line, before escapes are taken out

// Where the escape sequence at `from` ends (ECMA-48, 5.4: parameters 0x30 to
// 0x3f, intermediates 0x20 to 0x2f, a final byte; strings such as titles end
// with BEL or ST).
qsizetype escapeEnd(QStringView text, qsizetype from) {
    qsizetype at = from + 1;
    if (at >= text.size()) {
        return at;
    }
    const QChar kind = text[at++];
    if (kind == u'[') {
        while (at < text.size() && text[at] >= QChar(0x20) && text[at] <= QChar(0x3f)) {
            ++at;
        }
        return at + 1;
    }
    if (kind == u']' || kind == u'P' || kind == u'^' || kind == u'_') {
        while (at < text.size() && text[at] != QChar(0x07) && text[at] != QChar(0x1b)) {
            ++at;
        }
        const bool st = at + 1 < text.size() && text[at] == QChar(0x1b);
        return at + (st ? 2 : 1);
    }
    return at;
}

} // namespace

QString plainLogLine(const QString &line) {
    QString plain;
    const QStringView text = QStringView(line).left(raw_max);
    for (qsizetype i = 0; i < text.size();) {
        if (text[i] == QChar(0x1b)) {
            i = escapeEnd(text, i);
        } else {
            plain += text[i++];
        }
    }
    return boundedText(plain, LogPane::line_length_max);
}

LogPane::LogPane(QWidget *parent)
    : QWidget(parent)
    , services_(new ComboBox)
    , freeze_(new QPushButton(tr("Freeze")))
    , new_(new QPushButton)
    , trouble_(new Label({}, TextSize::Body, Tone::Attention))
    , text_(new QPlainTextEdit) {
    const Scale scale = Scale::of(this);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(scale.whole(space::small));
    auto *head = new QHBoxLayout;
    head->addWidget(services_);
    head->addWidget(trouble_, 1);
    head->addWidget(new_);
    head->addWidget(freeze_);
    rows->addLayout(head);
    rows->addWidget(text_, 1);
    services_->setAccessibleName(tr("Service whose log is shown"));
    services_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    services_->setMaximumWidth(scale.whole(280));
    freeze_->setCheckable(true);
    freeze_->setToolTip(tr("Nothing moves; what comes is kept and counted"));
    new_->hide();
    trouble_->setElided(true);
    text_->setReadOnly(true);
    text_->setUndoRedoEnabled(false);
    text_->setMaximumBlockCount(lines_max);
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text_->setAccessibleName(tr("Log"));
    connect(services_, &QComboBox::currentTextChanged, this, [this](const QString &) {
        clear();
        Q_EMIT serviceChosen(service());
    });
    connect(freeze_, &QPushButton::toggled, this, &LogPane::freeze);
    connect(new_, &QPushButton::clicked, this, &LogPane::toEnd);
    connect(text_->verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        if (atEnd() && !frozen_ && unseen_ > 0) {
            unseen_ = 0;
            showUnseen();
        }
    });
}

QString LogPane::service() const {
    return services_->currentData().toString();
}

void LogPane::setServices(const QStringList &services) {
    QStringList present;
    for (int i = 0; i < services_->count(); ++i) {
        present += services_->itemData(i).toString();
    }
    if (present == services) {
        return;
    }
    const QString chosen = service();
    {
        const QSignalBlocker quiet(services_);
        services_->clear();
        for (const QString &name : services) {
            services_->addItem(boundedText(name, name_max), name);
        }
        services_->setCurrentIndex(std::max(0, static_cast<int>(services.indexOf(chosen))));
    }
    if (service() != chosen) {
        clear();
        Q_EMIT serviceChosen(service());
    }
}

void LogPane::setTrouble(const QString &trouble) {
    trouble_->setText(boundedText(trouble));
}

void LogPane::clear() {
    known_.clear();
    held_.clear();
    text_->clear();
    unseen_ = 0;
    showUnseen();
}

// What is known ends with some lines that the latest begin with: the rest is
// new.
void LogPane::setLatest(const std::vector<api::LogRow> &lines) {
    std::size_t common = std::min(known_.size(), lines.size());
    while (common > 0 && !std::equal(known_.end() - static_cast<std::ptrdiff_t>(common),
                                     known_.end(), lines.begin())) {
        --common;
    }
    QStringList fresh;
    if (common == 0 && !known_.empty() && !lines.empty()) {
        fresh += tr("(lines between were missed)");
    }
    for (std::size_t i = common; i < lines.size(); ++i) {
        fresh += plainLogLine(lines[i].text);
    }
    if (!lines.empty()) {
        known_ = lines;
    }
    if (!fresh.isEmpty()) {
        append(fresh);
    }
}

void LogPane::append(const QStringList &lines) {
    if (frozen_) {
        held_.insert(held_.end(), lines.begin(), lines.end());
        while (held_.size() > lines_max) {
            held_.pop_front();
        }
        unseen_ += static_cast<int>(lines.size());
        showUnseen();
        return;
    }
    const bool follows = atEnd();
    const int place = text_->verticalScrollBar()->value();
    text_->appendPlainText(lines.join(u'\n'));
    if (follows) {
        text_->verticalScrollBar()->setValue(text_->verticalScrollBar()->maximum());
    } else {
        text_->verticalScrollBar()->setValue(place);
        unseen_ += static_cast<int>(lines.size());
    }
    showUnseen();
}

void LogPane::freeze(bool frozen) {
    if (frozen == frozen_) {
        return;
    }
    frozen_ = frozen;
    freeze_->setChecked(frozen);
    freeze_->setText(frozen ? tr("Go on") : tr("Freeze"));
    if (!frozen) {
        const QStringList held(held_.begin(), held_.end());
        held_.clear();
        unseen_ = 0;
        if (!held.isEmpty()) {
            append(held);
        }
        showUnseen();
    }
}

bool LogPane::atEnd() const {
    const QScrollBar *bar = text_->verticalScrollBar();
    return bar->value() >= bar->maximum();
}

void LogPane::toEnd() {
    freeze(false);
    text_->verticalScrollBar()->setValue(text_->verticalScrollBar()->maximum());
    unseen_ = 0;
    showUnseen();
}

void LogPane::showUnseen() {
    new_->setVisible(unseen_ > 0);
    new_->setText(tr("+%1 new").arg(countText(unseen_)));
}

} // namespace aviary
