"""Look-ups of watched records on a real server: each an entry with the reason given, none a hit or an alarm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from canaries.core import store
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import cli
from listener.dossier.build import build
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.incidents import subject_access
from listener.ingest.intake import Intake
from listener.logs import source
from listener.lookups.listing import Lookup, LookupFilter, lookups
from listener.lookups.people import PeopleMap
from listener.sensors import watches
from tests.hostile_strings import STRINGS
from tests.look_ups import line, take_in, watch
from tests.subscribers import Subscribers

NOBODY = PeopleMap({})


@pytest.fixture
def watched(shop: Subscribers) -> Subscribers:
    """Rows 5, 6 and 7 are watched, beside the planted ones."""
    shop.watch(5, 6, 7)
    return shop


def found(shop: Subscribers) -> list[Lookup]:
    """What the log says that was not taken in before, as look-ups; it holds no hit."""
    before = {one.id for one in lookups(shop.home, LookupFilter(), NOBODY)}
    assert shop.seen() == []
    return [one for one in lookups(shop.home, LookupFilter(), NOBODY) if one.id not in before]


def told(shop: Subscribers) -> tuple[int, int]:
    """(incidents, alerts)."""
    with shop.home.store.read() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(one)) or 0
            for one in (store.incident, store.outbox)
        ]
    return counts[0], counts[1]


def test_each_way_to_give_a_reason_and_none(watched: Subscribers) -> None:
    before = told(watched)
    watched.say("SELECT * FROM subscribers WHERE id = 8")
    assert found(watched) == []
    one_row = "SELECT email FROM subscribers WHERE id = 5"
    watched.say(f"SET trapline.reason = 'case 4711'; {one_row}")
    watched.say(f"{one_row} /*application='crm',reason='case%204712%2C%20d\\'Or'*/")
    watched.say(one_row)
    by_setting, by_comment, without = found(watched)
    given = [(one.body["reason"], one.body["reason_from"]) for one in (by_setting, by_comment, without)]
    assert given == [("case 4711", "setting"), ("case 4712, d'Or", "comment"), ("", "")]
    body = without.body
    assert (body["user"], body["client"], body["query"]) == ("analyst", "127.0.0.1", one_row)
    assert body["port"] > 0
    assert (without.rows, without.of, body["clock"]) == (1, 3, "theirs")
    assert body["table"] == f"{watched.database}.subscribers"
    with watched.home.store.read() as connection:
        kept = watched.home.reader.fetch(connection, without.entries)
    assert [one.kind for one in kept.values()] == ["looked-up"]
    assert told(watched) == before
    with watched.home.store.write() as connection:
        assert not connection.execute(
            select(store.raw).where(store.raw.c.entry_id.in_(without.entries))
        ).all()


def test_psql_a_prepared_statement_copy_and_a_dump_of_a_part(watched: Subscribers) -> None:
    where = watched.cluster.url(watched.database, "analyst")
    watched.cluster.run("psql", "-X", where, "-c", "SELECT name FROM subscribers WHERE id IN (5, 6)")
    with watched.cluster.connect(watched.database, "analyst") as connection:
        connection.execute("SELECT name FROM subscribers WHERE id = %s", (5,), prepare=True).fetchall()
    watched.cluster.run(
        "psql",
        "-X",
        where,
        "-c",
        "\\copy (SELECT * FROM subscribers WHERE id < 100) TO STDOUT /*reason='audit'*/",
    )
    by_psql, prepared, copied = found(watched)
    assert (by_psql.rows, by_psql.body["application"]) == (2, "psql")
    assert prepared.body["query"] == "SELECT name FROM subscribers WHERE id = $1"
    assert (prepared.rows, copied.rows, copied.body["reason"]) == (1, 3, "audit")


def test_two_readers_at_once_are_two_look_ups_and_one_statement_is_one(watched: Subscribers) -> None:
    query = b"SELECT a.name, b.name FROM subscribers a, subscribers b WHERE a.id IN (5, 6) AND b.id IN (5, 7)"
    connections = [watched.cluster.connect(watched.database, "analyst") for _ in range(2)]
    for one in connections:
        one.pgconn.send_query(query)
    for one in connections:
        while one.pgconn.get_result() is not None:
            pass
        one.close()
    both = found(watched)
    assert [one.rows for one in both] == [3, 3]
    assert len({one.body["port"] for one in both}) == 2


def test_a_statement_that_touches_bait_too_is_a_hit_and_a_look_up(watched: Subscribers) -> None:
    watched.say(f"SELECT * FROM subscribers WHERE id IN (5, {watched.first}) /*reason='list'*/")
    [hit] = watched.seen()
    assert hit.body["observed"]["reported"]["reason"] == "list"
    [one] = lookups(watched.home, LookupFilter(), NOBODY)[-1:]
    assert (one.rows, one.body["reason"]) == (1, "list")


def test_hostile_reasons_and_queries_are_kept_as_text_and_hide_nothing(watched: Subscribers) -> None:
    texts = [text for text in STRINGS if "\0" not in text]
    with watched.cluster.connect(watched.database, "analyst") as connection:
        for text in texts:
            connection.execute("SELECT set_config('trapline.reason', %s, false)", (text,))
            connection.execute(b"SELECT 1 FROM subscribers WHERE id = 5").fetchall()
        connection.execute("SELECT set_config('trapline.reason', '', false)")
        for padding in ("\x01" * 5_000, "\U0001f600" * 5_000, "\\" * 5_000):
            long = f"SELECT 1 /* {padding} */ FROM subscribers WHERE id = 6 /*reason='late'*/"
            connection.execute(long.encode()).fetchall()
    every = found(watched)
    assert len(every) == len(texts) + 3
    given = [one.body["reason"] for one in every[: len(texts)]]
    assert given == [
        text.strip()[:200] if any(char.isalnum() for char in text.strip()[:200]) else ""
        for text in (text[:200] for text in texts)
    ]
    assert [one.body["reason"] for one in every[-3:]] == ["late"] * 3
    assert all(len(one.body["query"]) <= 3_000 for one in every)


def test_no_dossier_has_look_ups_and_a_person_can_be_given_theirs(
    home: Home, strike: Callable[..., str], tmp_path: Path
) -> None:
    [minted], [record] = mint(home, "url"), watch(home, "5")
    take_in(home, line(record, user="clerk7", reason="case 4711"), line(record, user="clerk8"))
    strike(home, minted.canary)
    out, answer = tmp_path / "case.zip", tmp_path / "clerk7.txt"
    with zipfile.ZipFile(build(home, canary=minted.canary.id, out=out)) as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert minted.canary.id.encode() in content
    assert b"clerk7" not in content
    verified = CliRunner().invoke(cli.trapline, ["--home", str(home.path), "dossier", "verify", str(out)])
    assert verified.exit_code == 0, verified.output
    subject_access.write(home, answer, person="clerk7")
    assert "reason: case 4711" in answer.read_text()
    assert "clerk8" not in answer.read_text()


def test_a_log_that_is_read_again_and_a_statement_in_two_blocks(watched: Subscribers) -> None:
    watched.say("SELECT * FROM subscribers WHERE id IN (5, 6, 7)")
    [one] = found(watched)
    entries = one.entries
    home = watched.home
    log = FollowedLog("again", source("postgresql"), str(watched.cluster.log), from_start=True)
    LogReader(log, home.store, Intake(home, []), lambda block: ()).look()
    assert [each.entries for each in lookups(home, LookupFilter(), NOBODY) if each.id == one.id] == [entries]
    with home.store.write() as connection:
        watches.end(connection, one.watched[:1], home.now())
    watched.say("SELECT * FROM subscribers WHERE id IN (5, 6, 7)")
    [after] = found(watched)
    assert (after.rows, after.of) == (2, 2)
