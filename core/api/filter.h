// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

namespace aviary::api {

// How a node is, in one word: "unknown" (never heard), "offline", "degraded", "flapping", "failing"
// (a service of it is not ready), "healthy".
QString healthWord(const NodeRow &node);

// The one filter language of map, table and command line. A node matches when every term does:
//
//   KEY:VALUE   with the keys
//                 id name address site service revision label.KEY    texts
//                 status   online degraded offline
//                 health   healthy failing flapping degraded offline unknown
//                 flag     draining maintenance excluded
//                 ready    yes no (of a service)
//                 behind instances    numbers
//                 cpu memory disk     percent in use; unknown matches no number
//   VALUE       a text with * and ?, in any case; several with commas, of which one must match;
//               !VALUE for the contrary; numbers take > >= < <= too; "quotes" take all signs
//   text        occurs in id, name, address or site
//
// Terms about services are about the same service: `service:shop revision:!v41` is a node that runs
// shop, and no v41 of it. Example: revision:v41 site:eu-* health:!healthy behind:>0
class Filter {
public:
    static constexpr int text_length_max = 2'000;
    static constexpr int terms_max = 64;

    // Total. An error's `where` is "character N", from 1.
    static Result<Filter> parse(const QString &text);

    // The keys, but for label.KEY; and the values of one that has but a few, else none. For
    // completion.
    static QStringList keys();
    static QStringList values(const QString &key);

    Filter() = default; // matches every node
    bool matches(const NodeRow &node) const;
    bool isEmpty() const { return terms_.empty() && service_terms_.empty(); }

    enum class Key : quint8 {
        Text,
        Id,
        Name,
        Address,
        Site,
        Label,
        Status,
        Health,
        Flag,
        Behind,
        Instances,
        Cpu,
        Memory,
        Disk,
        Service,
        Revision,
        Ready
    };
    struct Value {
        enum class Kind : quint8 { Equal, Pattern, Below, AtMost, Above, AtLeast };
        Kind kind = Kind::Equal;
        QString text; // lower case
        double number = 0;
    };
    struct Term {
        Key key = Key::Text;
        QString label;
        bool negated = false;
        std::vector<Value> values;
    };

    // For who keeps nodes by column: a node matches when each of terms() holds of it and
    // servicesMatch(). A term reads its own member alone: Text id, name, address and site; Health
    // status, flapping, heard and services; percentages usage and capacity.
    const std::vector<Term> &terms() const { return terms_; }
    static bool holds(const Term &term, const NodeRow &node);
    bool readsServices() const { return !service_terms_.empty(); }
    bool servicesMatch(const NodeRow &node) const; // reads services alone

private:
    std::vector<Term> terms_;
    std::vector<Term> service_terms_;
};

} // namespace aviary::api
