"""Trapline's commands that tests start come out of a process that has loaded Trapline already.

A start by exec costs a second of imports for each of its processes, and the suite starts hundreds. Here a template, one
for each test process, imports everything once and forks a child for each start. What a caller sees is the same: a child
process of the caller's own with the arguments, environment, folder, descriptors, session and signals that it asked for.

What differs: imports are done, all children of a test process have one hash seed, and ``/proc/PID/environ`` is the
template's, and so is the memory. A test that is about any of these, or about a start itself, asks for the fixture
``started_by_exec``. Anything but a plain start of Trapline's own modules out of this tree is started by exec anyway.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import io
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tests import steady

ROOT = Path(__file__).parents[1]
MODULES = ("listener", "listener.runtime.front", "listener.runtime.back")
CODE = "from listener.cli import main; main()"
_STARTS = ("listen", "demo")
"""Commands that start processes of Trapline, and so get a template of their own."""
_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER (prctl(2))."""
_ARGUMENTS = 8192
"""Bytes of the command line that a child may write its own into."""
_running: list[subprocess.Popen[bytes]] = []
"""The template of this process: it ends with the socket."""
_exec = subprocess._fork_exec  # type: ignore[attr-defined]
_names = (
    "args executables close_fds pass_fds cwd env p2cread p2cwrite c2pread c2pwrite errread errwrite errpipe_read "
    "errpipe_write restore_signals start_new_session process_group gid gids uid umask preexec_fn"
).split()


# --- whoever starts a process


class Template:
    """The template of this process: started when first asked."""

    def __init__(self, sock: socket.socket | None = None) -> None:
        self._sock, self._lock = sock, threading.Lock()
        self._owner = os.getpid()
        self._off = 0

    def install(self) -> None:
        """From now on ``subprocess`` and ``asyncio`` ask here first."""
        subprocess._fork_exec = self.fork_exec  # type: ignore[attr-defined]

    def close(self) -> None:
        """Ask here no longer, and end the template."""
        subprocess._fork_exec = _exec  # type: ignore[attr-defined]
        if self._sock is not None and os.getpid() == self._owner:
            self._sock.close()
        for process in _running:
            process.wait()

    @contextlib.contextmanager
    def by_exec(self) -> Iterator[None]:
        """Within this everything is started by exec."""
        self._off += 1
        try:
            yield
        finally:
            self._off -= 1

    def fork_exec(self, *given: Any) -> int:
        """Stands in for `_posixsubprocess.fork_exec`."""
        if self._off or os.getpid() != self._owner or not plain(given):
            return int(_exec(*given))
        with self._lock:
            return self._start(_named(given))

    def _start(self, asked: dict[str, Any]) -> int:
        sock = self._sock = self._sock or _served()
        streams = [asked["p2cread"], asked["c2pwrite"], asked["errwrite"]]
        sources = [own if own != -1 else number for number, own in enumerate(streams)]
        kept = [one for one in asked["pass_fds"] if one != asked["errpipe_write"]]
        request = {
            "args": [os.fsdecode(one) for one in asked["args"]],
            "env": [os.fsdecode(one) for one in asked["env"]] if asked["env"] is not None else _environment(),
            "cwd": os.fsdecode(asked["cwd"]) if asked["cwd"] is not None else str(Path.cwd()),
            "targets": [0, 1, 2, *kept],
            "session": bool(asked["start_new_session"]),
            "group": asked["process_group"],
            "umask": _umask(),
            "process": steady.next_process(),
        }
        ready, its = os.pipe()
        try:
            with _adopting():
                try:
                    socket.send_fds(sock, [b"."], [*sources, *kept, its])
                finally:
                    os.close(its)
                content = json.dumps(request).encode()
                sock.sendall(len(content).to_bytes(4) + content)
                answer = _exactly(sock, 4)
            os.read(ready, 1)  # it is what was asked for, or it has died: the child alone holds the other end
        finally:
            os.close(ready)
        return int.from_bytes(answer)


def _environment() -> list[str]:
    return [f"{name}={value}" for name, value in os.environ.items()]


def _umask() -> int:
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("Umask:")), 8)


