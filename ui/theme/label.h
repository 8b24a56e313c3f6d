// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/scale.h"

#include <QLabel>

namespace aviary {

enum class Tone { Plain, Dim, Good, Attention, Bad };

// Text that is never taken for HTML, in one of the sizes and tones of the theme.
class Label : public QLabel {
    Q_OBJECT
public:
    explicit Label(const QString &text = {}, TextSize size = TextSize::Body,
                   Tone tone = Tone::Plain, QWidget *parent = nullptr);

    void setTone(Tone tone);
    void setStrong(bool strong);
    // Gives way in a narrow window: what does not fit ends in an ellipsis, with the whole as its
    // tool tip.
    void setElided(bool elided);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool elided_ = false;
};

} // namespace aviary
