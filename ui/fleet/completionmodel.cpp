// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/completionmodel.h"

namespace aviary {

void CompletionModel::setCandidates(std::vector<FilterCompletion::Candidate> candidates) {
    beginResetModel();
    candidates_ = std::move(candidates);
    endResetModel();
}

int CompletionModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(candidates_.size());
}

QVariant CompletionModel::data(const QModelIndex &index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const auto &candidate = candidates_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return candidate.word;
    case NoteRole:
        return candidate.note;
    case Qt::AccessibleTextRole:
        return QString(candidate.word + QStringLiteral(", ") + candidate.note);
    default:
        return {};
    }
}

} // namespace aviary
