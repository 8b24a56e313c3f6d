// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about clusters and nodes.
#include "core/api/filter.h"
#include "core/api/valuesjson.h"
#include "core/clusters/connectiontest.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/liveprovider.h"
#include "core/support/words.h"

#include <QTemporaryDir>

namespace aviary::orchestrator {

namespace {

constexpr int log_lines_max = 5'000;

QJsonObject inMember(const QString &member, const QJsonValue &value) {
    return {{member, value}};
}

clusters::SelfRunning *selfRunning(ClusterDesk &desk) {
    return dynamic_cast<clusters::SelfRunning *>(&desk.driver());
}

std::vector<api::CheckRow> checksOf(const ClusterDesk &desk,
                                    const std::vector<clusters::Check> &tried) {
    const auto tr = [](const char *text) { return LiveProvider::tr(text); };
    const api::ClusterRow row = desk.row();
    const bool live = row.contact == api::Contact::Live;
    std::vector<api::CheckRow> checks;
    for (const clusters::Check &check : tried) {
        checks.push_back({check.text, check.ok, check.remedy});
    }
    const bool runs_itself = desk.driver().capabilities().runs_rollouts_itself;
    if (tried.empty() || !runs_itself) {
        checks.push_back(
            {live ? tr("%1 answers").arg(row.name) : tr("%1 does not answer").arg(row.name), live,
             live ? QString() : row.text});
    }
    checks.push_back({tr("%1 of %2 nodes are healthy").arg(row.healthy).arg(row.nodes),
                      row.nodes > 0 && row.healthy == row.nodes,
                      row.nodes == 0 ? tr("the cluster has no nodes; look at its settings")
                      : row.healthy < row.nodes
                          ? tr("aviary nodes --cluster %1 --filter health:!healthy").arg(row.id)
                          : QString()});
    if (!runs_itself) {
        const bool splits = row.splits_traffic && std::ranges::all_of(tried, &clusters::Check::ok);
        checks.push_back({splits ? tr("traffic can be split") : tr("traffic cannot be split"),
                          splits,
                          splits               ? QString()
                          : row.splits_traffic ? tr("see to the points that failed above")
                                               : tr("updates work, in waves without shares of "
                                                    "traffic")});
    }
    for (const auto &[node, why] : desk.driver().troubles()) {
        const bool away = why.code == ErrorCode::Unreachable || why.code == ErrorCode::TimedOut;
        checks.push_back({(away ? tr("%1 is not reached: %2") : tr("%1: %2")).arg(node, why.what),
                          false, why.remedy});
    }
    return checks;
}

} // namespace

LiveProvider::Reply LiveProvider::listClusters(const Call &) {
    std::vector<api::ClusterRow> rows;
    for (const ClusterDesk *desk : clusters_.all()) {
        rows.push_back(desk->row());
    }
    return QJsonObject{{QStringLiteral("clusters"), api::listToJson(rows)}};
}

LiveProvider::Reply LiveProvider::addCluster(const Call &call) {
    return clusters_.add(call.parameters).map([](ClusterDesk *desk) {
        return inMember(QStringLiteral("cluster"), api::toJson(desk->row()));
    });
}

LiveProvider::Reply LiveProvider::editCluster(const Call &call) {
    return clusters_.edit(call.text(u"id"), call.parameters).map([](ClusterDesk *desk) {
        return inMember(QStringLiteral("cluster"), api::toJson(desk->row()));
    });
}

// Its token is forgotten first: nothing would know of it afterwards.
void LiveProvider::removeCluster(const Call &call, const api::Answer &answer) {
    const QString id = call.text(u"id");
    const auto remove = [this, id, answer] {
        answer(clusters_.remove(id).map([] { return QJsonObject{}; }));
    };
    const auto may = clusters_.mayRemove(id);
    const auto desk = clusters_.find(id);
    clusters::SelfRunning *own = may && desk ? selfRunning(**desk) : nullptr;
    if (!own) {
        remove();
        return;
    }
    own->keepToken({}, [this, remove, answer](const Result<QString> &forgotten) {
        if (!forgotten) {
            answer(tl::unexpected(forgotten.error()));
            return;
        }
        // The driver that answers is the one that goes.
        QMetaObject::invokeMethod(this, remove, Qt::QueuedConnection);
    });
}

LiveProvider::Reply LiveProvider::lockCluster(const Call &call) {
    return clusters_.findOrOnly(call.text(u"id")).map([&](ClusterDesk *desk) {
        desk->setUnlocked(call.parameters[u"unlocked"].toBool());
        const QJsonObject row = api::toJson(desk->row());
        tellRows(QStringLiteral("clusters"), {row});
        return inMember(QStringLiteral("cluster"), row);
    });
}

// The connection point by point: what the driver tries now, else as it stands, since a cluster that
// is added is tried all the time.
void LiveProvider::testCluster(const Call &call, const api::Answer &answer) {
    const auto found = clusters_.findOrOnly(call.text(u"id"));
    if (!found) {
        answer(tl::unexpected(found.error()));
        return;
    }
    const auto say = [this, id = (*found)->id(),
                      answer](const std::vector<clusters::Check> &tried) {
        answer(clusters_.find(id).map([&tried](const ClusterDesk *desk) {
            return inMember(QStringLiteral("checks"), api::listToJson(checksOf(*desk, tried)));
        }));
    };
    auto *test = dynamic_cast<clusters::ConnectionTest *>(&(*found)->driver());
    test ? test->check(say) : say({});
}

// A cluster that is not added yet. Its driver works in a directory that goes with it.
void LiveProvider::tryCluster(const Call &call, const api::Answer &answer) {
    const auto place = std::make_shared<QTemporaryDir>();
    QJsonObject wanted = call.parameters;
    QJsonObject settings = wanted[u"settings"].toObject();
    settings[u"directory"] = place->path();
    wanted[u"settings"] = settings;
    auto made = clusters_.trial(wanted);
    if (!made) {
        answer(tl::unexpected(made.error()));
        return;
    }
    clusters::Driver *driver = made->release();
    driver->setParent(this);
    connect(driver, &QObject::destroyed, this, [place] { place->remove(); });
    const auto say = [driver, answer](const std::vector<clusters::Check> &tried) {
        driver->deleteLater();
        std::vector<api::CheckRow> checks;
        for (const clusters::Check &check : tried) {
            checks.push_back({check.text, check.ok, check.remedy});
        }
        answer(inMember(QStringLiteral("checks"), api::listToJson(checks)));
    };
    if (auto *own = dynamic_cast<clusters::SelfRunning *>(driver)) {
        own->checkWith(call.text(u"token"), say);
    } else {
        say({{tr("the settings are good; its nodes are tried once it is connected"), true}});
    }
}

void LiveProvider::keepToken(const Call &call, const api::Answer &answer) {
    const auto desk = clusters_.findOrOnly(call.text(u"id"));
    if (!desk) {
        answer(tl::unexpected(desk.error()));
        return;
    }
    clusters::SelfRunning *own = selfRunning(**desk);
    if (!own) {
        answer(fail(ErrorCode::Refused, tr("%1 takes no token").arg((*desk)->id()),
                    QStringLiteral("cluster")));
        return;
    }
    own->keepToken(call.text(u"token"), [answer](const Result<QString> &kept) {
        answer(kept.map([](const QString &text) {
            return QJsonObject{{QStringLiteral("text"), text}};
        }));
    });
}

LiveProvider::Reply LiveProvider::fleetPage(const Call &call) {
    const auto filter = api::Filter::parse(call.text(u"filter"));
    if (!filter) {
        return tl::unexpected(filter.error());
    }
    return clusters_.findOrOnly(call.text(u"cluster")).map([&](ClusterDesk *desk) {
        api::FleetPage page;
        page.cluster = desk->id();
        page.revision = desk->fleetRevision();
        page.first =
            static_cast<quint32>(std::max<qint64>(0, call.parameters[u"first"].toInteger()));
        const qint64 count = std::clamp<qint64>(
            call.parameters[u"count"].toInteger(api::page_nodes_max), 0, api::page_nodes_max);
        for (std::size_t i = 0; i < desk->fleet().nodes.size(); ++i) {
            api::NodeRow row = desk->nodeRow(i);
            if (!filter->matches(row)) {
                continue;
            }
            if (page.total >= page.first && std::ssize(page.nodes) < count) {
                page.nodes.push_back(std::move(row));
            }
            ++page.total;
        }
        return api::toJson(page);
    });
}

LiveProvider::Reply LiveProvider::getNode(const Call &call) {
    return clusters_.findOrOnly(call.text(u"cluster")).and_then([&](ClusterDesk *desk) -> Reply {
        const QString id = call.text(u"node");
        const auto at = desk->find(id);
        if (!at) {
            return fail(ErrorCode::NotFound,
                        tr("%1 has no node %2").arg(desk->id(), boundedText(id)),
                        QStringLiteral("node"), tr("aviary nodes lists them"));
        }
        std::vector<api::Happening> happenings;
        for (const auto &[rollout, told] : happenings_) {
            std::ranges::copy_if(told, std::back_inserter(happenings),
                                 [&id](const api::Happening &line) { return line.who == id; });
        }
        std::ranges::sort(happenings, std::greater{}, &api::Happening::wall_ms);
        return QJsonObject{{QStringLiteral("node"), api::toJson(desk->nodeRow(*at))},
                           {QStringLiteral("happenings"), api::listToJson(happenings)}};
    });
}

// Draining, maintenance and exclusion only ever lower what may be touched; taking them off raises
// it.
LiveProvider::Reply LiveProvider::flagNodes(const Call &call) {
    return clusters_.findOrOnly(call.text(u"cluster")).and_then([&](ClusterDesk *desk) -> Reply {
        std::vector<std::size_t> places;
        for (const QJsonValue &name : call.parameters[u"nodes"].toArray()) {
            const auto at = desk->find(name.toString());
            if (!at) {
                return fail(ErrorCode::NotFound,
                            tr("%1 has no node %2").arg(desk->id(), boundedText(name.toString())),
                            QStringLiteral("nodes"), tr("aviary nodes lists them"));
            }
            places.push_back(*at);
        }
        if (places.empty()) {
            return fail(ErrorCode::Invalid, tr("no node was named"), QStringLiteral("nodes"),
                        tr("name at least one"));
        }
        const auto flag = [&](QStringView member, bool now) {
            return call.parameters[member].toBool(now);
        };
        bool frees = false;
        std::vector<kernel::NodeFlags> wanted;
        for (const std::size_t at : places) {
            const kernel::NodeFlags now = desk->fleet().nodes[at].flags;
            const kernel::NodeFlags then{flag(u"draining", now.draining),
                                         flag(u"maintenance", now.maintenance),
                                         flag(u"excluded", now.excluded)};
            frees = frees || (now.any() && !then.any());
            wanted.push_back(then);
        }
        if (frees) {
            if (auto allowed = mayRaise(*desk, QString(), call); !allowed) {
                return tl::unexpected(allowed.error());
            }
        }
        Flagging flagging;
        for (std::size_t i = 0; i < places.size(); ++i) {
            flagging.wanted[api::text(desk->fleet().nodes[places[i]].id)] = wanted[i];
        }
        api::RequestRow &row = flagging.row;
        row.id =
            call.text(u"request_id").isEmpty() ? deployments_.newId() : call.text(u"request_id");
        row.cluster = desk->id();
        row.verb = QStringLiteral("drain");
        row.who = call.asker().who;
        row.reason = call.asker().reason;
        row.asked_wall_ms = clock_.wallMs();
        row.text = tr("asked of the cluster");
        requests_.open({row, std::nullopt, kernel::unasked});
        flagging_.push_back(flagging);
        for (const auto &[node, flags] : flagging.wanted) {
            desk->driver().setFlags(node, flags);
        }
        return inMember(QStringLiteral("request"), api::toJson(row));
    });
}

// Applied is what the cluster shows, not what was sent.
void LiveProvider::settleFlags(const ClusterDesk &desk) {
    const auto seen = [&desk](const std::pair<const QString, kernel::NodeFlags> &wanted) {
        const auto at = desk.find(wanted.first);
        return at && desk.fleet().nodes[*at].flags == wanted.second;
    };
    std::erase_if(flagging_, [&](const Flagging &flagging) {
        if (flagging.row.cluster != desk.id() || !std::ranges::all_of(flagging.wanted, seen)) {
            return false;
        }
        requests_.close(flagging.row, api::Outcome::Applied, tr("confirmed by the cluster"),
                        clock_.wallMs());
        return true;
    });
}

void LiveProvider::refuseFlags(const QString &cluster, const Error &why) {
    std::erase_if(flagging_, [&](const Flagging &flagging) {
        if (flagging.row.cluster != cluster || !flagging.wanted.contains(why.where)) {
            return false;
        }
        requests_.close(flagging.row, api::Outcome::Refused, toText(why), clock_.wallMs());
        return true;
    });
}

void LiveProvider::readLog(const Call &call, const api::Answer &answer) {
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!desk) {
        answer(tl::unexpected(desk.error()));
        return;
    }
    const QString node = call.text(u"node");
    if (!(*desk)->find(node)) {
        answer(fail(ErrorCode::NotFound,
                    tr("%1 has no node %2").arg((*desk)->id(), boundedText(node)),
                    QStringLiteral("node"), tr("aviary nodes lists them")));
        return;
    }
    const auto lines =
        std::clamp<qint64>(call.parameters[u"lines"].toInteger(200), 1, log_lines_max);
    logs_[++last_log_] = answer;
    (*desk)->driver().readLog(last_log_, node, call.text(u"service"), static_cast<int>(lines));
}

void LiveProvider::answerLog(quint64 token, const Result<std::vector<clusters::LogLine>> &lines) {
    const auto waiting = logs_.extract(token);
    if (waiting.empty()) {
        return;
    }
    waiting.mapped()(lines.map([](const std::vector<clusters::LogLine> &read) {
        std::vector<api::LogRow> rows;
        for (const clusters::LogLine &line : read) {
            rows.push_back({line.wall_ms, line.text});
        }
        return QJsonObject{{QStringLiteral("lines"), api::listToJson(rows)}};
    }));
}

} // namespace aviary::orchestrator
