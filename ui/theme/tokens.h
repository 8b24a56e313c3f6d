// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <array>
#include <cstddef>

class QPalette;
class QWidget;

namespace aviary {

// What a colour is for. Views and pieces name a role and never a colour.
enum class Role {
    Window,      // behind cards
    Card,        // cards, sidebar, bars
    Line,        // borders, grid lines
    Text,        // what is read first
    Dim,         // labels and units
    Accent,      // primary action, selection, the new revision in every chart and map
    OldFill,     // the old revision, as an area
    OldLine,     // the old revision, as a line
    Good,        // completed, passing
    Attention,   // waiting for a person, degraded, production, time travel
    Bad,         // failed, offline, roll back
    Raised,      // a button that is not the primary one
    Field,       // where text is typed
    Selected,    // the selected row
    OnAccent,    // text on an area of Accent
    OnAttention, // text on an area of Attention
};
inline constexpr std::size_t role_count = 16;

// One colour for each role.
class Tokens {
public:
    explicit constexpr Tokens(std::array<QRgb, role_count> colours) : colours_(colours) {}

    QColor operator()(Role role) const { return colours_[static_cast<std::size_t>(role)]; }
    // The same colour, covering `alpha` (0 to 1) of what is behind it.
    QColor operator()(Role role, double alpha) const;

private:
    std::array<QRgb, role_count> colours_;
};

const Tokens &darkTokens();
const Tokens &lightTokens();

// The table that goes with a palette: dark where its text is light. So a piece needs no theme
// object, and a delegate takes the palette of its option.
const Tokens &tokensFor(const QPalette &palette);
const Tokens &tokensOf(const QWidget *widget);

// `amount` (0 to 1) of `over`, the rest `under`.
QColor mixed(const QColor &under, const QColor &over, double amount);

// Contrast of two opaque colours, 1 to 21: WCAG 2.2, "contrast ratio". Text needs 4.5.
double contrast(const QColor &a, const QColor &b);

// Text or Window, whichever is easier to read on `background`.
QColor readableOn(const QColor &background, const Tokens &tokens);

} // namespace aviary
