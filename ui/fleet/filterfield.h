// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/filter.h"
#include "ui/fleet/filtercompletion.h"

#include <QWidget>

class QCompleter;
class QLineEdit;

namespace aviary {

class CompletionModel;
class Label;

// Where a filter is typed: keys in colour, what the fleet offers below, and a
// red line under the character where it cannot be read, with what would be
// right. An unreadable filter changes nothing: the last good one holds.
class FilterField : public QWidget {
    Q_OBJECT
public:
    explicit FilterField(QWidget *parent = nullptr);

    // Offers keys and values of these nodes; none: no completion.
    void setStore(const FleetStore *store) { store_ = store; }
    QString text() const;
    void setText(const QString &text); // as if it was typed
    // At the other end, while there is no error: "58 of 10,000 match".
    void setNote(const QString &note);
    QLineEdit *edit() const { return edit_; }
    // Where the error is, from 0; none while the text can be read.
    std::optional<int> errorPlace() const { return error_place_; }
    QString message() const; // the error or the note

Q_SIGNALS:
    void filterChanged(const aviary::api::Filter &filter);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void read();
    void colour();
    void offer();
    void insert(const QString &word);
    void showMessage();

    const FleetStore *store_ = nullptr;
    QLineEdit *edit_;
    Label *message_;
    QCompleter *completer_;
    CompletionModel *offered_;
    FilterCompletion completion_;
    QString note_;
    QString error_;
    QString remedy_;
    std::optional<int> error_place_;
    bool inserting_ = false;
};

} // namespace aviary
