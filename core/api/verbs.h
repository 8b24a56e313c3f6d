// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The verbs of a Session, by name; the CLI's verbs are the same words. Every verb that changes
// something takes "request_id" (a ULID: the same twice is one), "as" an optional display name and
// "reason" an optional text; who asks comes from the socket's peer. Values have the shapes of
// core/api/valuesjson.h; a list in an answer is a list of rows, or packed in columns.
//
// clang-format off
//   hello            {client, version, as?}  -> DaemonState
//   subscribe        {topic}  -> {}, then the whole as "changed"
//   unsubscribe      {topic}  -> {}
//   cluster.list     {}  -> {clusters: [ClusterRow]}
//   cluster.add      {id, name, kind, class, settings}  -> {cluster: ClusterRow}
//   cluster.edit     {id, ...}  -> {cluster: ClusterRow}
//   cluster.remove   {id}  -> {}
//   cluster.test     {id}  -> {checks: [CheckRow]}
//   cluster.try      {kind, settings, token?}  -> {checks: [CheckRow]}; nothing is kept of it
//   cluster.token    {id, token}  -> {text}; where it is kept. An empty one is forgotten
//   cluster.lock     {id, unlocked}  -> {cluster: ClusterRow}
//   fleet.page       {cluster, first, count, filter?}  -> FleetPage
//   node.get         {cluster, node}  -> {node: NodeRow, happenings: [Happening]}
//   node.flag        {cluster, nodes, draining?, maintenance?, excluded?}
//                                                                 -> {request: RequestRow}
//   node.log         {cluster, node, service, lines}  -> {lines: [LogRow]}
//   plan.compile     {cluster, plan|manifest|bundle, key?, policy?} -> PlanAnswer
//   deploy           {cluster, plan|manifest|bundle, key?, policy?, start, supersede?,
//                    confirm?}         -> {rollout?: RolloutRow, deployment: DeploymentRow, text}
//   catch_up         {cluster, key, confirm?}  -> as deploy; for nodes of it that came back
//   rollout.list     {cluster?, service?, active?}  -> {rollouts: [RolloutRow]}
//   rollout.get      {rollout}  -> RolloutDetail
//   rollout.targets  {rollout, first, count}  -> TargetPage
//   effect           {rollout, verb, to?, node?} -> EffectRow
//   request          {rollout, verb, to?, node?, parts?, version?, tag?, epoch?, effect?, confirm?}
//                                                                 -> {request: RequestRow}
//       verb: approve start promote lower pause resume rollback fail skip retry
//       parts: names, of promote where the cluster runs the rollout itself;
//       to: a weight in 1/100 %; where the cluster runs the rollout itself, the share of its
//       instances at which it is paused; node: its id; version: a text, the number in the history
//   request.get      {id}  -> {request: RequestRow}
//   history          {cluster?, key?, limit?, before?}  -> {deployments: [DeploymentRow]}
//   deployment.get   {id}     -> {deployment: DeploymentRow, manifest, happenings: [Happening]}
//   deployment.diff  {a, b}  -> {lines: ["+ ...", "- ...", "  ..."]}
//   deployment.tag   {key, version, tag, remove?}  -> {deployment: DeploymentRow}
//   deployment.bad   {key, revision, bad}  -> {deployment: DeploymentRow}
//   summary          {cluster?}  -> Summary
//   snapshots        {key}  -> {snapshots: [SnapshotRow], holds: bool}; the way back is a request
//       rollback with a version. holds: the last word was a way back, and what it brought runs
//   service.effect   {cluster, verb, ...}  -> {service, effect: EffectRow, document?, version?,
//                                              starts_ms?}
//       of a start: what would be started, in the cluster's own words; the version that runs, empty
//       where there is none; and by part how long its instances took to start: {part: [ms, ...]}
//   service.request  {cluster, verb, ..., epoch?, effect?, confirm?}  -> {request: RequestRow}
//       where the cluster runs rollouts itself. verb: stop of {service}; or start of {text}, a
//       whole service in the cluster's own language, or of {service}, as it runs: with image?,
//       count?, variables?: {NAME: text}, which belong to part?, task?. The cluster plans it for
//       the effect, whose epoch it enforces
//   services         {name?, node?, role?, status?, include_canary?, passing_only?, cluster?}
//                                                                 -> {instances: [InstanceRow]}
//       passing_only: by default true when a name is given, and false in a list
//   gitops.set       {name, url, branch?, path?, cluster?, start?, production?, require_signed?,
//                    interval_ms?, size_mib_max?, timeout_ms?}  -> {repository: GitRepositoryRow}
//   gitops.remove    {name}  -> {}; what it brought goes on running
//   gitops.status    {name?}  -> {repositories: [GitRepositoryRow]}
//   gitops.sync      {name, accept_rewrite?, again?}  -> {repository: GitRepositoryRow}, once the
//                    fetch has ended. again: content that failed or was changed by hand since
//   verify           {rollout}  -> HealthReport
//   health           {cluster, node?, service?}  -> HealthReport
//   waiting          {}  -> {waiting: [WaitingRow]}
//   alert.list       {open?}  -> {alerts: [AlertRow]}, newest first; open: not acknowledged
//   alert.ack        {id}  -> {alert: AlertRow}
//   alert.snooze     {id, for_ms}  -> {alert: AlertRow}; a minute to a week
//   alert.raise      {rollout, text}  -> {alert: AlertRow}; of kind left_fan, by the client that
//                    compares the live run with its fan
//   alert.delivery   {command?, webhook?}  -> AlertDelivery; what is not given stays
//   run.export       {rollout}  -> {jsonl: text}
//   fan.watch        {rollout, fan, since_ms}  -> {}
//       fan: the fans that a client rehearsed (core/rehearsal/fan.h); since_ms: the rollout's time
//       at which they begin. The rollout's detail and happenings tell once when it leaves them
//   journal.verify   {}  -> JournalReport
//   daemon.stop      {}  -> {}
//
// deploy: "bundle" is the path of a directory with manifest.json and payloads, on the daemon's
// host; "manifest" an object; "plan" the text of a .plan.yaml. "policy" holds only what the person
// gave, over the manifest's own: strategy, max_parallel, canary, health_check, min_healthy_ms,
// healthy_deadline_ms, progress_deadline_ms, auto_promote, auto_revert. Without a rollout in the
// answer nothing had to be done, and "text" says why.
// clang-format on
//
// JSON-RPC errors carry data {code, what, where, remedy} of aviary::Error.
