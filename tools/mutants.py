"""Break the code on purpose, one small fault at a time, and see whether a test notices: ``make mutants``.

Two sorts of faults: those of ``tools/mutants.toml``, each the opposite of a promise, and drawn ones (a comparison
turned, a condition negated, a statement left out), the same for the same ``--seed``. A fault is put into a copy of the
source. The test file that mirrors the module runs first, then the tests of its room. Each passes without a fault before
it is asked; a run that takes five times as long as that counts as noticed. What survives is printed, unless
``tools/mutants.toml`` explains it: a fault that nobody could see. Exit status 1: more than two in a hundred survive.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
KNOWN = Path(__file__).with_suffix(".toml")
TARGETS = (
    "canaries/ledger/entries.py canaries/ledger/merkle.py canaries/ledger/sealer.py canaries/ledger/checkpoints.py "
    "canaries/ledger/signed_note.py canaries/ledger/verification.py canaries/crypto/sealed_box.py "
    "canaries/crypto/token_tags.py canaries/plant/planting.py canaries/plant/files/splicing.py "
    "canaries/plant/files/removal.py listener/journal/journal.py listener/ingest/drain.py "
    "listener/ingest/matcher.py listener/ingest/quarantine.py listener/incidents/grouping.py "
    "listener/dossier/build.py listener/dossier/collect.py listener/dossier/case.py listener/dossier/verify.py"
).split()
MORE_TESTS = ("tests/test_vectors.py",)
"""Beside a module's own: the kept formats' known answers."""
SECONDS = 1200
"""For tests without a fault."""
_ASKED = "not (soak or clients or alone or rehearsal)"
"""As in ``make test``."""
ALLOWED = 0.02
"""Share of survivors without an explanation."""

_TURNED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault."""

    path: str
    old: str
    """What stands there; for a drawn fault the whole file."""
    new: str
    """What is put in its place."""
    name: str
    """File, function and fault: stays the same while the function does."""
    tests: tuple[str, ...] = ()
    """Instead of the mirrored ones."""


def written() -> list[Mutant]:
    """The faults of ``mutants.toml``."""
    table = tomllib.loads(KNOWN.read_text("utf-8"))
    return [
        Mutant(
            one["path"], one["old"], one["new"], f"{one['path']}: {one['law']}", tuple(one.get("tests", ()))
        )
        for one in table["mutant"]
    ]


def explained() -> dict[str, str]:
    """Names of drawn faults that change nothing to be seen, with the reason."""
    table = tomllib.loads(KNOWN.read_text("utf-8"))
    return {one["name"]: one["reason"] for one in table.get("explained", ())}


def drawn(path: str, source: str) -> list[Mutant]:
    """Every fault that the rules below make of a module."""
    found: list[Mutant] = []
    counted: dict[str, int] = {}
    for function, start, end, new, what in _faults(ast.parse(source), source):
        name = f"{path}: {function}: {what}"
        counted[name] = counted.get(name, 0) + 1
        label = name if counted[name] == 1 else f"{name} ({counted[name]})"
        found.append(Mutant(path, source, source[:start] + new + source[end:], label))
    return found


