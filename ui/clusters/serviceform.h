// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/sheet.h"

class QFormLayout;
class QLineEdit;
class QPushButton;

namespace aviary {

class Label;
class Prose;

// A version of a service as a person wants it of a cluster that runs its rollouts itself: one that
// runs, with what is to be another; or a whole one from a file. Empty: that stays as it is.
struct ServiceWish {
    QString service;
    QString file; // its path
    QString image, count, variables, part, task;
};

// Asks for a version. It is planned by the cluster before anybody may start it.
class ServiceForm : public Sheet {
    Q_OBJECT
public:
    explicit ServiceForm(QWidget *over);

    void ask(const QString &cluster_name, const QString &service); // empty: none is chosen
    // What keeps it from being planned; under the fields.
    void setTrouble(const QString &trouble);

Q_SIGNALS:
    void planWanted(const aviary::ServiceWish &wish);
    // It is planned too, and nothing is started.
    void rehearsalWanted(const aviary::ServiceWish &wish);

private:
    QLineEdit *add(const QString &head, const QString &example);
    void addFile();
    void addButtons();
    void chooseFile();
    void follow();
    void submit();
    void rehearse();
    ServiceWish wish() const;
    void allow(bool allowed);

    Label *title_;
    QFormLayout *form_;
    QLineEdit *service_;
    QLineEdit *file_;
    QLineEdit *image_;
    QLineEdit *count_;
    QLineEdit *variables_;
    QLineEdit *part_;
    QLineEdit *task_;
    Prose *trouble_;
    QPushButton *rehearse_;
    QPushButton *submit_;
};

} // namespace aviary
