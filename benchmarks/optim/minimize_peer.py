#!/usr/bin/env python3
"""P8: Rosenbrock's function in two dimensions side by side, in turns, as a table in Markdown.

    cmake --preset release -DDESCENT_BENCHMARKS=ON && cmake --build build/release --target optim_bench descent
    minimize_peer.py build/release/benchmarks/optim_bench build/release/descent [--rounds 5]

Nanoseconds of an update (Adam, 0.001) and of an evaluation (L-BFGS from (-1.2, 1) to its end): descent from C++, from a
formula on the command line (the time its own clock gives, without starting the program), the loop written by hand in C++
(what an ensmallen-like library would be without any overhead), SciPy's L-BFGS-B and torch's optimisers from Python, and
the twenty-line numpy loop. Medians over rounds; the ratio is theirs over descent's from C++. Needs python3-numpy,
python3-scipy and python3-torch.
"""
import argparse
import json
import statistics
import subprocess
import time

FORMULA = "(1-x)^2 + 100*(y-x^2)^2"
LONG = 200_000  # updates of descent from the command line
SHORT = 2_000  # of loops in Python


def cpp(bench):
    text = subprocess.run([bench, "--benchmark_format=json", "--benchmark_min_time=0.2",
                           "--benchmark_filter=steps/adam$|evaluations/lbfgs$|limit$"],
                          check=True, capture_output=True, text=True).stdout
    of = {b["name"]: b for b in json.loads(text)["benchmarks"]}
    return {("Adam", "descent, C++"): 1e9 * of["steps/adam"]["per_step"],
            ("Adam", "a loop by hand, C++"): 1e9 * of["limit"]["per_step"],
            ("L-BFGS", "descent, C++"): 1e9 * of["evaluations/lbfgs"]["per_evaluation"]}


def command(descent):
    def run(*words):
        text = subprocess.run([descent, "minimize", FORMULA, "--start", "x=-1.2,y=1", "--json", *words],
                              capture_output=True, text=True).stdout
        return json.loads(text)
    adam = run("--optimizer", "adam(0.001)", "--max-steps", str(LONG), "--gradient-tolerance", "0")
    few = [run() for _ in range(9)]
    return {("Adam", "descent, a formula on the command line"): 1e9 * adam["seconds"] / adam["steps"],
            ("L-BFGS", "descent, a formula on the command line"):
                statistics.median(1e9 * r["seconds"] / r["gradient_evaluations"] for r in few)}


def numpy_loop():
    import numpy as np

    def gradient(x):
        b = x[1] - x[0] ** 2
        return np.array([-2 * (1 - x[0]) - 400 * x[0] * b, 200 * b])
    x, m, v = np.array([-1.2, 1.0]), np.zeros(2), np.zeros(2)
    began = time.perf_counter()
    for k in range(1, SHORT + 1):
        g = gradient(x)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        x = x - 0.001 * (m / (1 - 0.9 ** k)) / (np.sqrt(v / (1 - 0.999 ** k)) + 1e-8)
    return {("Adam", "a loop by hand, numpy"): 1e9 * (time.perf_counter() - began) / SHORT}


def scipy_lbfgs():
    import numpy as np
    import scipy.optimize as so

    def both(x):
        a, b = 1 - x[0], x[1] - x[0] ** 2
        return a * a + 100 * b * b, np.array([-2 * a - 400 * x[0] * b, 200 * b])
    began, evaluations = time.perf_counter(), 0
    for _ in range(20):
        evaluations += so.minimize(both, [-1.2, 1.0], jac=True, method="L-BFGS-B").nfev
    return {("L-BFGS", "SciPy, L-BFGS-B"): 1e9 * (time.perf_counter() - began) / evaluations}


def torch_rules():
    import torch
    torch.set_num_threads(1)

    def loss(x):
        return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

    x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([x], lr=0.001)
    began = time.perf_counter()
    for _ in range(SHORT):
        adam.zero_grad()
        loss(x).backward()
        adam.step()
    per_step = 1e9 * (time.perf_counter() - began) / SHORT

    evaluations, began = 0, time.perf_counter()
    for _ in range(5):
        x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
        lbfgs = torch.optim.LBFGS([x], line_search_fn="strong_wolfe", max_iter=100, tolerance_grad=1e-8,
                                  tolerance_change=0)

        def closure():
            nonlocal evaluations
            evaluations += 1
            lbfgs.zero_grad()
            value = loss(x)
            value.backward()
            return value
        lbfgs.step(closure)
    return {("Adam", "torch"): per_step, ("L-BFGS", "torch, strong Wolfe"): 1e9 * (time.perf_counter() - began) / evaluations}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("descent")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    times = {}
    for _ in range(given.rounds):
        for made in (cpp(given.bench), command(given.descent), numpy_loop(), scipy_lbfgs(), torch_rules()):
            for key, value in made.items():
                times.setdefault(key, []).append(value)
    print("| | ns | least to most | ratio |\n|---|---|---|---|")
    for (what, who), values in sorted(times.items(), key=lambda item: (item[0][0], statistics.median(item[1]))):
        ours = statistics.median(times[what, "descent, C++"])
        middle = statistics.median(values)
        unit = "update" if what == "Adam" else "evaluation"
        print(f"| {what}, {unit}: {who} | {middle:,.0f} | {min(values):,.0f} to {max(values):,.0f} | {middle / ours:,.2f} |")


if __name__ == "__main__":
    main()
