"""Every reader, on rubbish: a sentence, never another error; and none takes what is another's."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canaries.core import plugins
from listener.network_data.readers import FOLDER, DataError, DataReader

READERS = plugins.classes(FOLDER, DataReader)

PIECES = st.sampled_from(
    [
        b'{"prefixes": [', b'{"ipv4Prefix": "1.0.0.0/24"}', b"]}", b'{"values": [{}]}', b'"list"',
        b"1.0.0.0\t1.0.0.255\t5\tUS\tx\n",
        b"1.0.0.0,1.0.0.255,US\n", b"ExitNode A\nExitAddress 1.1.1.1 2026-01-01 00:00:00\n", b"ExitAddress x\n",
        b"2|ripencc|1|1|1|1|1\n", b"ripencc|DE|ipv4|1.0.0.0|-5|x|y\n", b"ripencc|DE|ipv6|1.0.0.0|200|x|y\n",
        b"\xab\xcd\xefMaxMind.com", b"\xff\xfe", b"null", b"[]", b'{"name": 5, "type": "cidr", "list": [5]}',
        b"999.1.1.1/99\n", b"1.0.0.0/24,5,\"x", b"network,country_code,asn,as_name\n", b"1.0.0.0/24,US,AS5,x\n",
        b'{"network": "1.0.0.0/24", "country_code": "US"}\n', b"\x1f\x8b\x08\x00", b"5,6,US\n", b"6,5,US\n",
    ]
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(READERS))
@given(data=st.lists(PIECES | st.binary(max_size=24), max_size=6).map(b"".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_rubbish_is_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / "googlebot-tor-egress-ip-ranges"
    path.write_bytes(data)
    READERS[name].recognises(path, data)
    try:
        reader = READERS[name](path)
        found = [
            list(reader.entries()),
            reader.look_up(ip_address("1.1.1.1")),
            reader.look_up(ip_address("2001::1")),
        ]
        date = reader.date()
    except DataError as error:
        found, date = [error.sentence], ""  # type: ignore[list-item]  # any answer will do
    assert found
    assert isinstance(date, str)


@pytest.mark.parametrize("name", sorted(READERS))
def test_it_says_what_it_reads(name: str) -> None:
    assert READERS[name].what
    assert READERS[name].__doc__
