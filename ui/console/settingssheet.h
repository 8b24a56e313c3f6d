// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/sheet.h"

class QComboBox;
class QLineEdit;

namespace aviary {

class Label;

// What the window keeps between runs, as a person sets it.
struct SettingsWish {
    QString theme; // "dark", "light"; empty: as the desktop has it
    QString name;  // for the record, beside the user that the system knows
    // Where the daemon of this computer sends alerts beside its clients: a program with its
    // arguments, an address. Empty: nowhere.
    QString alert_command, alert_webhook;
    bool operator==(const SettingsWish &) const = default;
};

class SettingsSheet : public Sheet {
    Q_OBJECT
public:
    explicit SettingsSheet(QWidget *over);

    void show(const SettingsWish &wish);

Q_SIGNALS:
    void changed(const aviary::SettingsWish &wish);

private:
    SettingsWish wish() const;

    QComboBox *theme_;
    QLineEdit *name_;
    QLineEdit *command_;
    QLineEdit *webhook_;
};

} // namespace aviary
