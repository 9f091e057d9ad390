"""What real servers said to odd first messages, the traps say too; what differs is listed, with its reason.

Eight installations say it, each with its own versions and names: with these taken out nothing is left in which they
agree with each other and not with the product that they name.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.protocol.identity import Identity
from tests import real_servers, steady
from tests.beside import CLOSED, secret, talk, transcript
from tests.beside.corpus import CORPUS
from tests.beside.normal import normal
from tests.beside.record import record
from tests.programs import require

KEYS = [steady.key(f"beside {number}") for number in range(8)]
CASES = [(trap, case) for trap, cases in CORPUS.items() for case in cases]
DIFFERENCES = {
    (
        "postgres",
        "may there be GSSAPI",
    ): "the trap has no Kerberos; clients ask only where they have a ticket",
    (
        "postgres",
        "TLS, then GSSAPI",
    ): "the trap has no Kerberos; clients ask only where they have a ticket",
    (
        "postgres",
        "an unknown option, inside",
    ): "the trap lacks the server's 350 settings, and clients send none that is not among them",
    (
        "postgres",
        "an encoding that there is not",
    ): "as of unknown settings: no client asks for such an encoding",
    (
        "postgres",
        "another database, inside",
    ): "bait names a database, and the front does not know which",
    (
        "postgres",
        "replication",
    ): "who asks for a stream of changes with bait is to show its password",
    (
        "postgres",
        "replication, inside",
    ): "who asks for a stream of changes with bait is to show its password",
    (
        "amqp",
        "a heartbeat, inside",
    ): "real brokers send heartbeats by the clock; the trap answers the client's, so that it sees the server alive",
    (
        "amqp",
        "no such virtual host",
    ): "bait names a virtual host, and the front does not know which",
    (
        "amqp",
        "an empty virtual host",
    ): "bait names a virtual host, and the front does not know which",
}
"""What a trap says otherwise than the server, and why it has to."""
PRODUCT = re.compile(r"(?i)trapline|canary|honey|decoy")


def test_every_difference_is_one_and_is_in_the_corpus() -> None:
    assert set(DIFFERENCES) <= set(CASES)
    for trap, case in DIFFERENCES:
        said = talk(trap, KEYS[0], CORPUS[trap][case])
        assert normal(trap, said) != normal(trap, transcript(trap).answers[case]), "strike it off"


@pytest.mark.parametrize("trap", CORPUS)
def test_eight_installations_say_what_the_real_server_says(trap: str) -> None:
    real, strange = transcript(trap), {}
    assert set(real.answers) == set(CORPUS[trap]), "record it anew: python -m tests.beside.record"
    for case, messages in CORPUS[trap].items():
        wanted = normal(trap, real.answers[case])
        for key in KEYS:
            said = talk(trap, key, messages)
            assert not PRODUCT.search("".join(said))
            if normal(trap, said) != wanted and (trap, case) not in DIFFERENCES:
                strange[case] = (normal(trap, said), wanted)
    assert not strange, f"not as {real.server}"


@pytest.mark.parametrize("trap", CORPUS)
def test_what_they_agree_in_is_not_taken_out_by_the_comparison(trap: str) -> None:
    """The control: with another word in an answer the comparison fails."""
    case, messages = next((case, said) for case, said in CORPUS[trap].items() if said)
    said = talk(trap, KEYS[0], messages)
    whole = "".join(said).removesuffix(CLOSED)
    assert whole, case
    assert normal(trap, [whole[:-3] + "~" + whole[-2:]]) != normal(trap, [whole])


def test_a_host_says_one_distribution_on_every_port() -> None:
    for key in KEYS:
        host = Identity(key).host
        vendor = host.distribution.name.split()[0]
        other = {"Debian": "Ubuntu", "Ubuntu": "Debian"}[vendor]
        for trap in CORPUS:
            said = "".join(talk(trap, key, next(iter(CORPUS[trap].values()))))
            assert other not in said


# --- the transcripts still hold ---------------------------------------------------------------------------------------

REDIS = """port {port}
bind 127.0.0.1
save ""
dir {folder}
user default on >{password} ~* resetchannels -@all +ping +hello +auth +select +client|setname +quit
"""
NATS = """port: {port}
host: 127.0.0.1
authorization {{ users: [ {{
  user: ann, password: {password}, permissions: {{ publish: {{ deny: ">" }}, subscribe: {{ deny: ">" }} }}
}} ] }}
"""
PROGRAMS = {
    "redis": (REDIS, ["redis-server", "{config}"]),
    "nats": (NATS, ["nats-server", "-c", "{config}"]),
}
"""Trap to settings and command of a server that is there in a second."""


@pytest.fixture
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, int, bytes]]:
    """A real server: trap, port, password."""
    trap, password = request.param, secret(KEYS[0]).decode()
    settings, command = PROGRAMS[trap]
    require(command[0])
    port, config = steady.free_port(), tmp_path / "config"
    config.write_text(settings.format(port=port, folder=tmp_path, password=password))
    words = [word.format(config=config) for word in command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        steady.until(lambda: real_servers._answers(port), f"{words[0]} does not answer")
        yield trap, port, password.encode()
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


@pytest.mark.soak
@pytest.mark.parametrize("real", PROGRAMS, indirect=True)
def test_the_server_that_is_here_says_what_was_recorded(real: tuple[str, int, bytes]) -> None:
    trap, port, password = real
    for case, messages in CORPUS[trap].items():
        said = record(("127.0.0.1", port), messages, password)
        assert normal(trap, said) == normal(trap, transcript(trap).answers[case]), case
