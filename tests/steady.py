"""What keeps a test's verdict off chance and off the clock: fixed keys, fixed draws, waits for a condition."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import hashlib
import itertools
import lzma
import os
import random
import re
import secrets
import shutil
import socket
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy.exc import OperationalError

from canaries.core.clock import Clock
from canaries.core.schema import metadata
from canaries.core.store import Store
from canaries.installation.home import Home

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds: no measure of anything, only the end of a wait for what will not happen."""


MEMORY = Path("/dev/shm")
_ROOM = 4 << 30
"""Bytes: a run needs 1.5 GB of files."""
_taken: list[Path] = []


def use_memory_for_files() -> None:
    """Temporary folders are in memory where there is room and no TMPDIR: hundreds of homes wait for no disk.

    For this process and those that it starts, and before the first one is made.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK | os.X_OK):
        return
    found = os.statvfs(MEMORY)
    if (
        found.f_bavail * found.f_frsize > _ROOM
        and not found.f_flag & os.ST_NOEXEC
        and _free_memory() > 2 * _ROOM
    ):
        os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="tests-", dir=MEMORY)
        Path(os.environ["TMPDIR"]).chmod(0o755)  # for programs that run as another user
        tempfile.tempdir = None
        _taken.append(Path(os.environ["TMPDIR"]))


def free_memory_of_files() -> None:
    """Remove what this process's `use_memory_for_files` began."""
    while _taken:
        shutil.rmtree(_taken.pop(), ignore_errors=True)


def pass_over_finalisers_without_stack() -> None:
    """A finaliser that fails for want of stack fails no test.

    A parser that is given a hundred thousand brackets goes to the limit of recursion. Where the garbage collector runs
    just there, the finalisers of whatever earlier tests left behind fail, and pytest's report of them too.
    """
    report = sys.unraisablehook

    def but_at_the_limit(unraisable: sys.UnraisableHookArgs) -> None:
        if not isinstance(unraisable.exc_value, RecursionError):
            report(unraisable)

    sys.unraisablehook = but_at_the_limit


def _free_memory() -> int:
    line = next(
        one for one in Path("/proc/meminfo").read_text().splitlines() if one.startswith("MemAvailable")
    )
    return int(line.split()[1]) * 1024


def key(name: str, size: int = 32) -> bytes:
    """``size`` bytes that are the same in every run, and others for every name."""
    return hashlib.shake_256(name.encode()).digest(size)


def draw(name: str) -> Callable[[int], bytes]:
    """A stand-in for `secrets.token_bytes` that draws the same bytes in every run."""
    number = 0

    def drawn(size: int) -> bytes:
        nonlocal number
        number += 1
        return key(f"{name} {number}", size)

    return drawn


_draws: dict[str, Iterator[int]] = defaultdict(itertools.count)
_starts: dict[str, Iterator[int]] = defaultdict(itertools.count)
_process = ""
"""Which start of a test this process is; empty in pytest's own."""
_forked = ""
"""What the process that is being forked will be."""


def fix_draws(process: str = "") -> None:
    """From now on what this process mints, and the keys of homes that it makes, are the same in every run: what is
    drawn follows from the test that runs, from ``process`` and from how much was drawn before."""
    from canaries.crypto import keys
    from canaries.mint import minting, various

    global _process
    _process = process

    def drawn(size: int, by: str = "") -> bytes:
        label = f"{_drawer()} {by}".rstrip()
        return key(f"{label} {next(_draws[label])}", size)

    for function in (minting.mint, various.mint_various):
        assert function.__kwdefaults__
        function.__kwdefaults__["draw"] = drawn
    vars(keys)["secrets"] = types.SimpleNamespace(token_bytes=drawn)
    _fix_chance(drawn)


_PASSED_ON = frozenset({"secrets", "random", "uuid", "cryptography"})
"""Who draws for somebody else."""
_SYSTEM = os.urandom


def _fix_chance(drawn: Callable[[int, str], bytes]) -> None:
    """What the product draws from the system (ids, salts, keys) comes from ``drawn``: so what it says, in which words
    are searched for, is the same in every run. Tests and libraries draw as ever."""

    def for_whom(size: int) -> bytes:
        # each module by itself: how often one draws may hang on the clock
        return drawn(size, module) if (module := _asking()) else _SYSTEM(size)

    def token_bytes(size: int | None = None) -> bytes:
        return for_whom(secrets.DEFAULT_ENTROPY if size is None else size)

    def elliptic(curve: ec.EllipticCurve, backend: object = None) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(for_whom(32)) % (1 << curve.key_size - 1) + 1, curve)

    os.urandom = for_whom
    vars(random)["_urandom"] = for_whom
    vars(secrets)["token_bytes"] = token_bytes
    vars(ec)["generate_private_key"] = elliptic
    for kind in (X25519PrivateKey, Ed25519PrivateKey):
        type.__setattr__(kind, "generate", classmethod(lambda cls: cls.from_private_bytes(for_whom(32))))


