#!/usr/bin/env python3
"""Whole commands: P8 (a formula from the command line) and P10 (start-up). command.py [PROGRAM]

Prints one JSON line per measurement: the least wall and CPU time of many runs, beside that of /bin/true in the same
run, which is what starting any program costs on this machine.
"""
import json, os, subprocess, sys, time

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "build/release/descent"
ROSENBROCK = ["minimize", "(1-x)^2 + 100*(y-x^2)^2", "--start", "x=-1.2,y=1", "--gradient-tolerance", "0", "--json"]


def least(command, runs):
    wall, cpu = [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        usage = os.wait4(process.pid, 0)[2]
        wall.append(time.perf_counter() - start)
        cpu.append(usage.ru_utime + usage.ru_stime)
    return {"wall_ms": round(min(wall) * 1e3, 3), "cpu_ms": round(min(cpu) * 1e3, 3), "runs": runs}


for name, command in [("start-up of /bin/true", ["/bin/true"]),
                      ("P10 start-up", [PROGRAM, "--version"]),
                      ("whole command", [PROGRAM, "minimize", "x^2+3*y^2", "--start", "x=1,y=2"])]:
    print(json.dumps({"bench": name, **least(command, 100)}))

for optimizer in ["adam(0.001)", "sgd(1e-4)"]:
    seconds = []
    for _ in range(5):
        text = subprocess.run([PROGRAM, *ROSENBROCK, "--optimizer", optimizer, "--max-steps", "1000000"],
                              capture_output=True, text=True).stdout
        seconds.append(json.loads(text)["seconds"])
    print(json.dumps({"bench": f"P8 formula, {optimizer}", "ns_per_step": round(min(seconds) * 1e3, 1),
                      "ns_per_step_max": round(max(seconds) * 1e3, 1), "runs": 5}))
