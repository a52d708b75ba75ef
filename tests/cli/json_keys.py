#!/usr/bin/env python3
"""Compares the keys of a JSON object with those that docs/design/contracts.md promises.

json_keys.py LABEL < object. LABEL is a text in contracts.md; the first text in backquotes after it that begins with
`command ` is the promise: `key` has any value, `key{a b}` is an object with exactly these keys, `key[{a b}]` a list of
such objects, `key?` may be missing; a key in capitals stands for any number of keys of whatever name. Keys that count
must be integers wherever they stand.
"""
import json, pathlib, re, sys

COUNTS = {"rows", "features", "epochs", "steps", "step", "epoch", "value_evaluations", "gradient_evaluations", "batch_size",
          "rank", "missing", "levels", "support", "counts", "exit_status", "updates", "evaluations", "restarts", "steps_plain", "steps_momentum"}


def promise(label):
    text = (pathlib.Path(__file__).parents[2] / "docs/design/contracts.md").read_text()
    found = re.search(r"`(command [^`]*)`", text[text.index(label):])
    return re.findall(r"[\w]+|[{}\[\]?]", found.group(1))


def read_keys(tokens):
    """{key: (optional, keys of the object or None)} up to the closing brace."""
    keys = {}
    while tokens and tokens[0] != "}":
        name, optional, inner = tokens.pop(0), False, None
        while tokens and tokens[0] in "?[{":
            mark = tokens.pop(0)
            optional = optional or mark == "?"
            if mark == "{":
                inner = read_keys(tokens)
                tokens.pop(0)
                if tokens and tokens[0] == "]":
                    tokens.pop(0)
        keys[name] = (optional, inner)
    return keys


def compare(value, keys, place):
    if isinstance(value, list):
        return [text for item in value for text in compare(item, keys, place + "[]")]
    if keys is None or value is None:
        return []
    if not isinstance(value, dict):
        return [f"{place} is no object"]
    any_name = [inner for name, (_, inner) in keys.items() if name.isupper()]
    wrong = [f"{place}.{name} is promised and missing" for name, (optional, _) in keys.items()
             if not optional and not name.isupper() and name not in value]
    for name, inner in value.items():
        if name in keys or any_name:
            wrong += compare(inner, keys[name][1] if name in keys else any_name[0], f"{place}.{name}")
        else:
            wrong.append(f"{place}.{name} is not promised")
    return wrong


def numbers(value):
    return [n for item in value for n in numbers(item)] if isinstance(value, list) else [value]


def uncounted(value, place=""):
    if isinstance(value, list):
        return [text for item in value for text in uncounted(item, place)]
    if not isinstance(value, dict):
        return []
    wrong = []
    for name, inner in value.items():
        if name in COUNTS and not isinstance(inner, dict):
            wrong += [f"{place}.{name} is {n!r}, no integer" for n in numbers(inner)
                      if isinstance(n, float) or isinstance(n, bool)]
        wrong += uncounted(inner, f"{place}.{name}")
    return wrong


document = json.load(sys.stdin)
problems = compare(document, read_keys(promise(sys.argv[1])), "") + uncounted(document)
print("\n".join(problems))
sys.exit(1 if problems else 0)
