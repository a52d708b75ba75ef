#!/usr/bin/env python3
"""Each rule of hygiene.py finds what is planted for it, where it is planted, and nothing in a sound tree."""
import tempfile
import unittest
from pathlib import Path

import hygiene

MODULES = {
    "core": hygiene.Module(0, frozenset()),
    "data": hygiene.Module(2, frozenset({"core"})),
    "optim": hygiene.Module(2, frozenset({"core"})),
    "parallel": hygiene.Module(1, frozenset({"core"})),
    "catalog": hygiene.Module(4, frozenset({"core", "optim"})),
}

SOUND = {
    "include/descent/core/error.hpp": "#pragma once\n#include <string>\n",
    "include/descent/optim/adam.hpp": '#pragma once\n#include <span>\n#include "descent/core/error.hpp"\n',
    "include/descent/descent.hpp": '#pragma once\n#include "descent/optim/adam.hpp"\n',
    "src/core/CMakeLists.txt": "descent_module(NAME core LAYER 0 SOURCES error.cpp)",
    "src/core/error.cpp": '#include "descent/core/error.hpp"\n// std::cout << "in a comment" << std::exp(1);\n',
    "src/optim/CMakeLists.txt": "# never -ffast-math\nSOURCES adam.cpp adam_simd.cpp TESTS adam_test.cpp",
    "src/optim/adam.cpp": '#include "src/optim/adam_kernel.hpp"\nconst char* text = "abort(); \\" printf(";\n'
                          "double f(double x) { return std::sqrt(math::exp(x)) + 1'000 + result.exit(); }\n"
                          'auto raw = R"(std::cerr << exit(1))";\n',
    "src/optim/adam_kernel.hpp": "#pragma once\n",
    "src/optim/adam_simd.cpp": '#include <hwy/highway.h>\nHWY_EXPORT(Adam);\nauto v = Sleef_cinz_expd2_u10sse4(x);\n',
    "tests/optim/adam_test.cpp": "#include <fstream>\n",
    "src/parallel/CMakeLists.txt": "SOURCES pool.cpp",
    "src/parallel/pool.cpp": "std::thread worker;\n",
    "src/data/CMakeLists.txt": "SOURCES bytes.cpp",
    "src/data/bytes.cpp": "#include <fstream>\n",
    "HACKING.md": "## Layers\n\n```\n2  optim(core)\n1  parallel(core)\n```\n",
    "README.md": "Open build/demo/rosenbrock.html; [a page](docs/design/optim.md#why), [site](https://example.org)\n"
                 "```cpp\nint main() {}\n```\n",
    "tests/consumer/project/main.cpp": "int main() {}\n",
    "docs/design/README.md": "[optim](optim.md)\n",
    "docs/design/optim.md": "```\n[not](a-link.md)\n```\n",
}

