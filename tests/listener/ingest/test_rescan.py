"""A token that was minted after it was used is found, and one behind an encoding that was added later."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from canaries.core import store
from canaries.decoders import DecodingBudget, Layer
from canaries.decoders.joined_strings import JoinedStringsDecoder
from canaries.installation.home import Home
from canaries.mint import minting
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.http import sifting
from listener.ingest.intake import Intake
from listener.ingest.rescan import MintWatch, Rescanned, rescan
from listener.protocol import candidates


def sighting(raw: bytes, number: int = 1) -> Sighting:
    return Sighting(
        id=hashlib.sha256(raw + bytes([number])).hexdigest()[:32], trap="http", observed_at=1_790_000_000_000_000,
        peer=("127.0.0.2", 40_000), local=("127.0.0.1", 80), transport="tcp", raw=raw, size=len(raw), front="f1",
        number=number, connection=1,
        clock={"source": "free", "offset_us": None, "checked_at": "2026-01-01T00:00:00.000000Z"},
    )  # fmt: skip


def request(value: str) -> bytes:
    return f"GET /{value}/x HTTP/1.1\r\nHost: h\r\n\r\n".encode()


def hits(home: Home) -> list[dict[str, Any]]:
    with home.store.read() as connection:
        return [entry.body for entry in home.reader.entries(connection, "hit")]


class _Unminted:
    """A canary whose tokens nobody knows yet, until `mint`."""

    def __init__(self, home: Home) -> None:
        self._home = home
        (minted,) = minting.mint(home, "url")
        self.id, self.token = minted.canary.id, minted.canary.tokens[0].value
        with home.store.write() as connection:
            self._rows = [dict(row) for row in connection.execute(select(store.token)).mappings()]
            connection.execute(delete(store.token))

    def mint(self) -> None:
        """As minting does: the tokens, and the next epoch."""
        epoch = max(row["epoch"] for row in self._rows) + 1
        with self._home.store.write() as connection:
            connection.execute(insert(store.token), [{**row, "epoch": epoch} for row in self._rows])
            connection.execute(
                update(store.meta).where(store.meta.c.name == "epoch").values(value=str(epoch))
            )


def test_a_token_minted_after_it_was_used_is_found_by_the_watch(any_home: Home) -> None:
    canary = _Unminted(any_home)
    intake = Intake(any_home, load(any_home))
    watch = MintWatch(any_home, Intake(any_home, load(any_home)))
    noise = [sighting(request(f"nothing-of-the-kind-{number}"), number) for number in range(5)]
    coded = base64.b64encode(f"key={canary.token}".encode()).decode()
    assert intake.ingest([*noise, sighting(request(coded), 9)], "s", 10) == 0
    watch.look()
    assert hits(any_home) == []
    canary.mint()
    assert watch.look() == 1
    (hit,) = hits(any_home)
    assert hit["canary"] == canary.id
    assert hit["observed_at"].startswith("2026-09-")
    assert hit["recognised_at"] > hit["observed_at"]
    assert [watch.look() for _ in range(3)] == [0, 0, 0]
    assert rescan(any_home, intake) == Rescanned(
        6, 0
    )  # each sighting is one hit, however often it is looked at


def test_a_token_behind_an_encoding_that_was_added_later_is_found(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (minted,) = minting.mint(home, "url")
    coded = base64.b64encode(f"key={minted.canary.tokens[0].value}".encode()).decode()
    intake = Intake(home, load(home))

    def older(data: bytes, _: DecodingBudget) -> Iterator[Layer]:
        yield Layer(data)

    with monkeypatch.context() as patch:
        patch.setattr(candidates, "unwrap", older)
        assert intake.ingest([sighting(request(coded))], "s", 10) == 0
    sifting._of_line.cache_clear()  # a new decoder comes with a new process
    assert rescan(home, intake) == Rescanned(1, 1)
    (hit,) = hits(home)
    assert hit["recognised_at"]


def test_a_token_behind_a_decoder_of_today_is_found_in_what_an_earlier_version_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (minted,) = minting.mint(home, "url")
    token = minted.canary.tokens[0].value
    joined = f"k = '{token[:9]}' + '{token[9:]}'".encode()
    sent = b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s" % (len(joined), joined)
    intake = Intake(home, load(home))
    with monkeypatch.context() as patch:  # a version that lacks the one decoder
        patch.setattr(JoinedStringsDecoder, "decode", lambda *_: None)
        assert intake.ingest([sighting(sent)], "s", 10) == 0
        assert rescan(home, intake) == Rescanned(1, 0)
    assert rescan(home, intake) == Rescanned(1, 1)
    (hit,) = hits(home)
    assert (hit["canary"], bool(hit["recognised_at"])) == (minted.canary.id, True)


def test_a_hit_that_was_recognised_at_once_says_no_later_time(home: Home) -> None:
    (minted,) = minting.mint(home, "url")
    assert Intake(home, load(home)).ingest([sighting(request(minted.canary.tokens[0].value))], "s", 10) == 1
    (hit,) = hits(home)
    assert "recognised_at" not in hit
    assert rescan(home, Intake(home, load(home))) == Rescanned(0, 0)
