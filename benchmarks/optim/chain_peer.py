#!/usr/bin/env python3
"""Updates of n floats side by side: chains, torch.optim and numpy in turns, as a table in Markdown.

    cmake --preset release -DDESCENT_BENCHMARKS=ON && cmake --build build/release --target optim_bench
    chain_peer.py build/release/benchmarks/optim_bench [--sizes 1e4,1e6] [--threads 1,2] [--rounds 3]

Needs python3-numpy and python3-torch. Every round starts a process for the chains, one for numpy and one for torch, so
that all see the same machine; the tables have medians over rounds of the microseconds of an update, and ratios: torch's
faster form (one loop over tensors, or foreach) over ours. Sizes above 1e7 need 4 GB. One tensor of n
floats; torch 1.13 has its fused Adam for CUDA only.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

TORCH = {  # ours: (class, arguments)
    "sgd": ("SGD", {}),
    "momentum": ("SGD", {"momentum": 0.9}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "adam_clipped": ("Adam", {}),  # and clip_grad_norm_
    "adagrad": ("Adagrad", {}),
    "rmsprop": ("RMSprop", {}),
    "nadam": ("NAdam", {}),
    "nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "asgd": ("ASGD", {"t0": 0}),
    "rprop": ("Rprop", {}),
    "adadelta": ("Adadelta", {}),
    "rmsprop_centered": ("RMSprop", {"momentum": 0.9, "centered": True}),
    "amsgrad": ("Adam", {"amsgrad": True}),
    "adamax": ("Adamax", {}),
    "radam": ("RAdam", {}),
}


def timed(step, n):
    """Medians of (wall, cpu) microseconds of a step, for about 0.3 s."""
    repetitions = max(1, 1_000_000 // n)
    walls, cpus = [], []
    for _ in range(2):
        step()
    began = time.perf_counter()
    while len(walls) < 5 or time.perf_counter() - began < 0.3:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(repetitions):
            step()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        walls.append(wall / repetitions * 1e6)
        cpus.append(cpu / repetitions * 1e6)
    return statistics.median(walls), statistics.median(cpus)


def torch_times(n, threads):
    import torch
    torch.set_num_threads(threads)
    result = {}
    for name, (optimizer, arguments) in TORCH.items():
        for foreach in (False, True):
            x = torch.ones(n, requires_grad=True)
            x.grad = torch.full((n,), 0.5)
            chosen = getattr(torch.optim, optimizer)([x], lr=1e-3, foreach=foreach, **arguments)
            if name == "adam_clipped":
                def step():
                    torch.nn.utils.clip_grad_norm_([x], 1e9)  # never below, so that the gradient stays what it is
                    chosen.step()
            else:
                step = chosen.step
            both = timed(step, n)
            result[name] = min(result.get(name, both), both)
    return result


def numpy_times(n, _):
    import numpy as np
    g, x = np.full(n, 0.5, np.float32), np.ones(n, np.float32)
    m, v, a = np.zeros(n, np.float32), np.zeros(n, np.float32), np.empty(n, np.float32)

    def sgd():
        np.multiply(g, np.float32(1e-3), out=a)
        np.subtract(x, a, out=x)

    def momentum():
        np.multiply(m, np.float32(0.9), out=m)
        np.add(m, g, out=m)
        np.multiply(m, np.float32(1e-3), out=a)
        np.subtract(x, a, out=x)

    def adam():
        np.multiply(m, np.float32(0.9), out=m)
        np.multiply(g, np.float32(0.1), out=a)
        np.add(m, a, out=m)
        np.multiply(v, np.float32(0.999), out=v)
        np.multiply(g, g, out=a)
        np.multiply(a, np.float32(0.001), out=a)
        np.add(v, a, out=v)
        np.sqrt(v, out=a)
        np.add(a, np.float32(1e-8), out=a)
        np.divide(m, a, out=a)
        np.multiply(a, np.float32(1e-3), out=a)
        np.subtract(x, a, out=x)

    return {"sgd": timed(sgd, n), "momentum": timed(momentum, n), "adam": timed(adam, n)}


def chain_times(program, n, threads):
    environment = dict(os.environ, **({"DESCENT_BENCH_LARGE": "1"} if n > 10_000_000 else {}))
    text = subprocess.run([program, f"--benchmark_filter=update/.*/{n}/{threads}/", "--benchmark_format=json",
                           "--benchmark_min_time=0.15"], check=True, capture_output=True, text=True, env=environment)
    return {b["name"].split("/")[1]: b for b in json.loads(text.stdout)["benchmarks"]}


def in_process(which, n, threads):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
    text = subprocess.run([sys.executable, __file__, "--only", which, "--sizes", str(n), "--threads", str(threads)],
                          check=True, capture_output=True, text=True, env=environment)
    return json.loads(text.stdout)


def table(program, n, threads, rounds):
    runs = {(which, count): [] for which in ("ours", "torch", "numpy") for count in threads}
    for _ in range(rounds):
        for count in threads:
            runs["ours", count].append(chain_times(program, n, count))
            runs["torch", count].append(in_process("torch", n, count))
            runs["numpy", count].append(in_process("numpy", n, count) if count == 1 else {})

    def middle(which, count, name, key):
        values = [run[name][key] for run in runs[which, count] if name in run]
        return statistics.median(values) if values else None

    def shown(value):
        return "" if value is None else f"{value:.3g}" if value < 1000 else f"{value:,.0f}"

    limits = [statistics.median(b["limit_GB_s"] for run in runs["ours", count] for b in run.values()) for count in threads]
    print(f"\n{n:,} parameters (the limit in GB/s: "
          + ", ".join(f"{limit:.0f} with {count} thread{'s' * (count > 1)}" for limit, count in zip(limits, threads)) + ")\n")
    head = ["rule"]
    for count in threads:
        head += [f"us, {count} thread{'s' * (count > 1)}", "of the limit", "torch, us"] + ["numpy, us"] * (count == 1)
        head += ["torch / ours"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for name in runs["ours", threads[0]][0]:
        row = [name]
        for count in threads:
            wall, torch = middle("ours", count, name, "us"), middle("torch", count, name, 0)
            row += [shown(wall), f"{middle('ours', count, name, 'of_limit'):.2f}", shown(torch)]
            row += [shown(middle("numpy", count, name, 0))] * (count == 1)
            row += [f"{torch / wall:.1f}" if torch else ""]
        print("| " + " | ".join(row) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("--only", choices=["torch", "numpy"], help=argparse.SUPPRESS)
    parser.add_argument("--sizes", default="10000,1000000,10000000")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sizes, threads = ([int(float(v)) for v in text.split(",")] for text in (given.sizes, given.threads))
    if given.only:
        print(json.dumps({"torch": torch_times, "numpy": numpy_times}[given.only](sizes[0], threads[0])))
        return
    for n in sizes:
        table(given.program, n, threads, given.rounds)


if __name__ == "__main__":
    main()
