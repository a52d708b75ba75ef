#!/usr/bin/env python3
"""The NIST Statistical Reference Datasets (StRD) as csv files and one table of starts and certified values.

    nist.py FOLDER      FOLDER has nonlinear/*.dat and linear/*.dat, as on https://www.itl.nist.gov/div898/strd/

Writes data/nist/NAME.csv (columns y x, or y x1 x2 ..., the numbers as they stand in the .dat) and
tests/golden/nist.json: for each nonlinear set formula, two starts, certified values, standard deviations,
residual sum of squares and standard deviation; for each linear set formula and certified values. Public data of the
US government. Roszman1 and Nelson have formulas as NIST's pages print them.
"""
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "data" / "nist"
GAUSS = "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"
LANCZOS = "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"
CUBICS = "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)"
FORMULAS = {
    "Misra1a": "b1*(1-exp(-b2*x))", "Chwirut2": "exp(-b1*x)/(b2+b3*x)", "Chwirut1": "exp(-b1*x)/(b2+b3*x)",
    "Lanczos3": LANCZOS, "Gauss1": GAUSS, "Gauss2": GAUSS, "DanWood": "b1*x^b2",
    "Misra1b": "b1*(1-(1+b2*x/2)^(-2))", "Kirby2": "(b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2)", "Hahn1": CUBICS,
    "Nelson": "b1 - b2*x1*exp(-b3*x2)", "MGH17": "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)", "Lanczos1": LANCZOS,
    "Lanczos2": LANCZOS, "Gauss3": GAUSS, "Misra1c": "b1*(1-(1+2*b2*x)^(-0.5))", "Misra1d": "b1*b2*x/(1+b2*x)",
    "Roszman1": "b1 - b2*x - atan(b3/(x-b4))/pi",
    "ENSO": "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4)"
            " + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)",
    "MGH09": "b1*(x^2+x*b2)/(x^2+x*b3+b4)", "Thurber": CUBICS, "BoxBOD": "b1*(1-exp(-b2*x))",
    "Rat42": "b1/(1+exp(b2-b3*x))", "MGH10": "b1*exp(b2/(x+b3))", "Eckerle4": "(b1/b2)*exp(-0.5*((x-b3)/b2)^2)",
    "Rat43": "b1/((1+exp(b2-b3*x))^(1/b4))", "Bennett5": "b1*(b2+x)^(-1/b3)"}


def number(text):
    return float(text.replace("D", "E"))


def rows_of(lines):
    return [line.split() for line in lines[60:] if line.strip()]


def write_rows(name, rows):
    inputs = ["x"] if len(rows[0]) == 2 else [f"x{i}" for i in range(1, len(rows[0]))]
    text = ",".join(["y"] + inputs) + "\n" + "".join(",".join(row) + "\n" for row in rows)
    (DATA / f"{name}.csv").write_text(text)
    return inputs


def nonlinear(path):
    lines = path.read_text().split("\n")
    table = [re.match(r"\s*b\d+\s*=\s*(.*)", line) for line in lines[40:60]]
    columns = list(zip(*[[number(v) for v in match.group(1).split()] for match in table if match]))
    find = lambda label: number(next(line for line in lines[:60] if line.startswith(label)).split(":")[1].split()[0])
    write_rows(path.stem, rows_of(lines))
    response = "log(y)" if path.stem == "Nelson" else "y"
    return {"formula": f"{response} = {FORMULAS[path.stem]}", "starts": [columns[0], columns[1]], "values": columns[2],
            "deviations": columns[3], "sum_of_squares": find("Residual Sum of Squares"),
            "residual_sd": find("Residual Standard Deviation")}


def linear(path):
    lines = path.read_text().split("\n")
    table = [re.match(r"\s*B(\d+)\s+(\S+)\s+(\S+)", line) for line in lines[30:60]]
    found = [match for match in table if match]
    rows = rows_of(lines)
    inputs = write_rows(path.stem, rows)
    if len(inputs) > 1:
        terms = [f"b{m.group(1)}" + ("" if m.group(1) == "0" else f"*x{m.group(1)}") for m in found]
    else:
        terms = [f"b{m.group(1)}" + ("" if m.group(1) == "0" else "*x" if m.group(1) == "1" else f"*x^{m.group(1)}")
                 for m in found]
    return {"formula": "y = " + " + ".join(terms), "values": [number(m.group(2)) for m in found],
            "deviations": [number(m.group(3)) for m in found], "names": [f"b{m.group(1)}" for m in found]}


def main():
    folder = Path(sys.argv[1])
    DATA.mkdir(exist_ok=True)
    result = {"nonlinear": {p.stem: nonlinear(p) for p in sorted((folder / "nonlinear").glob("*.dat"))},
              "linear": {p.stem: linear(p) for p in sorted((folder / "linear").glob("*.dat"))}}
    (HERE / "nist.json").write_text(json.dumps(result, indent=1) + "\n")


main()