def _asking() -> str:
    """The module of the product that draws; empty where it is none of them."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        top = name.partition(".")[0]
        if name != __name__ and top not in _PASSED_ON:
            return name if top in {"canaries", "listener"} else ""
        frame = frame.f_back
    return ""


def _begin_fork() -> None:
    global _forked
    _forked = next_process()


def _name_fork() -> None:
    global _process
    _process = _forked


os.register_at_fork(before=_begin_fork, after_in_child=_name_fork)


def next_process() -> str:
    """For `fix_draws` in the next process that this one starts: no two of one test have the same."""
    return f"{_drawer()}.{next(_starts[_drawer()])}"


def _drawer() -> str:
    """Whose draws they are: of a process that a test started, or of the test."""
    return _process or os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0] or "no test"


def installation(path: Path, toml: str, name: str, clock: Clock | None = None) -> Home:
    """A new home whose traps say the same in every run: what they say follows from its ``front`` key."""
    home = Home.create(path, toml, clock)
    unpacked(path)
    (home.keys.folder / "front").write_text(key(f"front of {name}").hex())
    return home


@functools.cache
def _shipped() -> Path:
    from listener.network_data import datasets

    folder = Path(tempfile.mkdtemp(prefix="shipped-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    datasets.shipped(folder)
    return folder / "data" / "shipped"


@functools.cache
def _written_at(file: Path) -> int:
    return file.stat().st_mtime_ns


def unpacked(home: Path) -> None:
    """Put the shipped network data into ``home``, unpacked once for all tests: each time costs a third of a second."""
    target = home / "data" / "shipped"
    if target.exists():
        return
    for folder in (target.parent, target):  # ``parents`` would give the upper one the usual mode
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in _shipped().iterdir():
        assert _written_at(file) == file.stat().st_mtime_ns, (
            f"a test wrote into {file.name}, which all homes share"
        )
        try:
            (target / file.name).hardlink_to(file)
        except OSError:  # another file system
            shutil.copyfile(file, target / file.name)


def unpack_once() -> None:
    """Any home may unpack the shipped network data; this process and its forks work it out once: it takes 0.3 s."""
    from listener.network_data import datasets

    remembered = types.SimpleNamespace(decompress=functools.lru_cache(8)(lzma.decompress))
    vars(datasets)["lzma"] = remembered


_ports = itertools.count(os.getpid() * 61)


def free_port() -> int:
    """A port of 127.0.0.1 for a program that cannot be handed an open socket.

    Below the ports that the kernel gives to whoever asks for any: another process would be given one that was looked
    up there before the program has it. No two processes of a test run begin at the same place.
    """
    while True:
        port = 16_384 + next(_ports) % 16_384
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
            contextlib.suppress(OSError),
        ):
            stream.bind(("127.0.0.1", port))
            datagrams.bind(("127.0.0.1", port))
            return port


def until(
    condition: Callable[[], T],
    reason: str | Callable[[], object] = "it did not happen",
    seconds: float = PATIENCE,
) -> T:
    """What ``condition`` gives, as soon as that is true. Raises AssertionError with ``reason`` after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        asked = time.monotonic()  # before the condition: it has a last chance after any pause
        if found := condition():
            return found
        if asked > end:
            raise AssertionError(reason() if callable(reason) else reason)
        _pause(asked)


def reach(count: Callable[[], int], goal: int, reason: str = "not all of them came") -> None:
    """Return when ``count`` gives ``goal`` or more. Raises AssertionError when it stands still: how long many may take
    together hangs on the machine, and how long the next one may take is bounded."""
    before, end = -1, time.monotonic() + PATIENCE
    while True:
        asked = time.monotonic()
        if (now := count()) >= goal:
            return
        if now != before:
            before, end = now, asked + PATIENCE
        assert asked < end, f"{reason}: {now} of {goal}"
        _pause(asked)


def _pause(asked: float) -> None:
    """Half the time at least is left to those who are waited for: the back is nicer than the tests are."""
    time.sleep(max(0.02, time.monotonic() - asked))


async def soon(condition: Callable[[], T], reason: str = "it did not happen", seconds: float = PATIENCE) -> T:
    """`until`, while the event loop goes on."""
    end = time.monotonic() + seconds
    while True:
        late = time.monotonic() > end
        if found := condition():
            return found
        if late:
            raise AssertionError(reason)
        await asyncio.sleep(0.005)


_DRAWN = re.compile(
    r"(?=[A-Za-z0-9+/=_-]*\d)(?=[A-Za-z0-9+/=_-]*[A-Z])(?=[A-Za-z0-9+/=_-]*[a-z])[A-Za-z0-9+/=_-]{20,}"
)


def spoken(text: str, words: Collection[str]) -> set[str]:
    """Which of ``words`` stand in ``text``: in upper or lower case, inside of other words too.

    In what looks drawn (20 characters and more of base64, with digits and both cases) four letters in a row are
    chance: there a word counts only where it stands by itself.
    """
    plain = _DRAWN.sub(" ", text).lower()
    lower = text.lower()
    return {
        word
        for word in words
        if word in plain or re.search(rf"(?<![a-z0-9+/]){re.escape(word)}(?![a-z0-9+/=])", lower)
    }


def drop_tables(database: Store) -> None:
    """Now. A back whose parent was killed may still be at a batch: the server then ends one of the two."""

    def gone() -> bool:
        try:
            with database.engine.begin() as connection:
                metadata.drop_all(connection)
        except OperationalError:
            return False
        return True

    until(gone)
