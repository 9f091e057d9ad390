"""Counting lines by their shape: the same as looking at each line on its own."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.logs import LogSource
from listener.logs._line_shape import line_counter
from listener.logs.auth import AuthLog
from listener.logs.caddy import CaddyLog
from listener.logs.haproxy import HaproxyLog
from listener.logs.mariadb_audit import MariadbAudit
from listener.logs.nginx import NginxLog

STAMPS = rb"[A-Za-z]{3} [ 0-9]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[0-9:.]{8,18}(?:Z|[+-]\d\d:?\d\d)"
PLAIN: dict[type[LogSource], bytes] = {
    AuthLog: rb"(?:<\d{1,3}>)?(?:" + STAMPS + rb") \S{1,255} [^\s:\[]{1,64}(?:\[\d{1,10}\])?:"
    rb"|<\d{1,3}>1 \S+ \S+ \S+ |\{\".*\}\s*$",
    CaddyLog: rb"\{\".*\}\s*$",
    HaproxyLog: rb"(?:[^\n\[]* [^\s\[]{1,64}\[\d{1,10}\]: )?"
    rb"\S{2,60}:\d{1,5} \[\d\d/[A-Za-z]{3}/\d{4}:[\d:.]{8,15}\] \S+ \S+ ",
    MariadbAudit: rb"\d{8} \d\d:\d\d:\d\d,[^,\n]*,[^,\n]*,[^,\n]*,\d+,\d+,[A-Z_]+,",
    NginxLog: rb"\S+ [^\n\[]*\[[^\]\n]{20,40}\] \"",
}  # fmt: skip
"""What the shapes are, written plainly."""
WHOLE = [
    b"Nov 27 08:00:00 db1 sshd[811]: x",
    b"<38>nov  7 08:00:00 db1 sshd: x",
    b"Nov 27 08:00:00 db1.example.test sshd[811]: x",
    b"2026-11-27T08:00:00.123456+00:00 db1 sshd[811]: x",
    b"<38>1 2026-11-27T08:00:00Z db1 sshd 811 - - x",
    b'{"MESSAGE":"x"}\r',
    b'203.0.113.7 - a[b [27/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5',
    b'h - - [27/Nov/2026:08:00:00] "',
    b"Nov 27 12:14:14 lb haproxy[14389]: 10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 1 ",
    b"20261127 08:00:00,db1,alice,h,1,2,QUERY,shop,'SELECT 1',0",
]
LINES = st.one_of(
    st.sampled_from([*WHOLE, b"", b" ", b"noise"]),
    st.builds(lambda text, cut: text[:cut], st.sampled_from(WHOLE), st.integers(0, 90)),
    st.builds(
        lambda text, at, byte: text[:at] + byte + text[at + 1 :],
        st.sampled_from(WHOLE),
        st.integers(0, 60),
        st.sampled_from([b" ", b"[", b"]", b":", b"0", b"a", b"\r", b"}", b'"', b"\xff"]),
    ),
)


@pytest.mark.parametrize("source", PLAIN, ids=lambda source: source.name)
@given(lines=st.lists(LINES, max_size=8), end=st.sampled_from([b"", b"\n"]))
def test_a_block_has_as_many_sound_lines_as_are_counted_one_by_one(
    source: type[LogSource], lines: list[bytes], end: bytes
) -> None:
    block = b"\n".join(lines) + end
    alone = sum(bool(re.match(PLAIN[source], line)) for line in block.split(b"\n"))
    assert source().sound(block) == alone


def test_what_begins_like_it_within_a_line_counts_once() -> None:
    assert line_counter(rb"a\d")(b"a1 a2\nb a3\na4\n\na5") == 3
