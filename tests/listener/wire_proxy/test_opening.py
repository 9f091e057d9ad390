"""TLS on both sides and logins that pass untouched, at real servers: who is named, channel binding, cancelling."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pymysql
import pytest

from tests import proxied, steady
from tests.postgres_cluster import PostgresCluster, postgres_cluster
from tests.programs import needs
from tests.proxied import Certificates, facts

WORD = "correct horse"


@dataclass(frozen=True, slots=True)
class SecureServer:
    """A server that asks for a password of whoever is not its superuser."""

    port: int
    certificates: Certificates


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureServer]:
    """With SCRAM and TLS."""
    made = proxied.certificates(tmp_path_factory.mktemp("ca"))
    with postgres_cluster(logging=False) as cluster:
        _secure(cluster, made)
        yield SecureServer(cluster.port, made)


def _secure(cluster: PostgresCluster, made: Certificates) -> None:
    pem = cluster.folder / "server.pem"
    pem.write_bytes(Path(made.of("server")).read_bytes())
    state = cluster.folder.stat()
    pem.chmod(0o600)
    with contextlib.suppress(PermissionError):
        import os

        os.chown(pem, state.st_uid, state.st_gid)
    hba = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (cluster.folder / "pg_hba.conf").write_text(hba)
    with cluster.connect("postgres") as connection:
        connection.execute(f"CREATE ROLE anna LOGIN PASSWORD '{WORD}'".encode())
        connection.execute("CREATE TABLE notes (id int PRIMARY KEY, words text)")
        connection.execute("INSERT INTO notes SELECT n, 'note ' || n FROM generate_series(1, 9) n")
        connection.execute("GRANT SELECT ON notes TO anna")
        for name, value in (("ssl", "on"), ("ssl_cert_file", pem), ("ssl_key_file", pem)):
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")

    def secure() -> bool:
        with cluster.connect("postgres") as again:
            row = again.execute("SHOW ssl").fetchone()
        return row == ("on",)

    steady.until(secure, "no TLS")


def honey(folder: Path, name: str) -> None:
    """A table that the proxy of this folder knows as one that nobody has a reason to read."""
    import msgspec

    from listener.wire_proxy.known_rows import VERSION, KnownRows, name_hash

    (folder / "rows.json").write_bytes(
        msgspec.json.encode(KnownRows(VERSION, "salt", [], [name_hash("salt", name)]))
    )


def test_scram_passes_from_end_to_end_and_the_certificate_names_the_person(
    postgres: SecureServer, tmp_path: Path
) -> None:
    honey(tmp_path, "notes")
    made = postgres.certificates
    both = {"certificate": made.of("proxy"), "client_ca": made.ca, "server_ca": made.ca}
    server = f"127.0.0.1:{postgres.port}"
    with proxied.running(tmp_path, protocol="postgresql", server=server, **both) as proxy:
        place = f"host=127.0.0.1 port={proxy.port} dbname=postgres user=anna sslmode=verify-full sslrootcert={made.ca}"
        own = f"sslcert={made.of('staff-7')} sslkey={made.of('staff-7')} channel_binding=disable"
        with psycopg.connect(f"{place} {own}", password=WORD) as connection:
            assert connection.execute("SELECT count(*) FROM notes").fetchone() == (9,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{place} {own}", password="wrong")
        # the client binds its login to the proxy's certificate, and the server to its own
        for binding in ("prefer", "require"):
            with pytest.raises(psycopg.OperationalError, match="channel binding"):
                psycopg.connect(f"{place} channel_binding={binding}", password=WORD)
        assert "the proxy's certificate is not the server's" in proxy.said
        plain = place.replace("verify-full", "disable")
        with pytest.raises(psycopg.OperationalError, match="the proxy asks for TLS"):
            psycopg.connect(plain, password=WORD)
        [report] = proxy.reports(1)
        assert facts(report, "account", "login", "certificate") == ["anna", "scram", "staff-7"]
        assert len(facts(report, "certificate_sha256")[0]) == 64
        assert WORD not in proxy.said + str(report)


def test_with_the_servers_own_certificate_channel_binding_holds(
    postgres: SecureServer, tmp_path: Path
) -> None:
    """RFC 5929, section 4.1: ``tls-server-end-point`` binds to the certificate."""
    made = postgres.certificates
    both = {"certificate": made.of("server"), "server_ca": made.ca}
    server = f"127.0.0.1:{postgres.port}"
    with proxied.running(tmp_path, protocol="postgresql", server=server, **both) as proxy:
        place = f"host=127.0.0.1 port={proxy.port} dbname=postgres user=anna sslmode=require channel_binding=require"
        with psycopg.connect(place, password=WORD) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert "the proxy's certificate" not in proxy.said


def test_a_client_certificate_may_be_required(postgres: SecureServer, tmp_path: Path) -> None:
    made, other = postgres.certificates, proxied.certificates(tmp_path / "other")
    asked = {"certificate": made.of("server"), "client_ca": made.ca, "require_certificate": True}
    server = f"127.0.0.1:{postgres.port}"
    with proxied.running(tmp_path, protocol="postgresql", server=server, **asked) as proxy:
        place = f"host=127.0.0.1 port={proxy.port} dbname=postgres user=postgres sslmode=require"
        for own in ("", f"sslcert={other.of('somebody')} sslkey={other.of('somebody')}"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"{place} {own}")
        with psycopg.connect(
            f"{place} sslcert={made.of('staff-7')} sslkey={made.of('staff-7')}"
        ) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_tls_that_begins_at_once_and_a_request_to_cancel(postgres: SecureServer, tmp_path: Path) -> None:
    made = postgres.certificates
    server = f"127.0.0.1:{postgres.port}"
    values = {"certificate": made.of("server"), "server_ca": made.ca}
    with proxied.running(tmp_path, protocol="postgresql", server=server, **values) as proxy:
        context = ssl.create_default_context(cafile=made.ca)
        context.set_alpn_protocols(["postgresql"])
        raw = socket.create_connection(("127.0.0.1", proxy.port), steady.PATIENCE)
        with context.wrap_socket(raw, server_hostname="localhost") as direct:  # sslnegotiation=direct
            assert direct.selected_alpn_protocol() == "postgresql"
            start = b"\x00\x03\x00\x00user\x00postgres\x00\x00"
            direct.sendall((4 + len(start)).to_bytes(4, "big") + start)
            assert direct.recv(1) == b"R"
        place = f"host=127.0.0.1 port={proxy.port} dbname=postgres user=postgres sslmode=require"
        with psycopg.connect(place) as connection:
            # it travels on a connection of its own, as a message without a type
            timer = threading.Timer(0.5, connection.cancel)
            timer.start()
            with pytest.raises(psycopg.errors.QueryCanceled):
                connection.execute("SELECT pg_sleep(60)")
            timer.join()
        with socket.create_connection(("127.0.0.1", proxy.port), steady.PATIENCE) as asking:
            asking.sendall(bytes.fromhex("0000000804d21630"))  # GSSENCRequest
            assert asking.recv(1) == b"N"
        with socket.create_connection(("127.0.0.1", proxy.port), steady.PATIENCE) as early:
            early.sendall(bytes.fromhex("0000000804d2162f") + b"\0\0\0\x17\0\3\0\0user\0postgres\0\0")
            assert early.recv(1) == b"S"
            early.settimeout(steady.PATIENCE)
            with contextlib.suppress(OSError):
                assert not early.recv(1) or True
        steady.until(lambda: "not opened" in proxy.said, lambda: proxy.said)  # clear text is no handshake


def test_a_server_that_is_away_is_said_in_the_protocol(tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{steady.free_port()}"
    with (
        proxied.running(tmp_path, protocol="postgresql", server=nobody) as proxy,
        pytest.raises(psycopg.OperationalError, match="the server cannot be reached"),
    ):
        psycopg.connect(host="127.0.0.1", port=proxy.port, user="x", dbname="x")
    with (
        proxied.running(tmp_path, protocol="mysql", server=nobody) as proxy,
        pytest.raises(pymysql.OperationalError, match="the server cannot be reached"),
    ):
        pymysql.connect(host="127.0.0.1", port=proxy.port, user="x")


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureServer]:
    """With TLS, and users whose passwords are asked."""
    folder = tmp_path_factory.mktemp("ca")
    folder.chmod(0o755)
    made = proxied.certificates(folder)
    pem = made.of("server")
    tls = (f"--ssl-cert={pem}", f"--ssl-key={pem}", f"--ssl-ca={made.ca}")
    with proxied.mariadb_with_grants(*tls) as port:
        connection = pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE USER anna IDENTIFIED BY '{WORD}'")
            cursor.execute("CREATE DATABASE books")
            cursor.execute("CREATE TABLE books.notes (id INT PRIMARY KEY, words VARCHAR(40))")
            cursor.execute("INSERT INTO books.notes VALUES (1, 'one'), (2, 'two')")
            cursor.execute("GRANT ALL ON books.* TO anna")
        connection.close()
        yield SecureServer(port, made)


@pytest.mark.parametrize("front", [False, True])
@pytest.mark.parametrize("back", [False, True])
@needs("mariadb")
def test_a_login_at_mariadb_passes_with_tls_on_either_side(
    mariadb: SecureServer, tmp_path: Path, front: bool, back: bool
) -> None:
    """TLS on one side alone takes one packet more there: the numbers are shifted until the login is over."""
    honey(tmp_path, "notes")
    made, values = mariadb.certificates, dict[str, object]()
    if front:
        values |= {"certificate": made.of("proxy"), "client_ca": made.ca}
    if back:
        values |= {"server_ca": made.ca}
    with proxied.running(tmp_path, protocol="mysql", server=f"127.0.0.1:{mariadb.port}", **values) as proxy:
        own = {"ca": made.ca, "cert": made.of("staff-7"), "key": made.of("staff-7")} if front else None
        connection = pymysql.connect(
            host="127.0.0.1", port=proxy.port, user="anna", password=WORD, database="books", ssl=own
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM notes WHERE id = 2")
            assert cursor.fetchall() == (("two",),)
            cursor.execute("SHOW STATUS LIKE 'Ssl_cipher'")
            assert bool(cursor.fetchall()[0][1]) == back
        connection.close()
        with pytest.raises(pymysql.OperationalError, match="Access denied"):
            pymysql.connect(host="127.0.0.1", port=proxy.port, user="anna", password="wrong", ssl=own)
        if front:
            with pytest.raises(pymysql.OperationalError, match="insecure transport"):
                pymysql.connect(
                    host="127.0.0.1", port=proxy.port, user="anna", password=WORD, ssl_disabled=True
                )
        words = ["mariadb", "-h", "127.0.0.1", "-P", str(proxy.port), "-u", "anna", f"-p{WORD}", "--compress"]
        words += ["--ssl", f"--ssl-ca={made.ca}"] if front else ["--skip-ssl"]
        done = subprocess.run(
            [*words, "books", "-e", "SELECT * FROM notes"], capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines() == ["id\twords", "1\tone", "2\ttwo"], done.stderr
        first, second = proxy.reports(2)
        assert facts(first, "account", "database", "certificate") == [
            *("anna", "books"),
            "staff-7" if front else None,
        ]
        assert facts(second, "application") == ["mysql"]
        assert WORD not in proxy.said + str([first, second])
