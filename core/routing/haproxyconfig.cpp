// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyconfig.h"

namespace aviary::routing {
namespace {

// One thread, so that requests are counted one by one. A connection to a server serves one request:
// a service may close an idle one at any time, and without retries that would lose the next.
constexpr const char *head = R"(# Written by Aviary. Changed at run time over the socket only.
global
  stats socket unix@sock mode 600 level admin
  nbthread 1
  maxconn 8000
  hard-stop-after 30s
defaults
  mode http
  retries 0
  no option redispatch
  option http-server-close
  timeout connect 3s
  timeout client 60s
  timeout server 60s
  timeout http-request 10s
  timeout http-keep-alive 60s
backend counted
  stick-table type integer size 64 store gpc(2)
)";

// split.map: split STABLE:FRESH:WEIGHT:LATENCY_LIMIT_MS:SPILL, so that one command changes all of
// it between two requests.
constexpr const char *rules = R"(
  http-request set-var(txn.split) str(split),map(split.map)
  http-request set-var(txn.slot) var(txn.split),field(1,:)
  http-request set-var(txn.fresh) var(txn.split),field(2,:)
  http-request set-var(txn.weight) var(txn.split),field(3,:)
  http-request set-var(txn.limit) var(txn.split),field(4,:)
  http-request track-sc0 int(1000) table counted
  http-request set-var(txn.place) sc_inc_gpc(0,0),mul(STEP),mod(10000),sub(txn.weight)
  http-request set-var(txn.go) bool(true) if { var(txn.place) -m int lt 0 }
  http-request set-var(txn.spill) var(txn.split),field(5,:)
  http-request set-var(txn.up) str(slot),concat(,txn.slot),nbsrv
  http-request set-var(txn.go) bool(true) if { var(txn.spill) -m str 1 } { var(txn.up) -m str 0 }
  http-request set-var(txn.up) str(slot),concat(,txn.fresh),nbsrv
  http-request set-var(txn.slot) var(txn.fresh) if { var(txn.go) -m bool } !{ var(txn.up) -m str 0 }
  http-request track-sc1 var(txn.slot) table counted
  http-request set-var(txn.begun) date(0,ms)
  http-response sc-inc-gpc(0,1)
  http-response set-var(txn.over) date(0,ms),sub(txn.begun),sub(txn.limit)
  http-response sc-inc-gpc(1,1) if { var(txn.over) -m int gt 0 }
  use_backend slot%[var(txn.slot)]
  default_backend nobody
backend nobody
  http-request return status 503 content-type text/plain string "no revision is ready\n"
)";

} // namespace

QByteArray haproxyConfig(quint16 port) {
    QByteArray text = head;
    text += "frontend service\n  bind 127.0.0.1:" + QByteArray::number(port);
    text += QByteArray(rules).replace("STEP", QByteArray::number(haproxy_step));
    text += "# Names the slots, so that the names can be read back.\n"
            "  http-request deny if { str(0),map(slots.map) -m str unused }\n";
    for (int slot = 0; slot < haproxy_slots; ++slot) {
        text += "backend slot" + QByteArray::number(slot) + "\n  balance roundrobin\n";
    }
    return text;
}

} // namespace aviary::routing
