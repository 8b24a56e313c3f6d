// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/models/interned.h"
#include "ui/theme/sign.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <array>
#include <deque>
#include <map>

namespace aviary {

// A node's place in a FleetStore. It stays the node's own, also when the node goes and comes back,
// until many are gone and their places are given to others (FleetChange::given).
using NodeIndex = quint32;

inline constexpr std::size_t sign_count = static_cast<std::size_t>(Sign::OutcomeUnknown) + 1;

// How many nodes wear which sign.
struct SignCounts {
    std::array<quint32, sign_count> of{};
    quint32 nodes = 0;
    quint32 at(Sign sign) const { return of[static_cast<std::size_t>(sign)]; }
    bool operator==(const SignCounts &) const = default;
};

// What was told since the last announcement.
struct FleetChange {
    bool structure = false;       // nodes came or went
    std::vector<NodeIndex> nodes; // each once, in no order; those that are there
    std::vector<NodeIndex>
        given; // places that another node has now: what was kept by place is void
};

// The nodes of one cluster by column, so that 100,000 of them take little room, a change costs what
// changed, and a filter or a sort reads only the columns that it needs. Texts that many nodes share
// are kept once. Knows no session: who has one feeds it with pages and changed rows, as of whatever
// instant that session shows.
class FleetStore : public QObject {
    Q_OBJECT
public:
    explicit FleetStore(QObject *parent = nullptr);

    // ---- Feeding
    // A whole follows: nodes that are not told again are gone.
    void begin();
    // Another cluster or session is looked at: nothing is known of it yet.
    void forget();
    // Rows of a topic's change or of a page, by id; ids that are gone.
    void apply(const std::vector<api::NodeRow> &rows, const QStringList &gone = {});
    // How many there will be, where pages tell it before all have come; 0: unknown.
    void expect(quint32 total) { expected_ = total; }

    // ---- Reading
    quint32 count() const { return totals_.nodes; } // nodes that are there
    quint32 expected() const { return std::max(expected_, count()); }
    bool told() const { return told_; } // begin() or apply() was called
    // Indices are below this; some have no node.
    NodeIndex end() const { return static_cast<NodeIndex>(ids_.size()); }
    bool has(NodeIndex node) const { return node < end() && state_[node].there; }
    std::optional<NodeIndex> find(const QString &id) const;
    api::NodeRow row(NodeIndex node) const;

    const QString &id(NodeIndex node) const { return ids_[node]; }
    const QString &name(NodeIndex node) const { return names_[node]; }
    const QString &address(NodeIndex node) const { return addresses_[node]; }
    const QString &site(NodeIndex node) const { return words_[sites_[node]]; }
    kernel::NodeStatus status(NodeIndex node) const { return state_[node].status; }
    kernel::NodeFlags flags(NodeIndex node) const { return state_[node].flags; }
    bool flapping(NodeIndex node) const { return state_[node].flapping; }
    Sign sign(NodeIndex node) const { return state_[node].sign; }
    qint64 heardWallMs(NodeIndex node) const { return heard_[node]; }
    quint32 behind(NodeIndex node) const { return behind_[node]; }
    const kernel::Usage &usage(NodeIndex node) const { return usage_[node]; }
    const kernel::Capacity &capacity(NodeIndex node) const { return capacity_[node]; }
    QString label(NodeIndex node, const QString &key) const; // null: it has none
    // Of a service on the node; with an empty name of its first. Null: it does not run there.
    QString revision(NodeIndex node, const QString &service) const;

    // ---- Columns of shared values: equal numbers are equal values (see Interned::version)
    using Words = Interned<QString>;
    using Labels = QList<std::pair<Words::Id, Words::Id>>;
    struct Service {
        Words::Id service, revision, text;
        bool ready;
        bool operator==(const Service &) const = default;
        friend size_t qHash(const Service &value, size_t seed = 0) {
            return qHashMulti(seed, value.service, value.revision, value.text, value.ready);
        }
    };
    using Services = QList<Service>;
    const Words &words() const { return words_; }
    const Interned<Labels> &labelSets() const { return label_sets_; }
    const Interned<Services> &serviceSets() const { return service_sets_; }
    Words::Id siteWord(NodeIndex node) const { return sites_[node]; }
    quint32 labelSet(NodeIndex node) const { return labels_[node]; }
    quint32 serviceSet(NodeIndex node) const { return services_[node]; }
    // How the node is in one word, as the filter's `health:` says it (core/api/filter.h).
    Words::Id healthWord(NodeIndex node) const { return health_[node]; }

    // ---- Counts, kept as rows come
    const SignCounts &totals() const { return totals_; }
    // By site, in the order of their names.
    const std::map<QString, SignCounts> &sites() const { return site_counts_; }
    // How many nodes run which revision of which service.
    using RevisionCounts = std::map<QString, quint32>;
    const std::map<QString, RevisionCounts> &services() const { return service_counts_; }

Q_SIGNALS:
    // At most 30 a second, however often apply() is called.
    void changed(const aviary::FleetChange &change);

private:
    struct State {
        kernel::NodeStatus status = kernel::NodeStatus::Online;
        kernel::NodeFlags flags;
        bool flapping = false;
        bool there = false;
        bool changed = false; // is in change_.nodes
        bool vacant = false;  // is in vacant_
        Sign sign = Sign::None;
    };

    NodeIndex place(const QString &id);
    void put(NodeIndex node, const api::NodeRow &row);
    void leave(NodeIndex node);
    void count(NodeIndex node, bool more);
    void countServices(NodeIndex node, bool more);
    void dropShared(NodeIndex node);
    void dropWords(const Labels &labels);
    void dropWords(const Services &services);
    quint32 takeLabels(const api::NodeRow &row);
    quint32 takeServices(const api::NodeRow &row);
    void note(NodeIndex node);
    void schedule();
    void announce();

    std::vector<QString> ids_, names_, addresses_;
    std::vector<Words::Id> sites_, health_;
    std::vector<quint32> labels_, services_;
    std::vector<State> state_;
    std::vector<qint64> heard_;
    std::vector<quint32> behind_;
    std::vector<kernel::Usage> usage_;
    std::vector<kernel::Capacity> capacity_;
    Words words_;
    Interned<Labels> label_sets_;
    Interned<Services> service_sets_;
    QHash<QString, NodeIndex> by_id_;
    std::deque<NodeIndex> vacant_; // places of nodes that went, oldest first; some came back
    SignCounts totals_;
    std::map<QString, SignCounts> site_counts_;
    std::map<QString, RevisionCounts> service_counts_;
    quint32 expected_ = 0;
    bool told_ = false;
    FleetChange change_;
    QTimer timer_;
    QElapsedTimer since_;
};

} // namespace aviary
