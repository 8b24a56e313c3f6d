// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/actionbutton.h"
#include "ui/theme/chip.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QToolButton;

namespace aviary {

class Label;

// The head of a view: title, subtitle, chips, and at the other end its actions, the one to do next
// last. In a narrow window the keys go first, then plain actions move into a menu, then the
// subtitle shortens; at last it goes, and every chip but the last.
class ViewHeader : public QWidget {
    Q_OBJECT
public:
    explicit ViewHeader(QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setSubtitle(const QString &subtitle);
    void setChips(const std::vector<ChipValue> &chips);
    // Buttons stand in the order in which they are added.
    ActionButton *addAction(QAction *action, ActionButton::Kind kind = ActionButton::Kind::Plain);
    struct Entry {
        QAction *action;
        ActionButton::Kind kind = ActionButton::Kind::Plain;
        bool operator==(const Entry &) const = default;
    };
    // Instead of all buttons so far, where what can be done changes with what is shown; `more` are
    // always in the menu. The same again changes nothing.
    void setActions(const std::vector<Entry> &entries, const std::vector<QAction *> &more = {});

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;

private:
    void fit();
    int buttonsWidth() const;

    struct Button {
        ActionButton *button;
        ActionButton::Kind kind;
        bool folded = false;
    };

    Label *title_;
    Label *subtitle_;
    QHBoxLayout *chips_row_;
    QHBoxLayout *buttons_row_;
    std::vector<Chip *> chips_;
    std::vector<Button> buttons_;
    std::vector<QAction *> more_actions_;
    QToolButton *more_;
    bool fitting_ = false;
};

} // namespace aviary