def _named(given: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(_names, given, strict=False))


def plain(given: Sequence[Any]) -> bool:
    """Whether the arguments of `fork_exec` ask for Trapline of this tree, and for nothing that a fork cannot give."""
    asked = _named(given)
    if asked["preexec_fn"] is not None or not asked["close_fds"] or not asked["restore_signals"]:
        return False
    if any(asked[name] is not None for name in ("gid", "gids", "uid")) or asked["umask"] != -1:
        return False
    args = [os.fsdecode(one) for one in asked["args"]]
    if args[0] != sys.executable or _program(args) is None:
        return False
    folder = Path(os.fsdecode(asked["cwd"])) if asked["cwd"] is not None else Path.cwd()
    if not os.access(folder, os.X_OK) or (folder != ROOT and _hides(folder)):
        return False
    if asked["env"] is None:
        return True
    env = dict(os.fsdecode(one).split("=", 1) for one in asked["env"])
    return _of_the_interpreter(env) == _of_the_interpreter(os.environ)


def _hides(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("listener", "canaries", "tests"))


def _of_the_interpreter(env: Any) -> dict[str, str]:
    """What Python and the C library read once, at the start."""
    return {
        name: value
        for name, value in env.items()
        if name.startswith(("PYTHON", "LC_", "LD_")) or name in ("LANG", "LANGUAGE", "MALLOC_ARENA_MAX")
    }


def _program(args: Sequence[str]) -> tuple[str, list[str]] | None:
    """(module, its arguments) of a command line of Python; None where it is another."""
    if args[1:2] == ["-m"] and len(args) > 2 and args[2] in MODULES:
        return args[2], list(args[3:])
    if args[1:3] == ["-c", CODE]:
        return "-c", list(args[3:])
    return None


