// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plans/planvalue.h"

#include <QWidget>

class QGridLayout;

namespace aviary {

// The plan as a form: a line a member. What is edited is said once it is finished.
class PlanForm : public QWidget {
    Q_OBJECT
public:
    explicit PlanForm(QWidget *parent = nullptr);
    void setFields(const std::vector<PlanField> &fields);

Q_SIGNALS:
    void edited(const aviary::PlanField &field, const QString &text);

private:
    void build();
    QWidget *editorOf(std::size_t index);
    void fill(std::size_t index);
    void say(std::size_t index, const QString &text);

    std::vector<PlanField> fields_;
    std::vector<QWidget *> editors_;
    QGridLayout *grid_;
};

} // namespace aviary
