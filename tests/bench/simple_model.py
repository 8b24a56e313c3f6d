# SPDX-License-Identifier: GPL-3.0-or-later
"""The simple model of bench_rehearsal in SimPy: simple_model.py NODES FUTURES prints seconds a future.

Every node is updated, a hundred at once in waves; its start is lognormal (median 4 s, 95 % within 11 s),
then it proves itself for 10 s.
"""
import math
import random
import sys
import time

import simpy

NODES, FUTURES, PARALLEL = int(sys.argv[1]), int(sys.argv[2]), 100
MU, SIGMA = math.log(4.0), math.log(11.0 / 4.0) / 1.6448536269514722


def update(env, luck):
    yield env.timeout(luck.lognormvariate(MU, SIGMA))
    yield env.timeout(10.0)


def rollout(env, luck):
    for begin in range(0, NODES, PARALLEL):
        wave = [env.process(update(env, luck)) for _ in range(begin, min(begin + PARALLEL, NODES))]
        yield env.all_of(wave)


begun = time.perf_counter()
for future in range(FUTURES):
    env = simpy.Environment()
    env.process(rollout(env, random.Random(future)))
    env.run()
print((time.perf_counter() - begun) / FUTURES)
