#!/usr/bin/env python3
"""Rules of the tree that no compiler checks. Each reads the sources as text and names every place that breaks it.

    hygiene.py RULE --root TREE --modules TABLE        exits 1 if anything is found
    hygiene.py --list

TABLE is written by CMake from what descent_module() was told: one line a module, `name layer dep dep ...`.
HACKING.md says why each rule is there.
"""
import argparse
import re
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

MAX_LINES = 600
MAX_CORE_HEADER_LINES = 150

# Exceptions, each with its reason. A rule's own scope (which folders it reads) stands in the rule.
ALLOWED = {
    # (rule, file): reason
    ("public_headers", "include/descent/autodiff/eigen.hpp"): "for programs that bring Eigen; nothing else includes it",
    ("sleef", "src/core/elementary.cpp"): "the scalar functions that every kernel is compared with",
}

# Private headers that other modules' kernels may include: they show Highway, which no public header may.
SHARED_AMONG_KERNELS = {"simd/dispatch_simd.hpp", "simd/prefetch.hpp"}

STANDARD_HEADERS = set("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view strstream
syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
variant vector version
""".split())

# What libm gives differently on different machines; descent::math and descent::simd have all that is needed of it.
LIBM = ("exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh pow cbrt "
        "hypot erf erfc tgamma lgamma j0 j1 jn y0 y1 yn fma").split()

# Parts that will also run in a browser: they are given text and give text.
NO_FILES = {"core", "simd", "parallel", "autodiff", "metrics", "loss", "expr", "optim", "problem", "linear", "nn", "select",
            "diagnose", "report"}


class Finding(NamedTuple):
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Module(NamedTuple):
    layer: int
    deps: frozenset


# Comments, raw strings, strings, characters (but not the digit separator of 1'000), in the order a lexer meets them.
_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z])\'(?:\\.|[^\'\\\n])+\'',
                    re.DOTALL)


def code_of(text: str) -> str:
    """`text` without comments and without what stands in quotes, line numbers kept; #include lines are left whole."""
    def blank(match: re.Match) -> str:
        token = match.group(0)
        start = text.rfind("\n", 0, match.start()) + 1
        if token[0] == '"' and text[start:match.start()].lstrip().startswith("#include"):
            return token
        quote = token[0] if token[0] in "\"'" else ""
        return quote + "\n" * token.count("\n") + quote
    return _TOKEN.sub(blank, text)


class Tree:
    def __init__(self, root: Path, modules: dict):
        self.root = root
        self.modules = modules

    def files(self, *folders: str, suffixes=(".hpp", ".cpp")) -> Iterator[tuple]:
        """(path relative to the root, text) of the files under `folders`, in a fixed order."""
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                    yield path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8", errors="replace")

    def matches(self, rule: str, pattern: str, message: str, *folders: str, **options) -> Iterator[Finding]:
        """A finding for each place in the code (not in comments or quotes) under `folders` where `pattern` stands."""
        for path, text in self.files(*folders, **options):
            if (rule, path) in ALLOWED:
                continue
            code = code_of(text) if path.endswith((".hpp", ".cpp")) else re.sub(r"#[^\n]*", "", text)
            for number, line in enumerate(code.splitlines(), 1):
                match = re.search(pattern, line)
                if match:
                    yield Finding(path, number, message.format(match.group(0).strip()))


def module_of(path: str) -> str:
    """The module that a file under include/descent/ or src/ belongs to; descent.hpp is the catalog's."""
    parts = path.split("/")
    below = parts[2:] if parts[0] == "include" else parts[1:]
    return below[0] if len(below) > 1 else "catalog"


def includes(text: str) -> Iterator[tuple]:
    """(line number, name as written with its quotes or brackets)."""
    for number, line in enumerate(code_of(text).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(<[^>]*>|"[^"]*")', line)
        if match:
            yield number, match.group(1)


def layers(tree: Tree) -> Iterator[Finding]:
    """A module includes itself and what its DEPS name; HACKING.md draws the arrows that the build has."""
    for path, text in tree.files("include/descent", "src"):
        module = module_of(path)
        if module not in tree.modules:
            yield Finding(path, 1, f"belongs to no module that descent_module() declares ('{module}')")
            continue
        allowed = tree.modules[module].deps | {module}
        for number, name in includes(text):
            match = re.match(r'["<](?:descent|src)/([^"<>]+)[">]', name)
            if not match:
                continue
            used = module_of("src/" + match.group(1))
            private = name[1:].startswith("src/")
            if private and used != module and match.group(1) not in SHARED_AMONG_KERNELS:
                yield Finding(path, number, f"includes a private header of '{used}'")
            elif used not in allowed:
                yield Finding(path, number, f"'{module}' includes '{used}', which its DEPS do not name")
    for name, module in tree.modules.items():
        for dep in module.deps:
            if dep not in tree.modules or tree.modules[dep].layer >= module.layer:
                yield Finding(f"src/{name}/CMakeLists.txt", 1, f"'{name}' depends on '{dep}', which is not below it")
    hacking = (tree.root / "HACKING.md").read_text()
    picture = re.search(r"^## Layers.*?^```\n(.*?)^```", hacking, re.M | re.S)
    first = 1 + hacking.count("\n", 0, picture.start(1)) if picture else 1
    for number, line in enumerate(picture.group(1).splitlines() if picture else [], first):
        for name, deps in re.findall(r"(\w+)\(([\w ]+)\)", line):
            known = tree.modules.get(name)
            if known is None or known.deps != set(deps.split()) or known.layer != int(line.split()[0]):
                yield Finding("HACKING.md", number, f"draws {name}({deps}), the build has "
                              + (f"{name}({' '.join(sorted(known.deps))}) in layer {known.layer}" if known else "none"))


def public_headers(tree: Tree) -> Iterator[Finding]:
    """A public header includes the standard library and descent/ only, and begins with #pragma once."""
    for path, text in tree.files("include"):
        for number, name in includes(text):
            if name[0] == "<" and name[1:-1] not in STANDARD_HEADERS and ("public_headers", path) not in ALLOWED:
                yield Finding(path, number, f"includes {name}, which is not of the standard library")
            elif name[0] == '"' and not name.startswith('"descent/'):
                yield Finding(path, number, f"includes {name}: public headers are named from descent/")
        if not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield Finding(path, 1, "has no #pragma once")


def highway(tree: Tree) -> Iterator[Finding]:
    """Highway stays in sources named *_simd.cpp, each compiled once per CPU target, and in *_simd.hpp that they share."""
    for finding in tree.matches("highway", r"\bhwy::|[<\"]hwy/|\bHWY_\w+", "{} outside a *_simd.cpp", "include", "src",
                                "cli", "tests", "benchmarks", "examples"):
        if not re.fullmatch(r"src/.*_simd\.[ch]pp", finding.path):
            yield finding


def sleef(tree: Tree) -> Iterator[Finding]:
    """SLEEF's functions stay where their variants are chosen; the rest uses descent::math and descent::simd."""
    for finding in tree.matches("sleef", r"\bSleef_\w+|<sleef\.h>", "{} outside src/simd and *_simd.cpp", "include", "src",
                                "cli", "examples"):
        if not finding.path.endswith("_simd.cpp") and not finding.path.startswith("src/simd/sleef_"):
            yield finding


def silent(tree: Tree) -> Iterator[Finding]:
    """The library never prints, exits, aborts or starts a program."""
    pattern = (r"\bstd::(cout|cerr|clog|cin)\b|<iostream>|\bfmt::print\b"
               r"|(?<![\w.>])(?:std::|::)?(?:v?printf|v?fprintf|puts|fputs|putchar|perror|exit|_exit|quick_exit|_Exit|abort|"
               r"terminate|system|popen|fork|execv\w*|execl\w*|assert|longjmp|raise)\s*\(")
    yield from tree.matches("silent", pattern, "'{}': the library never prints, exits, aborts or starts programs",
                            "include", "src")


def libm(tree: Tree) -> Iterator[Finding]:
    """Elementary functions come from descent::math or descent::simd: libm's change with the machine."""
    pattern = rf"(?<![\w:])(?:std)?::(?:{'|'.join(LIBM)})\b(?!::)"
    yield from tree.matches("libm", pattern, "'{}': use descent::math or descent::simd (the same bits on every machine)",
                            "include", "src")
    yield from tree.matches("libm", r"\bffast-math\b|\bOfast\b", "'{}' gives up the same bits", "cmake", "src",
                            suffixes=(".cmake", ".txt"))


def chance(tree: Tree) -> Iterator[Finding]:
    """Chance comes from core/random.hpp alone: a counter, so equal seeds give equal bits everywhere."""
    pattern = r"\bstd::(?:random_device|\w+_distribution|shuffle|sample|rand|default_random_engine)\b|(?<![\w.:>])s?rand\s*\("
    yield from tree.matches("chance", pattern, "'{}': draw from core/random.hpp", "include", "src", "cli")


def resources(tree: Tree) -> Iterator[Finding]:
    """Threads are started by `parallel` alone; files are opened by `data` and `model` alone."""
    for finding in tree.matches("resources", r"\bstd::(?:thread|jthread|async)\b", "'{}': threads belong to parallel",
                                "include/descent", "src"):
        if module_of(finding.path) != "parallel":
            yield finding
    pattern = r"<(?:fstream|filesystem|fcntl\.h)>|(?<![\w.:>])(?:std::|::)?(?:fopen|freopen|tmpfile|open)\s*\("
    for finding in tree.matches("resources", pattern, "'{}': this module opens no files", "include/descent", "src"):
        if module_of(finding.path) in NO_FILES:
            yield finding


def listed(tree: Tree) -> Iterator[Finding]:
    """Every source is named in its module's CMakeLists.txt: one that is not is never compiled, a test never run."""
    for name in tree.modules:
        lists = tree.root / "src" / name / "CMakeLists.txt"
        words = set(re.findall(r"[\w./-]+\.cpp", lists.read_text())) if lists.is_file() else set()
        for folder in (f"src/{name}", f"tests/{name}", f"benchmarks/{name}"):
            for path, _ in tree.files(folder, suffixes=(".cpp",)):
                if path.removeprefix(folder + "/") not in words and not any(w.endswith("/" + path) for w in words):
                    yield Finding(path, 1, f"is not named in src/{name}/CMakeLists.txt")


def length(tree: Tree) -> Iterator[Finding]:
    """Files end at 600 lines, headers of core at 150."""
    for path, text in tree.files("include", "src", "cli", "tests", "benchmarks", "examples", "cmake", "script",
                                 suffixes=(".hpp", ".cpp", ".py", ".cmake", ".txt", ".sh", "")):
        if path.startswith(("tests/golden/", "tests/fuzz/corpus/")):
            continue
        lines = text.count("\n")
        limit = MAX_CORE_HEADER_LINES if path.startswith("include/descent/core/") else MAX_LINES
        if lines > limit:
            yield Finding(path, limit, f"has {lines} lines, {limit} are the limit: split it")


def machine(tree: Tree) -> Iterator[Finding]:
    """No file says where some machine keeps things, or talks to a name that only one machine has."""
    pattern = re.compile(r"(?<![\w.$}/])/(?:work|root|home|Users|tmp/wt)/\w|\b" + "local" + r"host\b|\b127\.0\.0\.1\b"
                         r"|\.\./shared\b")
    names = (".hpp", ".cpp", ".py", ".cmake", ".txt", ".sh", ".md", ".json", ".test", ".yml", ".toml", "")
    tops = [p.name for p in tree.root.iterdir() if p.is_file()]
    folders = ("include", "src", "cli", "tests", "benchmarks", "examples", "cmake", "script", ".ci", "docs")
    for path, text in list(tree.files(*folders, suffixes=names)) + [
            (name, (tree.root / name).read_text(encoding="utf-8", errors="replace")) for name in sorted(tops)
            if Path(name).suffix in names and name != ".git"]:
        if path.startswith("tests/hygiene/"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = pattern.search(line)
            if match:
                yield Finding(path, number, f"'{match.group(0)}' is of one machine")


def links(tree: Tree) -> Iterator[Finding]:
    """Relative links in Markdown lead somewhere, and every design page stands in the index."""
    pages = [p for p in sorted(tree.root.glob("*.md"))] + sorted((tree.root / "docs").rglob("*.md"))
    for page in pages:
        path = page.relative_to(tree.root).as_posix()
        text = re.sub(r"^```.*?^```", lambda m: "\n" * m.group(0).count("\n"), page.read_text(), flags=re.M | re.S)
        for number, line in enumerate(text.splitlines(), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.split("#")[0]).exists():
                    yield Finding(path, number, f"the link to {target} leads nowhere")
    index = tree.root / "docs/design/README.md"
    for page in sorted((tree.root / "docs/design").glob("*.md")):
        if page != index and (not index.exists() or f"({page.name})" not in index.read_text()):
            yield Finding(page.relative_to(tree.root).as_posix(), 1, "is not in the index, docs/design/README.md")


def readme(tree: Tree) -> Iterator[Finding]:
    """The C++ program in README.md is the one that tests/consumer builds and runs."""
    text = (tree.root / "README.md").read_text()
    program = (tree.root / "tests/consumer/project/main.cpp").read_text()
    for match in re.finditer(r"^```cpp\n(.*?)^```", text, re.M | re.S):
        if match.group(1) != program:
            yield Finding("README.md", text.count("\n", 0, match.start()) + 1,
                          "is not the program of tests/consumer/project/main.cpp")


RULES = {rule.__name__: rule for rule in (layers, public_headers, highway, sleef, silent, libm, chance, resources, listed,
                                          length, machine, links, readme)}


def read_modules(path: Path) -> dict:
    modules = {}
    for line in path.read_text().splitlines():
        name, layer, *deps = line.split()
        modules[name] = Module(int(layer), frozenset(deps))
    return modules


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rule", nargs="?", choices=RULES)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--list", action="store_true", help="print the rules")
    arguments = parser.parse_args()
    if arguments.list:
        for name, rule in RULES.items():
            print(f"{name}: {rule.__doc__}")
        return 0
    if not arguments.rule or not arguments.root or not arguments.modules:
        parser.error("RULE, --root and --modules are needed")
    findings = list(RULES[arguments.rule](Tree(arguments.root, read_modules(arguments.modules))))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
