#!/usr/bin/python3
"""Writes diabetes.csv, iris.csv, breast_cancer.csv and digits.csv.gz from scikit-learn's copies (made with 1.2.1); see SOURCES.md.

    /usr/bin/python3 data/make.py          writes the four files next to this script
    /usr/bin/python3 data/make.py --check  says whether they are what it would write
"""
import gzip
import pathlib
import sys

from sklearn import datasets

HERE = pathlib.Path(__file__).parent


def text(value):
    """The shortest decimal that reads back to the same double, without a trailing .0."""
    value = float(value)
    return str(int(value)) if value == int(value) else repr(value)


def csv(names, rows):
    return "".join(",".join(line) + "\n" for line in [names, *rows])


def diabetes():
    data = datasets.load_diabetes(scaled=False)
    names = list(data.feature_names) + ["progression"]
    return csv(names, [[text(v) for v in row] + [text(y)] for row, y in zip(data.data, data.target)])


def labelled(data, names):
    return csv(names, [[text(v) for v in row] + [str(data.target_names[y])] for row, y in zip(data.data, data.target)])


def iris():
    return labelled(datasets.load_iris(), ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"])


def breast_cancer():
    data = datasets.load_breast_cancer()
    return labelled(data, [name.replace(" ", "_") for name in data.feature_names] + ["diagnosis"])


def digits():
    data = datasets.load_digits()
    return csv(list(data.feature_names) + ["digit"],
               [[text(v) for v in row] + [str(y)] for row, y in zip(data.data, data.target)])


def main():
    status = 0
    for make in (diabetes, iris, breast_cancer, digits):
        packed = make is digits  # 270 kB of small numbers
        path = HERE / (make.__name__ + (".csv.gz" if packed else ".csv"))
        if sys.argv[1:] == ["--check"]:
            read = (lambda p: gzip.decompress(p.read_bytes()).decode()) if packed else pathlib.Path.read_text
            written = read(path) if path.exists() else None
            same = written == make()
            status |= not same
            print(path.name, "as made" if same else "DIFFERS")
        elif packed:
            path.write_bytes(gzip.compress(make().encode(), 9, mtime=0))
        else:
            path.write_text(make())
    return status


if __name__ == "__main__":
    sys.exit(main())
