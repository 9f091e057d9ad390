"""What a mongod of 7.0 is, for every release and distribution that a host may have."""

from __future__ import annotations

from listener.protocol import bson, mongodb_server
from listener.protocol.distributions import DISTRIBUTIONS
from listener.protocol.identity import Identity
from tests import steady


def test_every_host_has_a_build_that_can_be_sent() -> None:
    hosts = [Identity(steady.key(f"host {number}")).host for number in range(40)]
    for host in hosts:
        build = mongodb_server.build_info(host.release("mongodb"), host)
        assert build["buildEnvironment"]["distmod"] in ("debian11", "ubuntu2004")
        assert bson.encode(build)
    assert {host.distribution.name for host in hosts} == {one.name for one in DISTRIBUTIONS}


def test_what_is_a_command() -> None:
    assert all(map(mongodb_server.is_command, ("find", "whatsmyuri", "serverStatus", "hello", "_isSelf")))
    assert not any(
        map(mongodb_server.is_command, ("", "atlasVersion", "eval", "copydb", "Find", "getLastError"))
    )


def test_what_is_for_everybody() -> None:
    who: dict[str, object] = {"authInfo": {}}
    assert mongodb_server.for_everybody("ping", "a:1", lambda: who) == {}
    assert mongodb_server.for_everybody("connectionStatus", "a:1", lambda: who) == who
    assert mongodb_server.for_everybody("find", "a:1", lambda: who) is None
