"""Asking the running listener: a Unix socket in the home folder, mode 0600, one JSON line each way.

The supervisor serves it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from canaries.core.errors import HomeError
from canaries.core.unix_sockets import address_of, listening

NAME = "listener.sock"
_LONGEST = 4 << 20
"""Bytes of one line."""
_BACKLOG = 16

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class NotRunningError(HomeError):
    """No listener runs on this home."""


class NoAnswerError(HomeError):
    """A listener is there, and does not answer."""


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

    try:
        sock = listening(folder, NAME, _BACKLOG)
    except OSError as error:
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
            with address_of(folder, NAME) as address:
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