@contextlib.contextmanager
def _adopting() -> Iterator[None]:
    """Within this the processes of a child that ends become this process's own children."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_SUBREAPER, 0, 0, 0, 0)


def _exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        data = sock.recv(size - len(found))
        if not data:
            raise ConnectionError("the template has ended")
        found += data
    return found


def _served() -> socket.socket:
    """A template of its own, by exec."""
    mine, its = socket.socketpair()
    command = [sys.executable, "-m", "tests.preloaded", str(its.fileno()), "." * _ARGUMENTS]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # threads would not come with a fork
    with its:
        _running.append(
            subprocess.Popen(
                command, pass_fds=[its.fileno()], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL
            )
        )
    if _exactly(mine, 1) != b"+":
        raise ConnectionError("the template did not load")
    return mine


# --- the template


def serve(sock: socket.socket) -> dict[str, Any]:
    """Fork a child for each request until the other side is gone. Returns in the child alone: what it is to be."""
    while True:
        try:
            data, received, _, _ = socket.recv_fds(sock, 1, 250)
        except ConnectionError:
            data = b""
        if not data:
            os._exit(0)
        request = json.loads(_exactly(sock, int.from_bytes(_exactly(sock, 4))))
        number, its = os.pipe()
        middle = os.fork()
        if middle == 0:
            middle = os.getpid()
            if child := os.fork():
                os.write(its, child.to_bytes(4))
                os._exit(0)
            while os.getppid() == middle:  # until whoever asked is the parent
                time.sleep(0.0002)
            sock.detach()
            _take(request, received)
            return dict(request)
        for one in (*received, its):
            os.close(one)
        os.waitpid(middle, 0)  # from here on the child is the asker's, alive or dead
        sock.sendall(os.read(number, 4))
        os.close(number)


def _take(request: dict[str, Any], received: Sequence[int]) -> None:
    """Become what was asked for, and say so on the last of the ``received`` descriptors."""
    import fcntl

    targets = request["targets"]
    floor = max(*targets, *received) + 1
    *high, ready = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, floor) for one in received]
    _close_all_but({0, 1, 2, ready, *high})
    for source, target in zip(high, targets, strict=True):
        os.dup2(source, target)
    for one in high:
        os.close(one)
    if request["session"]:
        os.setsid()
    if request["group"] is not None and request["group"] >= 0:
        os.setpgid(0, request["group"])
    os.umask(request["umask"])
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(one.split("=", 1) for one in request["env"])
    time.tzset()
    steady.fix_draws(request["process"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _name(request["args"])
    _streams()
    found = _program(request["args"])
    if found is not None and found[0] != MODULES[1] and any(word in _STARTS for word in found[1]):
        _own_template()
    else:
        subprocess._fork_exec = _exec  # type: ignore[attr-defined]
    with contextlib.suppress(BrokenPipeError):  # whoever asked is gone
        os.write(ready, b"+")
    os.close(ready)


def _close_all_but(kept: set[int]) -> None:
    for number in [int(one) for one in os.listdir("/proc/self/fd")]:  # noqa: PTH208  names are enough
        if number not in kept:
            with contextlib.suppress(OSError):  # the list's own
                os.close(number)


def _own_template() -> None:
    """Fork a template for the processes that this one will start, before it knows anything."""
    mine, its = socket.socketpair()
    if os.fork() == 0:
        mine.close()
        _close_all_but({0, 1, 2, its.fileno()})
        with open(os.devnull, "r+b", buffering=0) as nothing:  # noqa: PTH123  descriptors
            for number in range(3):
                os.dup2(nothing.fileno(), number)
        os.setsid()
        _name(["template"])
        _deaf()
        run(serve(its))
    its.close()
    Template(mine).install()


def _deaf() -> None:
    """What is sent to the group of whoever starts is not for the template."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _name(args: Sequence[str]) -> None:
    """Put the command line where ``/proc/PID/cmdline`` shows it."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    content = b"\0".join(os.fsencode(one) for one in args) + b"\0"
    ctypes.memmove(start, content[: end - start - 1].ljust(end - start, b"\0"), end - start)


def _streams() -> None:
    """Standard streams as a new interpreter makes them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        old = getattr(sys, f"__{name}__")
        raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
        inner: Any = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
        new = io.TextIOWrapper(
            inner,
            encoding=old.encoding,
            errors=old.errors,
            line_buffering=number == 2 or raw.isatty(),
            write_through=old.write_through,
        )
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def run(request: dict[str, Any]) -> NoReturn:
    """Run the program in this process, and end as an interpreter ends."""
    import atexit

    found = _program(request["args"])
    status = 1
    try:
        assert found is not None
        module, arguments = found
        sys.path[0] = "" if module == "-c" else request["cwd"]
        sys.argv = ["-c" if module == "-c" else module, *arguments]
        if module == "-c":
            importlib.import_module("listener.cli").main()
        elif module == "listener":
            runpy.run_module("listener", run_name="__main__", alter_sys=True)
        else:
            sys.argv[0] = str(sys.modules[module].__file__)
            sys.modules[module].main()  # type: ignore[attr-defined]
        status = 0
    except SystemExit as ended:
        status = _status(ended.code)
    except KeyboardInterrupt:
        traceback.print_exc()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:  # noqa: BLE001  as the interpreter does
        traceback.print_exc()
    with contextlib.suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            status = status or 120
    os._exit(status)


def _status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _load() -> None:
    """Import every module of Trapline, but for those that need what is not installed."""
    import canaries
    import listener

    for package in (canaries, listener):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda _: None):
            if found.name.endswith("__main__") or ".hook" in found.name:
                continue
            with contextlib.suppress(ImportError, SystemExit):
                importlib.import_module(found.name)
    _warm()


def _warm() -> None:
    """Make what every back makes once: the tables of clients, the shipped network data."""
    from listener.facts.client import Client
    from listener.network_data import datasets

    steady.unpack_once()
    with tempfile.TemporaryDirectory() as folder:
        datasets.shipped(Path(folder))
        Client(Path(folder))


def main() -> NoReturn:
    """``python -m tests.preloaded DESCRIPTOR PADDING``."""
    import gc

    sock = socket.socket(fileno=int(sys.argv[1]))
    _deaf()
    _load()
    gc.collect()
    gc.freeze()
    sock.sendall(b"+")
    run(serve(sock))


if __name__ == "__main__":
    main()