# rule: [(file, text, line of the finding, a word of its message)]; a file of SOUND is replaced.
PLANTED = {
    "layers": [
        ("include/descent/core/error.hpp", '#pragma once\n#include "descent/optim/adam.hpp"\n', 2, "DEPS"),
        ("src/optim/adam.cpp", '#include "descent/data/csv.hpp"\n', 1, "'data'"),
        ("src/optim/adam.cpp", '\n#include "src/data/csv_cells.hpp"\n', 2, "private"),
        ("src/core/error.cpp", '#include "descent/descent.hpp"\n', 1, "catalog"),
        ("src/stray/stray.cpp", "", 1, "no module"),
        ("HACKING.md", "## Layers\n```\n1  parallel(core)\n2  optim(core parallel)\n```\n", 4, "optim(core parallel)"),
        ("HACKING.md", "## Layers\n```\n3  optim(core)\n```\n", 3, "layer 2"),
    ],
    "public_headers": [
        ("include/descent/optim/adam.hpp", "#pragma once\n#include <fmt/format.h>\n", 2, "fmt/format.h"),
        ("include/descent/optim/adam.hpp", "#pragma once\n#include <Eigen/Dense>\n", 2, "Eigen"),
        ("include/descent/optim/adam.hpp", '#pragma once\n#include "adam_kernel.hpp"\n', 2, "named from descent/"),
        ("include/descent/optim/adam.hpp", "#include <span>\n", 1, "pragma"),
    ],
    "highway": [
        ("src/optim/adam.cpp", "#include <hwy/highway.h>\n", 1, "hwy/"),
        ("include/descent/optim/adam.hpp", "#pragma once\nHWY_INLINE void f();\n", 2, "HWY_INLINE"),
    ],
    "sleef": [("src/optim/adam.cpp", "\ndouble f(double x) { return Sleef_cinz_expd1_u10purec(x); }\n", 2, "Sleef_")],
    "silent": [
        ("src/optim/adam.cpp", "#include <iostream>\n", 1, "iostream"),
        ("src/optim/adam.cpp", 'void f() { std::cerr << "lost"; }\n', 1, "cerr"),
        ("src/optim/adam.cpp", 'void f() {\n  std::printf("step");\n}\n', 2, "printf"),
        ("src/optim/adam.cpp", "/* a\n comment */ void f() { exit(1); }\n", 2, "exit"),
        ("src/optim/adam.cpp", "void f() { std::abort(); }\n", 1, "abort"),
        ("src/optim/adam.cpp", "void f(int x) { assert(x > 0); }\n", 1, "assert"),
        ("include/descent/optim/adam.hpp", '#pragma once\ninline int f() { return system("gnuplot"); }\n', 2, "system"),
    ],
    "libm": [
        ("src/optim/adam.cpp", "double f(double x) { return std::exp(x); }\n", 1, "std::exp"),
        ("src/optim/adam.cpp", "double f(double x) {\n  using std::pow;\n  return pow(x, 2); }\n", 2, "std::pow"),
        ("src/optim/adam.cpp", "double f(double x) { return ::log1p(x); }\n", 1, "::log1p"),
        ("src/optim/CMakeLists.txt", "SOURCES adam.cpp -ffast-math", 1, "fast-math"),
    ],
    "chance": [
        ("src/optim/adam.cpp", "std::random_device entropy;\n", 1, "random_device"),
        ("src/optim/adam.cpp", "std::normal_distribution<double> d;\n", 1, "normal_distribution"),
        ("src/optim/adam.cpp", "int f() { return rand(); }\n", 1, "rand"),
    ],
    "resources": [
        ("src/optim/adam.cpp", "std::thread worker;\n", 1, "parallel"),
        ("src/optim/adam.cpp", "#include <fstream>\n", 1, "no files"),
        ("src/core/error.cpp", 'auto f = std::fopen("x", "r");\n', 1, "no files"),
    ],
    "listed": [
        ("src/optim/lost.cpp", "", 1, "not named"),
        ("tests/optim/lost_test.cpp", "", 1, "not named"),
    ],
    "length": [
        ("src/optim/adam.cpp", "\n" * 601, 600, "601 lines"),
        ("include/descent/core/error.hpp", "\n" * 151, 150, "151 lines"),
    ],
    "machine": [
        ("README.md", "see /" + "work/main/README\n", 1, "one machine"),
        ("src/optim/adam.cpp", '// "http://local' + 'host:8000"\n', 1, "one machine"),
        ("docs/design/optim.md", "see .." + "/shared/DESIGN.md\n", 1, "one machine"),
    ],
    "links": [
        ("README.md", "\n[gone](docs/gone.md)\n", 2, "docs/gone.md"),
        ("docs/design/orphan.md", "", 1, "index"),
    ],
    "readme": [("README.md", "a\n```cpp\nint main() { return 1; }\n```\n", 2, "tests/consumer")],
}


class Hygiene(unittest.TestCase):
    def findings(self, rule, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return list(hygiene.RULES[rule](hygiene.Tree(Path(folder), MODULES)))

    def test_every_rule_has_a_planted_violation(self):
        self.assertEqual(set(PLANTED), set(hygiene.RULES))

    def test_a_sound_tree_has_no_findings(self):
        for rule in hygiene.RULES:
            with self.subTest(rule):
                self.assertEqual(self.findings(rule, SOUND), [])

    def test_what_is_planted_is_found_where_it_is_and_nothing_else(self):
        for rule, plants in PLANTED.items():
            for name, text, line, word in plants:
                with self.subTest(rule=rule, file=name, text=text[:40]):
                    found = self.findings(rule, {**SOUND, name: text})
                    self.assertEqual([(f.path, f.line) for f in found], [(name, line)], found)
                    self.assertIn(word, found[0].text)

    def test_an_upward_dependency_in_the_table_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "HACKING.md").write_text("")
            tree = hygiene.Tree(Path(folder), {**MODULES, "core": hygiene.Module(0, frozenset({"optim"}))})
            self.assertIn("not below", list(hygiene.layers(tree))[0].text)


if __name__ == "__main__":
    unittest.main()
