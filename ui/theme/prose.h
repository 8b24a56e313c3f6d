// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/label.h"
#include "ui/theme/paragraph.h"
#include "ui/theme/piece.h"

namespace aviary {

// A paragraph of plain text. It wraps between words, and inside a word where one is longer than the
// line, so that no text from outside can make a view wider; past `lines_max` it ends in an
// ellipsis, with the whole as its tool tip.
class Prose : public Piece {
    Q_OBJECT
public:
    explicit Prose(const QString &text = {}, TextSize size = TextSize::Body,
                   Tone tone = Tone::Plain, QWidget *parent = nullptr);

    const QString &text() const { return text_; }
    void setText(const QString &text); // at most 1,000 characters of it
    void setTone(Tone tone);
    void setStrong(bool strong);
    void setLinesMax(int lines_max); // 6 unless told

    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Paragraph paragraph() const;

    QString text_;
    TextSize size_;
    Tone tone_;
    bool strong_ = false;
    int lines_max_ = 6;
};

} // namespace aviary
