#!/usr/bin/env python3
"""What a run costs that is the first with its shapes: new_shapes.py [--once] [--lengths N] [--longest N] [--layers N] [--width N] [--threads N]

Feeds a BERT with an open sequence length a row of random lengths, each three times. Prints by how much a run for which a program had to be
made took longer than others of that length (medians and 99th percentile, in processor time with one thread), and the memory after a tenth
and at the end. With --once a length that was there before is run once: 5,000 lengths in a third of the time.
"""

import argparse
import resource
import time

import models
import numpy as np

import lite


def resident_mb():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * resource.getpagesize() / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, default=500)
    parser.add_argument("--longest", type=int, default=512)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--once", action="store_true")
    a = parser.parse_args()
    model = models.bert_base(d=a.width, heads=a.width // 64, seq="sequence", layers=a.layers, longest=a.longest).SerializeToString()
    network = lite.Network(model, threads=a.threads)
    del model
    rng = np.random.default_rng(a.seed)
    clock = time.process_time if a.threads == 1 else time.perf_counter
    steady, first = {}, []  # by length, of a run that found its program; of each run that did not, the length and time
    programs, early = 0, None

    def run(n):
        """Seconds of a run, and whether its program had to be made."""
        nonlocal programs
        feeds = {"input_ids": rng.integers(0, 30000, (1, n)), "attention_mask": np.ones((1, n), np.int64), "token_type_ids": np.zeros((1, n), np.int64)}
        begin = clock()
        network.run(feeds, copy=False)
        seconds = clock() - begin
        before, programs = programs, network.statistics()["program_misses"]
        return seconds, programs > before

    for i in range(a.lengths):
        n = int(rng.integers(1, a.longest + 1))
        times = [run(n)]
        if not a.once or n not in steady:
            times += [run(n) for _ in range(1 if a.once else 2)]
        for seconds, made in times:
            if made:
                first.append((n, seconds))
            else:
                steady[n] = min(seconds, steady.get(n, seconds))
        if i + 1 == max(1, a.lengths // 10):
            early = resident_mb()
    first = first[1:]  # the very first run of all packs the weights
    over = np.array([seconds / steady[n] for n, seconds in first])
    extra = np.array([seconds - steady[n] for n, seconds in first])
    steady = np.array(list(steady.values()))
    print(f"BERT of {a.layers} layers, width {a.width}, {a.threads} threads, {a.lengths} lengths up to {a.longest}, {len(steady)} of them different, {len(first) + 1} programs made")
    print(f"steady run: median {np.median(steady) * 1e3:.1f} ms, from {min(steady) * 1e3:.1f} to {max(steady) * 1e3:.1f} ms")
    print(f"first run with a length over the later ones: median {np.median(over):.2f}, p99 {np.percentile(over, 99):.2f}, most {over.max():.2f}")
    print(f"what the first takes longer: median {np.median(extra) * 1e3:.1f} ms, p99 {np.percentile(extra, 99) * 1e3:.1f} ms")
    print(f"resident: {early:.0f} MB after a tenth, {resident_mb():.0f} MB at the end; {network.statistics()}")


main()
