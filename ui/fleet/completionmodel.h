// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/filtercompletion.h"

#include <QAbstractListModel>

namespace aviary {

// What the filter field offers, a line each: the word, and a note at the other
// end.
class CompletionModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles { NoteRole = Qt::UserRole + 1 };
    using QAbstractListModel::QAbstractListModel;

    void setCandidates(std::vector<FilterCompletion::Candidate> candidates);
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    std::vector<FilterCompletion::Candidate> candidates_;
};

} // namespace aviary
