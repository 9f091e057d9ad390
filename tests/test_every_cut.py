"""However what a client says is cut into two packets, a trap's conversation gives the same bytes back.

Where the real server itself looks at what came together, the trap does as it does; each such place is listed.
"""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from canaries.core import plugins
from canaries.crypto.seeded_random import BASE62
from canaries.crypto.sieve import Sieve
from listener import traps
from listener.protocol.conversation import Close, Conversation, Send, StartTls, Step
from listener.protocol.identity import Identity
from listener.traps import Trap
from listener.traps._stream import StreamTrap
from tests import carried, steady
from tests.beside import PASSWORD, secret
from tests.beside.corpus import CORPUS
from tests.carried import CARRIERS, Door
from tests.every import in_part_and_whole

for _name in plugins.module_names(carried.__name__):
    import_module(f"tests.carried.{_name}")

TRAPS = plugins.classes(traps.FOLDER, Trap)
CONVERSATIONS = sorted(
    name for name, trap in TRAPS.items() if issubclass(trap, StreamTrap) and hasattr(trap, "conversation")
)
KEY = steady.key("every cut")
_TOGETHER = "behind a request for TLS nothing may come unencrypted in the same packet (CVE-2021-23214)"
DIFFERENCES = {
    ("postgres", "TLS twice"): _TOGETHER,
    ("postgres", "TLS, then GSSAPI"): _TOGETHER,
    ("postgres", "TLS refused, then a user"): _TOGETHER,
    ("postgres", "TLS and a user at once"): _TOGETHER,
    (
        "redis",
        "a web browser",
    ): "Redis takes back what it has not sent yet; test_redis.py has every cut as it answers",
}
"""Where the real server's answer hangs on what comes together, and why."""
_MOST_CUTS = 600
"""In each script; `make test` tries at most a hundred and some."""
_CLOCK = re.compile(rb"(?<=\x09localTime\0).{8}|(?<= \()[0-9]+\.[0-9. +]+(?= secs\))", re.DOTALL)
"""What MongoDB says of the time, and Dovecot of how long a command took."""


def every_script(name: str) -> dict[str, bytes]:
    """What a client of this trap says on one connection, in one piece."""
    found = {
        case: b"".join(said).replace(PASSWORD, secret(KEY)) for case, said in CORPUS.get(name, {}).items()
    }
    door = Door(Sieve(KEY).passing("secret0word0of0ann00x", BASE62))
    for place, carrier in CARRIERS.items():
        if carrier.trap == name and carrier.opens is None and not carrier.udp:
            found[place] = carrier.script(b"carried-text-17", door)
    return found


def answers(name: str, *packets: bytes) -> tuple[bytes, list[type[Step]]]:
    """All bytes that the conversation gives back, and how it ends: nothing, in TLS, or with the connection."""
    trap = TRAPS[name]
    assert issubclass(trap, StreamTrap)
    given = {"starttls": False} if name == "postgres" else {}
    talk: Conversation = trap.conversation(Identity(KEY, strict=True), 4711, **given)
    talk.peer = "127.0.0.1"
    steps = [*talk.greet()]
    for packet in packets:
        try:
            for step in talk.feed(packet):
                steps.append(step)
                if isinstance(step, Close | StartTls):
                    break
        except Exception:  # noqa: BLE001  as `listener.traps._stream` takes it
            steps.append(Close())
        if steps and isinstance(steps[-1], Close | StartTls):
            break
    said = b"".join(step.data for step in steps if isinstance(step, Send))
    return _CLOCK.sub(b"*", said), [type(step) for step in steps[-1:] if isinstance(step, Close | StartTls)]


def cuts(size: int, most: int) -> range:
    """Every one; of what is long, some that are evenly spread."""
    return range(1, size, 1 + size // most)


def test_every_conversation_has_scripts() -> None:
    assert {name for name in CONVERSATIONS if not every_script(name)} == set()
    assert all(case in CORPUS[name] for name, case in DIFFERENCES)


@in_part_and_whole
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_every_cut_gives_the_same_bytes_back(name: str, whole: bool) -> None:
    strange: dict[str, list[int]] = {}
    for case, said in every_script(name).items():
        wanted = answers(name, said)
        places = cuts(len(said), _MOST_CUTS if whole else 100)
        other = [at for at in places if answers(name, said[:at], said[at:]) != wanted]
        if other:
            strange[case] = other
    assert set(strange) == {case for trap, case in DIFFERENCES if trap == name}, strange
