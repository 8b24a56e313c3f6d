// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/clustersettings.h"

#include <QObject>

class QFormLayout;
class QLineEdit;

namespace aviary {

class Label;

// The rows of a form for the settings of one kind of cluster, as core/api describes them. The form
// owns the widgets; the rows stand after those that were there.
class SettingFields : public QObject {
    Q_OBJECT
public:
    explicit SettingFields(QFormLayout *form, QObject *parent = nullptr);

    // Takes the rows of another kind away. The same kind again changes nothing.
    void setKind(api::ClusterKind kind);
    // Rows of a secret alone, or of all.
    void showOnlySecret(bool only);
    void hide();
    void fill(const QJsonObject &settings);

    QJsonObject settings() const;
    QString secret() const; // empty: none was given
    bool hasSecret() const; // its kind has one
    // What is wrong with the first row that is not as it should be; the keyboard goes there. Empty:
    // nothing is.
    QString takeFlaw() const;

Q_SIGNALS:
    void edited();
    void submitted(); // Enter

private:
    struct Row {
        api::SettingField field;
        Label *label;
        QLineEdit *edit;
    };
    void add(const api::SettingField &field);
    void clear();

    QFormLayout *form_;
    int first_; // row of the form
    std::optional<api::ClusterKind> kind_;
    std::vector<Row> rows_;
};

} // namespace aviary
