// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <QPalette>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr Tokens dark_tokens({
    0xff14171c, // Window
    0xff1b1f26, // Card
    0xff2a303a, // Line
    0xffe6e9ee, // Text
    0xff98a2b0, // Dim
    0xff56b4e9, // Accent
    0xff4a5564, // OldFill
    0xff8b98ab, // OldLine
    0xff2fbf9b, // Good
    0xfff0b64b, // Attention
    0xffee6f57, // Bad
    0xff242a33, // Raised
    0xff14171c, // Field
    0xff233143, // Selected
    0xff14171c, // OnAccent
    0xff14171c, // OnAttention
});

constexpr Tokens light_tokens({
    0xfff3f5f7, // Window
    0xffffffff, // Card
    0xffd3d9e0, // Line
    0xff1b2430, // Text
    0xff566475, // Dim
    0xff0072b2, // Accent
    0xff9fabb8, // OldFill
    0xff7c8a9a, // OldLine
    0xff137a58, // Good
    0xffa15f00, // Attention
    0xffc0392b, // Bad
    0xfff3f5f7, // Raised
    0xfff3f5f7, // Field
    0xffe4eef8, // Selected
    0xffffffff, // OnAccent
    0xffffffff, // OnAttention
});

double linear(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour) {
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

} // namespace

QColor Tokens::operator()(Role role, double alpha) const {
    QColor colour = (*this)(role);
    colour.setAlphaF(static_cast<float>(alpha));
    return colour;
}

const Tokens &darkTokens() {
    return dark_tokens;
}

const Tokens &lightTokens() {
    return light_tokens;
}

const Tokens &tokensFor(const QPalette &palette) {
    // Every text colour of the dark table is above this luminance, every one of the light below.
    // The text alone decides: a style sheet may make the background of a widget transparent.
    constexpr double text_luminance_min = 0.22;
    const double text = luminance(palette.color(QPalette::Active, QPalette::WindowText));
    return text > text_luminance_min ? dark_tokens : light_tokens;
}

const Tokens &tokensOf(const QWidget *widget) {
    return tokensFor(widget->palette());
}

QColor mixed(const QColor &under, const QColor &over, double amount) {
    const auto channel = [amount](int a, int b) {
        return static_cast<int>(std::lround(a + (b - a) * amount));
    };
    return {channel(under.red(), over.red()), channel(under.green(), over.green()),
            channel(under.blue(), over.blue())};
}

double contrast(const QColor &a, const QColor &b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

QColor readableOn(const QColor &background, const Tokens &tokens) {
    const QColor text = tokens(Role::Text);
    const QColor window = tokens(Role::Window);
    return contrast(text, background) >= contrast(window, background) ? text : window;
}

} // namespace aviary
