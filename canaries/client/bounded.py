"""Answers of a server read within bounds: one that drips, never ends or sends too much keeps no program waiting.

requests knows the time between two bytes alone, and has no bound on their number.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

Made = TypeVar("Made")
_CHUNK = 1 << 16
LONGEST_LINE = 8 << 20
"""Bytes of a line of a stream: a canary with its files."""


class TooLargeError(requests.RequestException):
    """The answer is larger than it may be."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """A whole answer."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Raises ValueError or RecursionError."""
        return json.loads(self.content)


def within(seconds: float, work: Callable[[], Made]) -> Made:
    """What ``work`` gives or raises. Raises requests.ReadTimeout where it takes longer; its thread is then given up."""
    outcome: queue.SimpleQueue[tuple[list[Made], Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put(([work()], None))
        except Exception as error:  # noqa: BLE001  it is raised where the work was asked for
            outcome.put(([], error))

    threading.Thread(target=run, name="request", daemon=True).start()
    try:
        made, error = outcome.get(timeout=seconds)
    except queue.Empty:
        raise requests.ReadTimeout(f"no whole answer within {seconds:.0f} seconds") from None
    if error is not None:
        raise error
    return made[0]


def whole(answer: requests.Response, most: int) -> ServerAnswer:
    """All of a streamed answer. Raises TooLargeError behind ``most`` bytes, and what requests raises."""
    parts, size = [], 0
    with answer:
        for chunk in answer.iter_content(_CHUNK):
            parts.append(chunk)
            size += len(chunk)
            if size > most:
                raise TooLargeError(f"the answer has more than {most} bytes")
    return ServerAnswer(answer.status_code, answer.headers, b"".join(parts))


def lines(answer: requests.Response, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines of a streamed answer as they come. Raises TooLargeError where one is longer than ``longest``."""
    left = b""
    for chunk in answer.iter_content(
        512
    ):  # a server that streams slowly is not waited for longer than for so much
        *ready, left = (left + chunk).split(b"\n")
        yield from ready
        if len(left) > longest:
            raise TooLargeError(f"a line has more than {longest} bytes")
    if left:
        yield left
