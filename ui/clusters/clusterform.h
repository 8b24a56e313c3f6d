// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/theme/sheet.h"

#include <QJsonObject>

#include <array>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace aviary {

class Label;

// A cluster as a person describes it; the parameters of cluster.add and cluster.edit follow from
// it.
struct ClusterWish {
    QString id, name;
    api::ClusterKind kind = api::ClusterKind::Local;
    api::ClusterClass klass = api::ClusterClass::Development;
    bool needs_approval = false;
    QString settings; // a line each: "nodes=12"
    QString host;     // another computer whose daemon is shown; then nothing else counts
};

// The kinds that a daemon has a driver for; no other can be connected.
inline constexpr std::array connectable_kinds{api::ClusterKind::Local, api::ClusterKind::Docker,
                                              api::ClusterKind::Nomad};

// "nodes=12" a line, as `aviary cluster add --set` takes it: numbers are numbers, the rest is text.
Result<QJsonObject> settingsFrom(const QString &lines);

// Adds a cluster, edits one, or shows the daemon of another computer.
class ClusterForm : public Sheet {
    Q_OBJECT
public:
    explicit ClusterForm(QWidget *over);

    void add(const ClusterWish &offered = {});
    void edit(const api::ClusterRow &row); // kind and settings stay
    // What keeps it from being done; under the fields.
    void setTrouble(const QString &trouble);

Q_SIGNALS:
    void addWanted(const aviary::ClusterWish &wish);
    void editWanted(const aviary::ClusterWish &wish);

private:
    void build();
    void fill(const ClusterWish &wish);
    ClusterWish wish() const;
    void follow();
    void submit();

    bool editing_ = false;
    Label *title_;
    QComboBox *kind_;
    QLineEdit *host_;
    QLineEdit *id_;
    QLineEdit *name_;
    QComboBox *class_;
    QCheckBox *approval_;
    QPlainTextEdit *settings_;
    Label *settings_head_;
    Label *note_;
    Label *trouble_;
    QPushButton *cancel_;
    QPushButton *submit_;
};

} // namespace aviary
