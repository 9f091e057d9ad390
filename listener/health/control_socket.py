"""Asking the running listener: a Unix socket in the home folder, mode 0600, one JSON line each way.

The supervisor serves it. A socket's address may hold 108 bytes (unix(7)), a home folder's path more: both sides name it
by an open descriptor of the folder, ``/proc/self/fd/N/listener.sock``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from canaries.core.errors import HomeError

NAME = "listener.sock"
_LONGEST = 4 << 20
"""Bytes of one line."""
_BACKLOG = 16

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class NotRunningError(HomeError):
    """No listener runs on this home."""


class NoAnswerError(HomeError):
    """A listener is there, and does not answer."""


@contextlib.contextmanager
def _named(folder: Path, name: str) -> Iterator[str]:
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def left_behind(folder: Path) -> bool:
    """Whether a listener that ended without a word left its socket here."""
    return (folder / NAME).is_socket()


async def serve(folder: Path, answer: Answer) -> asyncio.Server:
    """Answer requests until the server is closed. Raises HomeError."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.LimitOverrunError):
            request = json.loads(await asyncio.wait_for(reader.readline(), 5))
            if isinstance(request, dict):
                writer.write(json.dumps(await answer(request)).encode() + b"\n")
                await writer.drain()
        writer.close()

    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    fresh = f".{NAME}.{secrets.token_hex(4)}"
    try:
        with _named(folder, fresh) as address:
            before = os.umask(0o177)
            try:
                sock.bind(address)
            finally:
                os.umask(before)
        sock.listen(_BACKLOG)
        (folder / fresh).replace(folder / NAME)
    except OSError as error:
        sock.close()
        raise HomeError(
            f"the socket {folder / NAME} cannot be made: {error.strerror}",
            hint="the home folder must be writable for the user who runs the listener",
        ) from error
    sock.setblocking(False)
    return await asyncio.start_unix_server(talk, sock=sock, limit=_LONGEST)


def gone(folder: Path) -> None:
    """Take the socket away at an orderly end."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink()


def ask(folder: Path, request: dict[str, Any], seconds: float = 3.0) -> dict[str, Any]:
    """What the running listener answers. Raises NotRunningError, NoAnswerError, HomeError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(seconds)
        try:
            with _named(folder, NAME) as address:
                sock.connect(address)
        except PermissionError as error:
            raise HomeError(
                f"the listener's socket {folder / NAME} belongs to another user",
                hint="ask as the user who runs the listener",
            ) from error
        except TimeoutError:
            raise _silent(seconds) from None
        except OSError as error:
            raise NotRunningError(
                "no listener runs on this home", hint="start it: trapline listen"
            ) from error
        try:
            sock.sendall(json.dumps(request).encode() + b"\n")
            line = sock.makefile("rb").readline(_LONGEST)
        except TimeoutError:
            raise _silent(seconds) from None
        except OSError as error:
            raise NoAnswerError(f"the listener broke off: {error.strerror}") from error
    try:
        answer = json.loads(line)
    except ValueError:
        raise NoAnswerError("the listener broke off in the middle of its answer") from None
    if not isinstance(answer, dict):
        raise NoAnswerError("the listener gave no answer that this version reads")
    return answer


def _silent(seconds: float) -> NoAnswerError:
    return NoAnswerError(
        f"the listener is there and does not answer within {seconds:.0f} seconds",
        hint="is its process stopped, or the machine out of memory? Look at its log, then restart it",
    )
