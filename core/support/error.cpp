// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/error.h"

namespace aviary {

QString toText(const Error &error) {
    QString text = error.where.isEmpty() ? error.what : error.where + u": " + error.what;
    if (!error.remedy.isEmpty()) {
        text += u"; " + error.remedy;
    }
    return text;
}

} // namespace aviary
