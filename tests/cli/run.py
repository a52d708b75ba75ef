#!/usr/bin/env python3
"""Runs text tests of the command line: run.py --descent PROGRAM --source FOLDER FILE.test ...

A test file is a list of steps; lines that begin with # are remarks. Every file runs in an empty folder of its own.

  << NAME                 the lines up to `>>` become the file NAME
  $ COMMAND               run by sh, with `descent` on the PATH and $DATA the project's data/ folder
  ? STATUS                exit status of the command above (0 when there is no such line)
  > TEXT                  standard output, line by line and whole: every line must be there; `[..]` stands for anything
                          within a line, a line `[...]` for any lines
  ! TEXT                  the same for standard error (not looked at when there is no such line)
  @ PATH ~ NUMBER [REL]   standard output is JSON; the number at PATH (a.b[2].c, "a b" for odd names) agrees within
                          REL, 1e-9 if absent, relative to the number (absolute if the number is 0)
  @ PATH = JSON           the value at PATH is exactly this
  @ PATH < NUMBER         or >, <=, >=
  @ PATH : TEXT           the string at PATH matches TEXT with its [..]
  @ PATH !                nothing is at PATH
  % FILE ROW COLUMN ~ N   the cell of a csv file, ROW from 0 after the header, -1 the last
  ~ FILE : TEXT           the file contains a line part matching TEXT
  needs PROGRAM           the file is skipped (exit 77) when PROGRAM is not installed
"""
import argparse, collections, csv, itertools, json, math, os, pathlib, re, shutil, subprocess, sys, tempfile

SKIPPED = 77


class Failed(Exception):
    pass


def pattern(text):
    return ".*".join(re.escape(part) for part in text.split("[..]"))


def match_lines(expected, got, what):
    """`expected` may hold [..] within lines and [...] for any run of lines."""
    regex = ""
    for line in expected:
        regex += r"(?:[^\n]*\n)*?" if line == "[...]" else pattern(line).replace(".*", r"[^\n]*") + r"\n"
    text = got if got.endswith("\n") or not got else got + "\n"
    if not re.fullmatch(regex, text):
        raise Failed(f"{what} is not as expected\n--- expected\n" + "\n".join(expected) + f"\n--- got\n{got}")


def at_path(value, path):
    for name, quoted, index in re.findall(r'([^.\[\]"]+)|"([^"]*)"|\[(-?\d+)\]', path):
        try:
            value = value[int(index)] if index else value[name or quoted]
        except (KeyError, IndexError, TypeError):
            raise KeyError(path)
    return value


def near(got, wanted, relative):
    if got is None or isinstance(got, (str, bool, list, dict)):
        return False
    return math.isfinite(got) and abs(got - wanted) <= relative * (abs(wanted) or 1.0)


def check_json(document, line):
    found = re.match(r'^((?:"[^"]*"|[^\s"])+)\s*(~|=|<=|>=|<|>|:|!)\s*(.*)$', line)
    if not found:
        raise Failed(f"cannot read the check '@ {line}'")
    path, operator, wanted = found.groups()
    try:
        got = at_path(document, path)
    except KeyError:
        if operator == "!":
            return
        raise Failed(f"nothing at {path} in\n{json.dumps(document, indent=1)[:3000]}")
    if operator == "!":
        raise Failed(f"{path}: expected nothing there, got {got}")
    if operator == "~":
        number, *relative = wanted.split()
        good = near(got, float(number), float(relative[0]) if relative else 1e-9)
    elif operator == "=":
        good = got == json.loads(wanted)
    elif operator == ":":
        good = isinstance(got, str) and re.fullmatch(pattern(wanted), got, re.S)
    else:
        number = float(wanted)
        good = got is not None and {"<": got < number, ">": got > number, "<=": got <= number, ">=": got >= number}[operator]
    if not good:
        raise Failed(f"{path}: expected {operator} {wanted}, got {got!r}")


def check_cell(folder, line):
    name, row, column, _, wanted, *relative = line.split()
    with open(folder / name, newline="") as file:  # millions of rows are not kept, nor read past the one
        rows, at = csv.DictReader(file), int(row)
        found = list(itertools.islice(rows, at, at + 1)) if at >= 0 else list(collections.deque(rows, -at))[:1]
    try:
        got = float(found[0][column])
    except (IndexError, KeyError):
        raise Failed(f"{name}: no row {row} with a column {column}")
    if not near(got, float(wanted), float(relative[0]) if relative else 1e-9):
        raise Failed(f"{name}, row {row}, {column}: expected {wanted}, got {got!r}")


def parse(path):
    steps, lines = [], iter(path.read_text().splitlines())
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("<< "):
            content = []
            for inner in lines:
                if inner == ">>":
                    break
                content.append(inner)
            steps.append(("file", line[3:].strip(), "\n".join(content) + "\n"))
        elif line.startswith("needs "):
            steps.append(("needs", line[6:].strip(), None))
        elif line.startswith("$ "):
            steps.append(("run", line[2:], []))
        elif line[0] in "?>!@%~" and steps and steps[-1][0] == "run":
            steps[-1][2].append((line[0], line[2:]))
        else:
            sys.exit(f"{path}:{number}: cannot read: {line}")
    return steps


def run_step(command, checks, folder, environment):
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=240)
    of = lambda mark: [text for m, text in checks if m == mark]
    try:
        status = int((of("?") or ["0"])[0])
        if done.returncode != status:
            raise Failed(f"expected exit status {status}, got {done.returncode}")
        if of(">"):
            match_lines(of(">"), done.stdout, "standard output")
        if of("!"):
            match_lines(of("!"), done.stderr, "standard error")
        if of("@"):
            try:
                document = json.loads(done.stdout, parse_constant=lambda name: refuse_constant(name))
            except ValueError as error:
                raise Failed(f"standard output is not one JSON object: {error}\n{done.stdout[:2000]}")
            for line in of("@"):
                check_json(document, line)
        for line in of("%"):
            check_cell(folder, line)
        for line in of("~"):
            name, _, wanted = line.partition(" : ")
            if not re.search(pattern(wanted), (folder / name.strip()).read_text()):
                raise Failed(f"{name} does not contain: {wanted}")
    except Failed as failure:
        raise Failed(f"$ {command}\n{failure}\n--- standard error\n{done.stderr[-3000:]}")


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--descent", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("tests", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    environment = dict(os.environ, DATA=str(pathlib.Path(options.source).resolve() / "data"), LC_ALL="C.UTF-8",
                       PATH=str(pathlib.Path(options.descent).resolve().parent) + ":" + os.environ["PATH"])
    failed = skipped = 0
    for path in options.tests:
        steps = parse(path)
        missing = [name for kind, name, _ in steps if kind == "needs" and not shutil.which(name)]
        if missing:
            print(f"skipped {path.name}: {', '.join(missing)} is not installed")
            skipped += 1
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            try:
                for kind, text, rest in steps:
                    if kind == "file":
                        (folder / text).write_text(rest)
                    elif kind == "run":
                        run_step(text, rest, folder, environment)
            except Failed as failure:
                print(f"FAILED {path.name}\n{failure}\n")
                failed += 1
    return 1 if failed else (SKIPPED if skipped == len(options.tests) else 0)


if __name__ == "__main__":
    sys.exit(main())
