"""Keeps the vault key in memory while the vault is unlocked, and gives it to programs of the same user.

    python -m canaries.vault_lock.agent HOME SECONDS        the key in hexadecimal on stdin; says ``ready``

A process of its own, so that no program that ends takes the key along and no file holds it. It ends after ``SECONDS``,
when it is told to lock, and with the machine. It leaves no core file and cannot be traced by other processes of its
user (prctl(2), PR_SET_DUMPABLE); whoever is root can read its memory.

It answers ``key``, ``until`` and ``lock``, a line each, to its own user and to root (unix(7), SO_PEERCRED).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from canaries.core.errors import HomeError
from canaries.core.unix_sockets import address_of, listening

NAME = "vault.sock"
_DUMPABLE = 4
"""PR_SET_DUMPABLE."""
_SECONDS = 2.0
_LONGEST = 256


def start(home: Path, key: bytes, seconds: int) -> None:
    """Start one for ``home``; the one before ends. Raises HomeError where it cannot."""
    lock(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "canaries.vault_lock.agent", str(home.absolute()), str(seconds)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, cwd="/",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one or os.getcwd() for one in sys.path)},  # noqa: PTH109
    )  # fmt: skip
    assert process.stdin is not None  # noqa: S101  asked for
    assert process.stdout is not None  # noqa: S101
    with process.stdin, process.stdout:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(key.hex().encode() + b"\n")
            process.stdin.flush()
        said = process.stdout.readline()
        process.wait()  # it goes on as a process of nobody's
    if said != b"ready\n":
        raise HomeError("the vault's agent did not start", hint=f"the folder {home} must be writable")


def key(home: Path) -> bytes | None:
    """The vault key; None where no agent runs for ``home``."""
    said = _asked(home, b"key")
    return bytes.fromhex(said) if len(said) == 64 else None


def until(home: Path) -> float | None:
    """When it locks itself, in seconds since 1970; None where it is locked."""
    said = _asked(home, b"until")
    return float(said) if said else None


def lock(home: Path) -> bool:
    """End the agent, and wait until it is gone; whether there was one."""
    return _asked(home, b"lock") == "locked"


def _asked(home: Path, what: bytes) -> str:
    if not (home / NAME).is_socket():
        return ""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_SECONDS)
        try:
            with address_of(home, NAME) as address:
                sock.connect(address)
            sock.sendall(what + b"\n")
            said = b""
            while part := sock.recv(_LONGEST):
                said += part
        except OSError:
            return ""
    return said.decode("ascii", "replace").strip()


def serve(home: Path, secret: str, seconds: int) -> None:
    """Answer, in a process that nobody waits for, until the time is over or it is told to lock. Raises OSError."""
    ends_at, ends = time.time() + seconds, time.monotonic() + seconds
    with listening(home, NAME, 16) as sock:
        print("ready", flush=True)
        if os.fork():
            os._exit(0)
        sys.stdout.close()
        mine = (home / NAME).stat().st_ino
        while (left := ends - time.monotonic()) > 0:
            sock.settimeout(left)
            with contextlib.suppress(OSError):
                if _answered(sock, secret, ends_at):
                    break
        with contextlib.suppress(OSError):  # not that of an agent that was started after this one
            if (home / NAME).stat().st_ino == mine:
                (home / NAME).unlink()


def _answered(sock: socket.socket, secret: str, ends_at: float) -> bool:
    """Answer one question; whether it was to lock."""
    asker, _ = sock.accept()
    with asker:
        asker.settimeout(_SECONDS)
        credentials = asker.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        if struct.unpack("3i", credentials)[1] not in (os.getuid(), 0):
            return False
        asked = asker.recv(_LONGEST).strip()
        answer = {b"key": secret, b"until": f"{ends_at:.0f}", b"lock": "locked"}.get(asked, "")
        asker.sendall(answer.encode())
        return asked == b"lock"


def main() -> None:
    """As the module says."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_DUMPABLE, 0, 0, 0, 0)
    secret = sys.stdin.readline().strip()
    serve(Path(sys.argv[1]), secret, int(sys.argv[2]))


if __name__ == "__main__":
    main()
