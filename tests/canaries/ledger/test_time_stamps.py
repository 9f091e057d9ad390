"""A time stamp is believed only where all of it fits: content, signer, purpose, question."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canaries.ledger.time_stamps import OPENSSL, STRICT, StampError, certificates, judge, request
from tests.time_authority import TimeAuthority

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl program")
YEARS = timedelta(days=3650)
CONTENT = b"trapline/log/x\n1\nAAAA\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    return TimeAuthority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(autouse=True)
def honest(authority: TimeAuthority) -> Iterator[None]:
    yield
    authority.chain, authority.lie = False, timedelta(0)


def test_an_honest_answer_says_when_and_until_when(authority: TimeAuthority) -> None:
    asked = request(CONTENT)
    stamp = judge(authority.answer(asked.encoded), CONTENT, authority.roots.read_bytes(), asked)
    assert abs((stamp.at - datetime.now(UTC)).total_seconds()) < 60
    assert stamp.judge == STRICT
    assert abs(stamp.ends - stamp.at - YEARS) < timedelta(hours=1)
    assert CONTENT not in asked.encoded


def test_one_out_of_der_order_is_judged_by_openssl_and_says_the_same(authority: TimeAuthority) -> None:
    authority.chain = True
    asked = request(CONTENT)
    reply = authority.answer(asked.encoded)
    roots = authority.roots.read_bytes()
    stamp = judge(reply, CONTENT, roots, asked)
    assert stamp.judge == OPENSSL
    assert abs(stamp.ends - stamp.at - YEARS) < timedelta(hours=1)
    for wrong, other in ((b"other", None), (CONTENT, request(CONTENT))):
        with pytest.raises(StampError, match="openssl"):
            judge(reply, wrong, roots, other)


@pytest.mark.parametrize("chain", [False, True])
def test_what_does_not_fit_is_refused(authority: TimeAuthority, tmp_path: Path, chain: bool) -> None:
    authority.chain = chain
    asked = request(CONTENT)
    reply, roots = authority.answer(asked.encoded), authority.roots.read_bytes()
    with pytest.raises(StampError):
        judge(reply, CONTENT + b"x", roots)
    with pytest.raises(StampError):
        judge(reply, CONTENT, roots, request(CONTENT))
    with pytest.raises(StampError):
        judge(reply, CONTENT, TimeAuthority(tmp_path / "other").roots.read_bytes())
    middle = reply.index(b"\x18\x0f") + 12  # a digit of its time
    changed = reply[:middle] + bytes([reply[middle] ^ 1]) + reply[middle + 1 :]
    with pytest.raises(StampError):
        judge(changed, CONTENT, roots)


def test_a_stamp_by_a_certificate_that_is_not_for_stamps_is_refused(authority: TimeAuthority) -> None:
    asked = request(CONTENT)
    reply = authority.answer(asked.encoded)
    signer = (authority.folder / "signer.pem").read_bytes()
    judge(reply, CONTENT, authority.roots.read_bytes() + signer)
    with pytest.raises(StampError, match="PEM"):
        judge(reply, CONTENT, b"nothing")


@pytest.mark.parametrize("reply", [b"", b"<h1>down</h1>", b"\x30\x05\x30\x03\x02\x01\x02", bytes(100_000)])
def test_rubbish_is_refused(authority: TimeAuthority, reply: bytes) -> None:
    with pytest.raises(StampError):
        judge(reply, CONTENT, authority.roots.read_bytes())


def test_without_openssl_the_second_opinion_is_missed_and_said(
    authority: TimeAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.chain = True
    asked = request(CONTENT)
    reply = authority.answer(asked.encoded)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(StampError, match="no openssl here"):
        judge(reply, CONTENT, authority.roots.read_bytes(), asked)
    assert len(certificates(authority.roots.read_bytes())) == 1
