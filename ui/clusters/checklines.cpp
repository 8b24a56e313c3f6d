// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/checklines.h"

#include "core/support/words.h"
#include "ui/theme/label.h"
#include "ui/theme/prose.h"

#include <QCoreApplication>
#include <QGridLayout>

namespace aviary {

void addCheckLines(QGridLayout *grid, const std::vector<api::CheckRow> &checks) {
    const auto tr = [](const char *text) {
        return QCoreApplication::translate("aviary::ClustersView", text);
    };
    int row = 0;
    for (const api::CheckRow &check : checks) {
        const Tone tone = check.ok ? Tone::Good : Tone::Attention;
        grid->addWidget(new Label(check.ok ? tr("passed") : tr("look"), TextSize::Body, tone), row,
                        0, Qt::AlignTop);
        const QString text = check.remedy.isEmpty()
                                 ? check.text
                                 : QString(check.text + QStringLiteral(": ") + check.remedy);
        grid->addWidget(new Prose(boundedText(text, 400)), row++, 1);
    }
}

} // namespace aviary
