// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QScrollArea;
class QVBoxLayout;

namespace aviary {

class Label;

// A framed part of a view: a quiet title at the left, a note at the right, and its content below.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString &title = {}, const QString &note = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setNote(const QString &note);
    // A small control at the end of the head.
    void addToHead(QWidget *widget);
    // A red border: what stands here went wrong.
    void setBad(bool bad);
    // Where the content goes.
    QVBoxLayout *body() const { return body_; }
    // Content that scrolls up and down, in the card's colour; the rest of the body's height is its.
    QScrollArea *addScrolled(QWidget *content, const QString &accessible_name);

private:
    void showHead();

    QHBoxLayout *head_;
    Label *title_;
    Label *note_;
    QVBoxLayout *body_;
};

} // namespace aviary
