// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QSettings>
#include <QStringList>

namespace aviary {

// The choice that a word stands for; any other word follows the desktop.
inline ThemeChoice themeFrom(const QString &word) {
    return word == u"dark"    ? ThemeChoice::Dark
           : word == u"light" ? ThemeChoice::Light
                              : ThemeChoice::FollowDesktop;
}

// What the window keeps between runs: one line a setting. Nothing here is secret.
class Settings {
public:
    explicit Settings(QSettings &kept) : kept_(kept) {}

    QString theme() const { return text("window/theme"); } // "dark", "light"; else the desktop's
    void setTheme(const QString &theme) { set("window/theme", theme); }
    QByteArray geometry() const {
        return kept_.value(QStringLiteral("window/geometry")).toByteArray();
    }
    void setGeometry(const QByteArray &geometry) { set("window/geometry", geometry); }
    QString displayName() const { return text("person/name"); } // may be empty
    void setDisplayName(const QString &name) { set("person/name", name); }
    // When the person was last seen at this window, in ms since 1970; 0: never.
    qint64 lastSeen() const {
        return kept_.value(QStringLiteral("person/last_seen_wall_ms")).toLongLong();
    }
    void setLastSeen(qint64 wall_ms) { set("person/last_seen_wall_ms", wall_ms); }
    // Hosts whose daemon is reached over ssh, as the person typed them.
    QStringList hosts() const { return kept_.value(QStringLiteral("desks/hosts")).toStringList(); }
    void setHosts(const QStringList &hosts) { set("desks/hosts", hosts); }
    // What a view keeps of its own: "fleet/columns".
    QByteArray ofView(const char *name) const {
        return kept_.value(QLatin1String(name)).toByteArray();
    }
    void setOfView(const char *name, const QByteArray &value) { set(name, value); }

private:
    QString text(const char *name) const { return kept_.value(QLatin1String(name)).toString(); }
    void set(const char *name, const QVariant &value) {
        kept_.setValue(QLatin1String(name), value);
    }

    QSettings &kept_;
};

} // namespace aviary
