"""Real MariaDB through the proxy: text and binary protocol, several results, a file, a dump; and any bytes at all."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pymysql
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url

from canaries.core.clock import rfc3339
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.incidents import queries
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from listener.sensors import database_readers, filter_keeping, proxied_rows, watching
from listener.sensors.watching import WatchOrder
from listener.wire_proxy.known_rows import VERSION, KnownRows
from listener.wire_proxy.mysql_greeting import packet
from listener.wire_proxy.mysql_reader import MysqlReader
from listener.wire_proxy.recogniser import Recogniser
from listener.wire_proxy.session import WireSession
from tests import proxied, steady
from tests.conftest import mariadb_database
from tests.programs import needs
from tests.proxied import RunningProxy, counts, facts, take_in


@dataclass(frozen=True, slots=True)
class ProxiedShop:
    """A table with three real rows, of which two are watched, three planted ones, and a honey table."""

    home: Home
    proxy: RunningProxy
    database: str
    honey: str

    def connect(self, **more: Any) -> pymysql.Connection[Any]:
        return pymysql.connect(
            host="127.0.0.1", port=self.proxy.port, user="root", database=self.database, **more
        )

    def run(self, *words: str, program: str = "mariadb") -> str:
        place = (program, "-h", "127.0.0.1", "-P", str(self.proxy.port), "-u", "root")
        return subprocess.run([*place, *words], capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def shop(mariadb_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxiedShop]:
    folder = tmp_path_factory.mktemp("proxy")
    home = steady.installation(folder / "home", '[bait]\ndomain = "alerts.test"\n', "home")
    with mariadb_database(mariadb_server) as url:
        where, target = make_url(url), f"{url}?table=people"
        engine = create_engine(where.set(drivername="mariadb+pymysql"))
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TABLE people (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80), email VARCHAR(120))"
            )
            connection.exec_driver_sql(
                "INSERT INTO people (name, email) VALUES ('June', 'june@other.test'), ('Tomas', NULL), ('Ann', NULL)"
            )
        engine.dispose()
        for one in mint(home, "user", count=3, draw=steady.draw("mysql reader")):
            plant(home, one.canary.id, target)
        [(_, honey)] = database_readers.install(home, target, accepted=["no-log"]).plan.tokens
        until = rfc3339(home.clock.now() + timedelta(days=300))
        watching.watch(home, target, WatchOrder("owner", "why", until, ("1", "2"), proxied=True))
        made = proxied_rows.prepare(home, [target], folder / "rows.json")
        assert (made.planted, made.watched, made.honey) == (3, 2, 1)
        filter_keeping.keep(home, folder / "filter.bin")
        server = f"127.0.0.1:{where.port}"
        with proxied.running(folder, protocol="mysql", server=server, filter="filter.bin") as proxy:
            yield ProxiedShop(home, proxy, str(where.database), honey)
    home.store.close()


READS = {
    "all rows": ("SELECT * FROM people", (5, 0)),
    "a watched row without its key": ("SELECT name FROM people WHERE id = 2", (1, 0)),
    "bait without its key": ("SELECT email FROM people WHERE id > 3", (0, 3)),
    "an alias": ("SELECT p.id AS x FROM people p WHERE p.id = 1", (1, 0)),
    "prepared by SQL": ("PREPARE p FROM 'SELECT name FROM people WHERE id = 1'; EXECUTE p", (1, 0)),
    "a change": ("UPDATE people SET name = name WHERE id = 1; SELECT 1", None),
}


@needs("mariadb")
@pytest.mark.parametrize("name", READS)
def test_what_the_servers_own_client_reads_is_told(shop: ProxiedShop, name: str) -> None:
    statement, wanted = READS[name]
    shop.run("--compress", shop.database, "-e", f"SELECT 1; {statement}; SELECT * FROM people WHERE id = 3")
    if wanted is None:  # what changes nothing is no look-up
        shop.run(shop.database, "-e", "SELECT id FROM people WHERE id = 1")
        wanted = (1, 0)
    assert counts(shop.proxy.reports(1)) == [wanted]


@needs("mariadb", "mariadb-dump")
def test_reasons_files_and_a_dump(shop: ProxiedShop, tmp_path: Path) -> None:
    loaded = tmp_path / "rows.csv"
    loaded.write_text("9\n" * 100_000)
    shop.run(
        "--local-infile=1", shop.database, "-e",
        f"CREATE TABLE l (id INT); LOAD DATA LOCAL INFILE '{loaded}' INTO TABLE l; DROP TABLE l;"
        " SET @trapline_reason = 'case 7'; SELECT * FROM people WHERE id = 1",
    )  # fmt: skip
    shop.run("--comments", shop.database, "-e", "SELECT name FROM people WHERE id = 2 /*reason='case%208'*/")
    first, second = shop.proxy.reports(2)
    assert facts(first, "reason", "application") == ["case 7", "mysql"]
    assert "case%208" in facts(second, "query")[0]
    dump = shop.run("--skip-lock-tables", shop.database, "people", program="mariadb-dump")
    assert "June" in dump
    [dumped] = shop.proxy.reports(1)
    assert len(dumped["rows"]) == 5


def test_the_binary_protocol_and_several_results_of_one_text(shop: ProxiedShop) -> None:
    connection = shop.connect(client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS)
    connection._execute_command(0x16, "SELECT id, name FROM people WHERE id = ?")
    head = connection._read_packet()
    number = struct.unpack("<I", head._data[1:5])[0]
    for _ in range(5):  # one parameter and its end, two columns and theirs
        connection._read_packet()
    for key in (1, 3, 2):
        body = struct.pack("<IBIBB", number, 0, 1, 0, 1) + b"\x08\x00" + struct.pack("<q", key)
        connection._execute_command(0x17, body)
        while not (packet_ := connection._read_packet()).is_eof_packet():
            pass
        while not (packet_ := connection._read_packet()).is_eof_packet():
            pass
        assert packet_
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT id FROM people WHERE id = 2; SELECT 3")
        while cursor.nextset():
            pass
        cursor.execute("USE information_schema")
        cursor.execute(f"SELECT id FROM {shop.database}.people WHERE id = 1")
    connection.close()
    found = shop.proxy.reports(4)
    assert [len(one["rows"]) for one in found] == [1, 1, 1, 1]
    assert [facts(one, "database")[0] for one in found] == [*[shop.database] * 3, "information_schema"]


def test_hits_and_look_ups_come_of_it(shop: ProxiedShop) -> None:
    connection = shop.connect(program_name="report.py")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people")
        cursor.execute(f"SELECT COUNT(*) FROM `{shop.honey}`")
        with pytest.raises(pymysql.ProgrammingError):
            cursor.execute(f"SELECT * FROM {shop.honey}_x, {shop.honey}, nothing")
    connection.close()
    found = shop.proxy.reports(3)
    assert facts(found[2], "failed") == ["1146"]
    assert take_in(shop.home, found) == 5
    assert sorted(hit.facet for hit in queries.hits(shop.home)) == ["row", "row", "row", "table", "table"]
    [one] = lookups(shop.home, LookupFilter(), PeopleMap({"root": "staff-1"}))
    assert (one.person, one.rows, one.of, one.body["application"]) == ("staff-1", 2, 2, "report.py")


def reader() -> MysqlReader:
    made = MysqlReader(
        Recogniser("mysql", KnownRows(VERSION, "", [], []), None), WireSession("", 0), lambda: "now"
    )
    made.server(packet(2, b"\0\0\0\2\0\0\0"))
    return made


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=60)), max_size=30))
def test_packets_of_any_content_raise_nothing(packets: list[tuple[bool, bytes]]) -> None:
    made = reader()
    for client, body in packets:
        (made.client if client else made.server)(packet(0, body))
    made.take(now=True)


def test_replication_is_said_to_be_unread_and_so_is_a_flood() -> None:
    made = reader()
    made.client(packet(0, b"\x12dump"))
    assert "replication" in made.unread
    made = reader()
    for _ in range(600):
        made.client(packet(0, b"\x0e"))
    assert "not understood" in made.unread
