"""The policy on a real server: a planted row that is looked at is a hit with the database's word, others are none."""

from __future__ import annotations

import pytest

from listener.incidents.wording import whence
from listener.readers import ReaderError
from listener.sensors import database_readers
from tests.subscribers import Subscribers

ACCEPTED = ("dumps",)


def test_a_look_at_a_planted_row_is_a_hit_and_nobody_sees_the_sensor_at_work(shop: Subscribers) -> None:
    database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    shop.say("SELECT * FROM subscribers WHERE id = 5")
    assert shop.seen() == []
    told: list[str] = []
    with shop.cluster.connect(shop.database, "analyst") as connection:
        connection.add_notice_handler(lambda said: told.append(str(said.message_primary)))
        connection.execute("SET client_min_messages = debug1; SET application_name = 'psql'")
        connection.execute(f"SELECT email FROM subscribers WHERE id = {shop.first}".encode()).fetchall()
    [hit] = shop.seen()
    assert told == []
    assert (hit.canary, hit.facet, hit.ip) == (shop.people[0], "row", "127.0.0.1")
    assert hit.port > 0
    assert hit.body["via"] == {"how": "provider_log", "chain": ["shop"], "client": ["127.0.0.1", hit.port]}
    reported = hit.body["observed"]["reported"]
    assert (reported["account"], reported["database"], reported["application"]) == (
        "analyst",
        shop.database,
        "psql",
    )
    assert reported["request"] == f"SELECT email FROM subscribers WHERE id = {shop.first}"
    assert hit.body["observed"]["log"]["clock"] == "theirs"
    assert hit.facts["verdict"]["event"] == "row_read"
    assert whence(hit.body) == f"127.0.0.1 port {hit.port}, as the operator's log shop says"


@pytest.mark.parametrize(
    "query",
    [
        "BEGIN; SELECT count(email) FROM subscribers; ROLLBACK",
        "BEGIN READ ONLY; SELECT * FROM subscribers; COMMIT",
        "COPY subscribers TO STDOUT",
    ],
)
def test_neither_rollback_nor_read_only_nor_copy_hides_it(shop: Subscribers, query: str) -> None:
    database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    if query.startswith("COPY"):
        shop.cluster.run("psql", shop.cluster.url(shop.database, "analyst"), "-c", query)
    else:
        shop.say(query)
    assert {hit.canary for hit in shop.seen()} == set(shop.people)


def test_a_parallel_worker_knows_whose_client_it_works_for(shop: Subscribers) -> None:
    database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    eager = "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;"
    shop.say(f"{eager} SET parallel_leader_participation = off; SELECT max(name) FROM subscribers")
    hits = shop.seen()
    assert {hit.canary for hit in hits} == set(shop.people)
    assert {hit.ip for hit in hits} == {"127.0.0.1"}
    assert all(hit.port for hit in hits)


def test_a_table_with_policies_of_its_own_and_a_key_of_two_columns_are_refused(shop: Subscribers) -> None:
    shop.say("ALTER TABLE subscribers ENABLE ROW LEVEL SECURITY", "owner")
    with pytest.raises(ReaderError, match="row-level security of its own"):
        database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    with pytest.raises(ReaderError, match="no sensor called 'view'"):
        database_readers.propose(shop.home, shop.url, name="view")


def test_the_bait_cannot_be_read_from_the_catalogue(shop: Subscribers) -> None:
    found = database_readers.install(shop.home, shop.url, accepted=ACCEPTED)
    shown = str(shop.say("SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy"))
    shown += str(shop.say("SELECT prosrc FROM pg_proc WHERE prosecdef"))
    shown += str(shop.say(f"EXPLAIN SELECT * FROM subscribers WHERE id = {shop.first}"))[:-200]
    assert "trapline" not in shown.replace("trapline.reason", "")
    for row in found.rows:
        assert row.mark not in shown
    marks = str(shop.say("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg|sql)_'"))
    [table] = [name for name in marks.split("'") if name not in ("subscribers",) and "_" in name]
    with pytest.raises(Exception, match="permission denied"):
        shop.say(f"SELECT * FROM {table}")
    with pytest.raises(Exception, match="permission denied"):
        shop.say(f"SELECT * FROM {table}", "owner")