def _faults(tree: ast.Module, source: str) -> Iterator[tuple[str, int, int, str, str]]:
    """(function, first and last character, what to put there, description)."""
    encoded = source.encode()
    lines = [0]
    for line in encoded.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))

    def place(node: ast.expr | ast.stmt) -> tuple[int, int]:
        first = lines[node.lineno - 1] + node.col_offset
        last = lines[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        return len(encoded[:first].decode()), len(encoded[:last].decode())

    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in _inside(function):
            if (new := _changed(node)) is not None and isinstance(node, ast.expr | ast.stmt):
                first, last = place(node)
                old = " ".join(source[first:last].split())
                yield function.name, first, last, new, f"{old[:70]} -> {' '.join(new.split())[:70]}"


def _inside(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function's body, without inner functions, docstrings and annotations."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.JoinedStr):
            continue
        yield node
        waiting += [child for name, child in _children(node) if name not in ("annotation", "returns")]


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def _changed(node: ast.AST) -> str | None:
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in _TURNED:
            return f"({ast.unparse(left)} {_TURNED[type(operator)]} {ast.unparse(right)})"
        case ast.BoolOp(operator, values):
            word = " or " if isinstance(operator, ast.And) else " and "
            return f"({word.join(f'({ast.unparse(value)})' for value in values)})"
        case ast.UnaryOp(ast.Not(), operand):
            return f"({ast.unparse(operand)})"
        case ast.BinOp(left, ast.Add() | ast.Sub() as operator, right):
            sign = "-" if isinstance(operator, ast.Add) else "+"
            return f"({ast.unparse(left)} {sign} {ast.unparse(right)})"
        case ast.Constant(bool() as value):
            return str(not value)
        case ast.Constant(int() as value):
            return str(value + 1)
        case ast.Call(ast.Name("min" | "max" as name), arguments):
            other = "max" if name == "min" else "min"
            return (
                f"{other}({', '.join(ast.unparse(one) for one in arguments)})" if not node.keywords else None
            )
        case ast.Expr(ast.Call()) | ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue():
            return "pass"
    return None


class Copy:
    """The source in a folder of its own, where a fault can be put in and taken out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info", "benchmarks")
        shutil.copytree(ROOT, folder, ignore=ignored)

    def noticed(self, mutant: Mutant, sound: dict[tuple[str, ...], float]) -> str:
        """Which tests noticed it; empty where none did. ``sound``: how long tests took without a fault, in seconds."""
        path = self.folder / mutant.path
        source = path.read_text("utf-8")
        for tests in stages(mutant):
            if tests not in sound:
                began = time.monotonic()
                if self.run(tests, SECONDS):
                    raise SystemExit(f"without any fault these fail, or take too long: {' '.join(tests)}")
                sound[tests] = time.monotonic() - began
            changed = source.replace(mutant.old, mutant.new, 1)
            if changed == source:
                raise SystemExit(f"not in the code any more: {mutant.name}")
            ast.parse(changed)  # what is no program would be noticed by anything
            path.write_text(changed, "utf-8")
            try:
                found = self.run(tests, 5 * sound[tests] + 30)
            finally:
                path.write_text(source, "utf-8")
            if found:
                return f"{found} in {' '.join(tests)}"
        return ""

    def run(self, tests: Sequence[str], seconds: float) -> str:
        command = [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "-m",
            _ASKED,
            *tests,
        ]
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:  # fmt: skip
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return "time limit"
        return "" if status in (0, 5) else "failure"


def stages(mutant: Mutant) -> list[tuple[str, ...]]:
    """What to run, quickest first."""
    if mutant.tests:
        return [mutant.tests]
    path = Path("tests") / mutant.path
    mirrored = path.with_name(f"test_{path.name}")
    first = (str(mirrored),) if (ROOT / mirrored).is_file() else ()
    return [tests for tests in (first, (str(mirrored.parent), *MORE_TESTS)) if tests]


def chosen(count: int, seed: int, only: str) -> list[Mutant]:
    """All written faults, and ``count`` drawn ones, as many of each module."""
    chance = random.Random(seed)  # noqa: S311  no secret
    piles = []
    for path in TARGETS:
        pile = drawn(path, (ROOT / path).read_text("utf-8"))
        chance.shuffle(pile)
        piles.append(pile)
    mixed = [pile[turn] for turn in range(max(map(len, piles))) for pile in piles if turn < len(pile)]
    return [mutant for mutant in (*written(), *mixed[:count]) if only in mutant.name]


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="drawn faults (default 100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--only", default="", help="those whose name holds this text")
    asked = parser.parse_args()
    mutants, known = chosen(asked.count, asked.seed, asked.only), explained()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        sound: dict[tuple[str, ...], float] = {}
        for number in range(asked.jobs):
            copies.put(Copy(Path(folder) / str(number)))

        def judge(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                found = copy.noticed(mutant, sound)
            finally:
                copies.put(copy)
            word = found or (f"explained: {known[mutant.name]}" if mutant.name in known else "SURVIVED")
            print(f"{mutant.name}: {word}", flush=True)
            return bool(found) or mutant.name in known

        with ThreadPoolExecutor(asked.jobs) as workers:
            verdicts = list(workers.map(judge, mutants))
    survived = verdicts.count(False)
    print(f"{survived} of {len(mutants)} survived unexplained")
    return int(survived > ALLOWED * len(mutants))


if __name__ == "__main__":
    sys.exit(main())
