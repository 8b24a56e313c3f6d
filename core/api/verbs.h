// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The verbs of a Session, by name; the CLI's verbs are the same words. Every verb that changes
// something takes "request_id" (a ULID: the same twice is one), "who" is added by the daemon from
// the socket's peer, "as" an optional display name, "reason" optional text.
//
//   hello            {client, version}                                  -> DaemonState
//   cluster.list     {}                                                 -> {clusters: [ClusterRow]}
//   cluster.add      {id, name, kind, class, settings}                  -> {cluster: ClusterRow}
//   cluster.edit     {id, ...}                                          -> {cluster: ClusterRow}
//   cluster.remove   {id}                                               -> {}
//   cluster.test     {id} or {kind, settings}                           -> {checks: [{text, ok,
//   remedy}]} cluster.lock     {id, unlocked}                                     -> {cluster:
//   ClusterRow} fleet.page       {cluster, first, count, filter?}                   -> FleetPage
//   node.get         {cluster, node}                                    -> {node: NodeRow,
//   happenings} node.flag        {cluster, nodes, draining?, maintenance?, excluded?} -> {request:
//   RequestRow} node.log         {cluster, node, service, lines}                    -> {lines:
//   [{wall_ms, text}]} plan.compile     {cluster, plan: text or request}                   ->
//   {plan, steps, remarks} deploy           {cluster, key, manifest|bundle|plan, strategy...,
//   confirm?, start}
//                                                          -> {rollout: RolloutRow, deployment:
//                                                          DeploymentRow}
//   rollout.list     {cluster?, service?, active?}                      -> {rollouts: [RolloutRow]}
//   rollout.get      {rollout}                                          -> RolloutDetail
//   rollout.targets  {rollout, first, count}                            -> {targets: [TargetRow],
//   total} effect           {rollout, verb, to?, nodes?, version?}             -> EffectRow request
//   {rollout, verb, to?, nodes?, epoch?, effect?, confirm?, reason?}
//                                                                       -> {request: RequestRow}
//       verb: approve start promote lower pause resume rollback fail skip retry
//   history          {cluster?, key?, limit?, before?}                  -> {deployments:
//   [DeploymentRow]} deployment.get   {id}                                               ->
//   {deployment, manifest, events} deployment.diff  {a, b} -> {lines: [...]} deployment.tag   {key,
//   version, tag}; deployment.bad {key, revision, bad} -> {deployment} summary          {cluster?}
//   -> {total, active_services, ...} services         {name?, include_canary?, cluster?} ->
//   {instances: [...]} verify           {rollout}                                          ->
//   {health: [...], overall} health           {cluster, node?, service?}                         ->
//   {checks: [...], overall} waiting          {}                                                 ->
//   {waiting: [WaitingRow]} run.export       {rollout}                                          ->
//   {jsonl: text} journal.verify   {}                                                 -> {entries,
//   whole, head, bad?} daemon.stop      {}                                                 -> {}
//
// JSON-RPC errors carry data {code, what, where, remedy} of aviary::Error.
