"""A row in a stranger's table, on each database."""

from __future__ import annotations

import random
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from werkzeug.security import check_password_hash

from canaries.core.errors import PlantError
from canaries.core.model import Bait, Canary, Token
from canaries.plant.planters import Done, PlantingRequest, State, choose
from canaries.plant.planters.database import DatabasePlanter
from tests.conftest import mariadb_database, postgres_database


def prepare(folder: Path) -> str:
    connection = sqlite3.connect(folder / "app.db")
    connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)")
    connection.close()
    return f"sqlite:///{folder}/app.db?table=users"


Ask = Callable[..., PlantingRequest]

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mariadb": "mariadb+pymysql"}
KEYS = {
    "sqlite": "INTEGER PRIMARY KEY",
    "postgresql": "SERIAL PRIMARY KEY",
    "mariadb": "INT PRIMARY KEY AUTO_INCREMENT",
}
TIMES = {"sqlite": "TEXT", "postgresql": "TIMESTAMPTZ", "mariadb": "DATETIME"}

CANARY = Canary("0" * 16, "user", "", "", "", "", "", {}, "", "", (), "", (), {}, "")

USERS = """CREATE TABLE users (
    id {serial},
    "E-Mail" VARCHAR(120) NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    surname TEXT,
    "order" INTEGER NOT NULL DEFAULT 0,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at {time} NOT NULL
)"""


class Target:
    """A database of this test's own, with a table of users."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        sort = make_url(url).get_backend_name()
        driver = make_url(url).set(drivername=DRIVERS[sort])
        self.engine: Engine = create_engine(driver, poolclass=NullPool)
        self.run(USERS.format(serial=KEYS[sort], time=TIMES[sort]))
        for number in range(4):
            self.run(
                'INSERT INTO users ("E-Mail", first_name, surname, password, role, created_at) VALUES '
                f"('u{number}@x.example', 'Ann{number}', 'Lee', '$2b$12$x', '{'admin' if number == 0 else 'member'}', "
                f"'2026-11-2{number - 2 if number > 1 else 0} 10:00:00')"
            )

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "mariadb":
                connection.exec_driver_sql("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'")
            for statement in statements:
                connection.exec_driver_sql(statement)

    def rows(self, statement: str = "SELECT * FROM users ORDER BY id") -> list[dict[str, Any]]:
        with self.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.exec_driver_sql(statement)]


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="module")
def mariadb(mariadb_server: str) -> Iterator[str]:
    with mariadb_database(mariadb_server) as url:
        yield url


def emptied(url: str) -> str:
    """One database serves all tests here: making one takes longer than most of them."""
    engine = create_engine(
        make_url(url).set(drivername=DRIVERS[make_url(url).get_backend_name()]), poolclass=NullPool
    )
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        else:
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            for name in inspect(connection).get_table_names():
                connection.exec_driver_sql(f"DROP TABLE `{name}`")
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    made = Target(
        f"sqlite:///{tmp_path}/app.db"
        if request.param == "sqlite"
        else emptied(request.getfixturevalue({"postgresql": "postgres"}.get(request.param, request.param)))
    )
    yield made
    made.engine.dispose()


def put(request: PlantingRequest) -> Done:
    return DatabasePlanter().plan(request).put()


def test_the_row_takes_bait_by_name_and_habits_from_its_neighbours(
    target: Target, bait: Bait, ask: Ask
) -> None:
    done = put(ask(bait, target.url, table="users"))
    row = target.rows()[-1]
    assert row["E-Mail"] == bait.row["email"]
    assert (row["first_name"], row["surname"]) == ("Mara", "Okonjo")
    assert row["password"] == bait.row["password_hash"]
    assert (row["role"], row["order"]) == ("member", 0)
    assert str(target.rows()[-2]["created_at"]) < str(row["created_at"])
    assert "2026-11-22 1" in str(row["created_at"])
    assert done.items[0].row == {"table": "users", "id": str(row["id"])}


def test_planning_touches_nothing_and_shows_what_would_stand_there(
    target: Target, bait: Bait, ask: Ask
) -> None:
    before = target.rows()
    plan = DatabasePlanter().plan(ask(bait, target.url, table="users"))
    assert target.rows() == before
    assert "E-Mail: the bait's email" in plan.steps
    assert not any(value in " ".join(plan.steps) for value in bait.row.values())
    shown = plan.diff.splitlines()
    assert shown[0] == "+++ users"
    assert {f"+E-Mail = {bait.row['email']}", "+first_name = Mara", "+role = member"} <= set(shown)
    assert bait.row["password_hash"] not in plan.diff


def test_looking_again(target: Target, bait: Bait, ask: Ask) -> None:
    item = put(ask(bait, target.url, table="users")).items[0]
    assert DatabasePlanter().look(item) == (State.THERE, "")
    target.run("UPDATE users SET \"E-Mail\" = 'other' WHERE first_name = 'Mara'")
    assert DatabasePlanter().look(item) == (State.CHANGED, "the row reads otherwise in E-Mail")
    target.run("DELETE FROM users WHERE first_name = 'Mara'")
    assert DatabasePlanter().look(item) == (State.GONE, "the row is not there")
    target.run("DROP TABLE users")
    assert DatabasePlanter().look(item)[0] is State.UNREACHABLE


def test_undo_takes_the_row_away_and_no_other(target: Target, bait: Bait, ask: Ask) -> None:
    before = target.rows()
    put(ask(bait, target.url, table="users")).undo()
    assert target.rows() == before


def test_the_same_bait_is_not_inserted_twice(target: Target, bait: Bait, ask: Ask) -> None:
    plan = DatabasePlanter().plan(ask(bait, target.url, table="users"))
    plan.put()
    with pytest.raises(PlantError, match="already holds"):
        plan.put()
    with pytest.raises(PlantError, match="already holds"):
        DatabasePlanter().plan(ask(bait, target.url, table="users"))
    assert len(target.rows()) == 5


def test_a_real_persons_name_is_refused(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("UPDATE users SET first_name = 'Mara', surname = 'Okonjo' WHERE id = 1")
    with pytest.raises(PlantError, match="phony person's name"):
        DatabasePlanter().plan(ask(bait, target.url, table="users"))


def test_a_column_nobody_can_fill_is_named(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("ALTER TABLE users RENAME COLUMN role TO tenant")
    target.run("UPDATE users SET tenant = 'tenant ' || id")
    with pytest.raises(PlantError, match="needs a value for tenant") as caught:
        DatabasePlanter().plan(ask(bait, target.url, table="users"))
    assert caught.value.hint == "say what goes in: --set tenant=VALUE"
    put(ask(bait, target.url, table="users", values={"tenant": "t9"}))
    assert target.rows()[-1]["tenant"] == "t9"


def test_among_hashes_a_clear_password_becomes_one_that_nothing_opens(
    target: Target, bait: Bait, ask: Ask
) -> None:
    clear = replace(bait, row={key: value for key, value in bait.row.items() if key != "password_hash"})
    target.run("UPDATE users SET password = 'pbkdf2:sha256:1000$abcdefgh$0011'")
    plan = DatabasePlanter().plan(ask(clear, target.url, table="users"))
    assert any("a hash that no password opens" in step for step in plan.steps)
    plan.put()
    made = target.rows()[-1]["password"]
    assert re.fullmatch(r"pbkdf2:sha256:1000\$[A-Za-z0-9]{8}\$[0-9a-f]{64}", made)
    assert not check_password_hash(made, bait.row["password"])


def test_a_clear_password_goes_among_clear_ones(target: Target, bait: Bait, ask: Ask) -> None:
    clear = replace(bait, row={key: value for key, value in bait.row.items() if key != "password_hash"})
    target.run("UPDATE users SET password = 'hunter2'")
    put(ask(clear, target.url, table="users"))
    assert target.rows()[-1]["password"] == bait.row["password"]


def test_hashes_of_an_unknown_scheme_are_refused(target: Target, bait: Bait, ask: Ask) -> None:
    clear = replace(bait, row={key: value for key, value in bait.row.items() if key != "password_hash"})
    target.run("UPDATE users SET password = '$hush$x$y'")
    with pytest.raises(PlantError, match="not known here"):
        DatabasePlanter().plan(ask(clear, target.url, table="users"))


def test_a_column_called_hash_never_takes_clear_text(target: Target, bait: Bait, ask: Ask) -> None:
    clear = replace(bait, row={key: value for key, value in bait.row.items() if key != "password_hash"})
    target.run("CREATE TABLE fresh (mail VARCHAR(99), pw_hash TEXT)")
    put(ask(clear, target.url, table="fresh"))
    assert target.rows("SELECT * FROM fresh") == [{"mail": bait.row["email"], "pw_hash": None}]


def test_another_hash_scheme_than_the_neighbours_is_refused(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("UPDATE users SET password = 'scrypt:32768:8:1$salt$hash'")
    with pytest.raises(PlantError, match="are 'scrypt:32768:8:1', the bait's is '2b\\$12'"):
        DatabasePlanter().plan(ask(bait, target.url, table="users"))


def test_an_unknown_column_is_refused(target: Target, bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="no column 'rolle'"):
        DatabasePlanter().plan(ask(bait, target.url, table="users", values={"rolle": "x"}))


def test_uuid_keys_are_drawn_like_the_neighbours(target: Target, bait: Bait, ask: Ask) -> None:
    kind = "VARCHAR(36)" if target.sqlite else "UUID"
    target.run(f"CREATE TABLE people (id {kind} PRIMARY KEY, mail TEXT NOT NULL)")
    target.run("INSERT INTO people VALUES ('6f9619ff-8b86-4011-b42d-00c04fc964ff', 'a@x.example')")
    done = put(ask(bait, target.url, table="people"))
    assert len(done.items[0].row["id"]) == 36
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    done.undo()
    assert len(target.rows("SELECT * FROM people")) == 1


def test_a_table_without_a_key(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("CREATE TABLE list (mail TEXT)")
    done = put(ask(bait, target.url, table="list"))
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    done.undo()
    assert target.rows("SELECT * FROM list") == []


def test_a_table_that_holds_no_token_of_the_bait_is_refused(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("CREATE TABLE phones (phone TEXT, surname TEXT)")
    with pytest.raises(PlantError, match="takes a token"):
        DatabasePlanter().plan(ask(bait, target.url, table="phones"))


def test_a_hostile_table_name_is_a_name(target: Target, bait: Bait, ask: Ask) -> None:
    target.run('CREATE TABLE "x; DROP TABLE users; --" (mail TEXT)')
    put(ask(bait, target.url, table="x; DROP TABLE users; --"))
    assert len(target.rows()) == 4


def test_a_refusal_by_the_database_repeats_no_value(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("CREATE TABLE strict (mail TEXT CHECK (length(mail) < 5))")
    with pytest.raises(PlantError, match="refuses") as caught:
        put(ask(bait, target.url, table="strict"))
    assert bait.row["email"] not in caught.value.sentence
    assert target.rows("SELECT * FROM strict") == []


def test_a_value_too_long_for_its_column_is_refused(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("CREATE TABLE short (mail VARCHAR(10))")
    with pytest.raises(PlantError, match="does not fit into column 'mail'"):
        DatabasePlanter().plan(ask(bait, target.url, table="short"))


def test_a_missing_table(target: Target, bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="no table 'user'"):
        DatabasePlanter().plan(ask(bait, target.url, table="user"))


def test_the_password_is_not_written_down(bait: Bait, postgres: str, ask: Ask) -> None:
    target = Target(emptied(postgres))
    url = make_url(postgres).set(password="hush-hush").set(query={"table": "users"})
    plan = DatabasePlanter().plan(ask(bait, url.render_as_string(hide_password=False)))
    assert "hush-hush" not in plan.target
    assert "hush-hush" not in str(plan.items)
    assert any("~/.pgpass" in warning for warning in plan.warnings)
    target.engine.dispose()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///nowhere.db", "does not name a table"),
        ("sqlite:///nowhere.db?table=users", "there is no SQLite file"),
        ("sqlite://?table=users", "names no SQLite file"),
        ("oracle://root:hush@host/db?table=users", "'oracle' databases"),
        ("mysql://root:hush@127.0.0.1:1/db?table=users", "refuses"),
        ("postgresql://u:hush@127.0.0.1:1/db?table=users", "refuses"),
        ("postgresql://u:hush@host:port/db", "not a database URL"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bait: Bait, ask: Ask, url: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlantError, match=message) as caught:
        DatabasePlanter().plan(ask(bait, url))
    assert "hush" not in caught.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_bait_without_a_row_is_refused(bait: Bait, ask: Ask) -> None:
    with pytest.raises(PlantError, match="no row"):
        DatabasePlanter().plan(ask(replace(bait, row={}), "sqlite:///x?table=t"))


def test_urls_are_for_the_database(tmp_path: Path) -> None:
    assert choose("sqlite:///x").name == "database"
    assert choose(str(tmp_path)).name == "folder"
    with pytest.raises(PlantError, match="nothing can be planted"):
        choose(str(tmp_path / "no" / "where"))


def test_taken_back_the_table_is_as_it_was_with_its_counter(target: Target, bait: Bait, ask: Ask) -> None:
    before = target.rows()
    planter = DatabasePlanter()
    items = put(ask(bait, target.url, table="users")).items
    removal = planter.take_back(items, CANARY, "")
    planted = target.rows()
    removal.run()
    assert target.rows() == before
    assert any("backups" in text for text in removal.remains)
    removal.undo()
    assert target.rows() == planted
    planter.take_back(items, CANARY, "").run()
    if target.engine.dialect.name == "postgresql":
        assert target.rows("SELECT last_value FROM users_id_seq") == [{"last_value": 4}]


def test_a_row_that_was_changed_is_not_taken_back(target: Target, bait: Bait, ask: Ask) -> None:
    items = put(ask(bait, target.url, table="users")).items
    target.run("UPDATE users SET \"E-Mail\" = 'other' WHERE first_name = 'Mara'")
    with pytest.raises(PlantError, match="not as it was"):
        DatabasePlanter().take_back(items, CANARY, "")
    assert len(target.rows()) == 5


def test_triggers_are_named_before(target: Target, bait: Bait, ask: Ask) -> None:
    if target.engine.dialect.name == "postgresql":
        target.run("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
        target.run("CREATE TRIGGER audit BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()")
    elif target.sqlite:
        target.run("CREATE TRIGGER audit AFTER INSERT ON users BEGIN SELECT 1; END")
    else:
        target.run("CREATE TRIGGER audit BEFORE INSERT ON users FOR EACH ROW SET @planted = 1")
    plan = DatabasePlanter().plan(ask(bait, target.url, table="users"))
    assert "an insert into users fires audit" in plan.warnings


def test_an_address_that_cannot_be_is_refused_among_real_ones(target: Target, bait: Bait, ask: Ask) -> None:
    email = "mara.k3v9x2@qwlrtz.invalid"
    nowhere = replace(bait, tokens=(Token("email", email, folds=True),), row={**bait.row, "email": email})
    target.run("UPDATE users SET \"E-Mail\" = REPLACE(\"E-Mail\", 'x.example', 'mail.internal')")
    with pytest.raises(PlantError, match=r"ends in \.invalid") as caught:
        DatabasePlanter().plan(ask(nowhere, target.url, table="users"))
    assert "--allow no-mail" in str(caught.value.hint)
    put(ask(nowhere, target.url, table="users", allow=frozenset({"no-mail"})))
    assert target.rows()[-1]["E-Mail"] == email


def test_among_addresses_that_cannot_be_one_more_is_no_exception(
    target: Target, bait: Bait, ask: Ask
) -> None:
    email = "mara.k3v9x2@qwlrtz.invalid"
    nowhere = replace(bait, tokens=(Token("email", email, folds=True),), row={**bait.row, "email": email})
    put(ask(nowhere, target.url, table="users"))
    assert target.rows()[-1]["E-Mail"] == email


FAMILY = """
CREATE TABLE accounts (id {serial}, username VARCHAR(40) NOT NULL, display_name TEXT, created_at {time});
CREATE TABLE members (
    id {serial}, account_id INT NOT NULL UNIQUE REFERENCES accounts(id), email VARCHAR(120), note TEXT,
    created_at {time}, last_seen_at {time}
);
CREATE TABLE profiles (member_id INT PRIMARY KEY REFERENCES members(id), bio TEXT, locale VARCHAR(9));
CREATE TABLE posts (id {serial}, member_id INT REFERENCES members(id), body TEXT);
"""
ANN = """
INSERT INTO accounts (username, display_name, created_at) VALUES ('{mail}', 'Ann {last}', '{day} 08:00:00');
INSERT INTO members (account_id, email, created_at, last_seen_at)
    VALUES ({n}, '{mail}@x.example', '{day} 08:00:00', '{day} 09:00:00');
INSERT INTO profiles VALUES ({n}, '', 'en');
"""


def test_one_person_in_several_tables(target: Target, bait: Bait, ask: Ask) -> None:
    sort = make_url(target.url).get_backend_name()
    script = FAMILY.format(serial=KEYS[sort], time=TIMES[sort])
    for n in range(1, 6):
        last = f"Lee{'abcde'[n - 1]}"
        script += ANN.format(n=n, last=last, mail=f"ann.{last.lower()}", day=f"2026-11-1{n}")
        script += (
            f"INSERT INTO posts (member_id, body) VALUES ({n}, 'a'), ({n}, 'b'), ({n}, 'c'), ({n}, 'd');"
        )
    target.run(*filter(str.strip, script.split(";")))
    tables = ("accounts", "members", "profiles", "posts")
    before = {name: target.rows(f"SELECT * FROM {name} ORDER BY 1") for name in tables}
    items = put(ask(bait, target.url, table="members")).items
    member = target.rows("SELECT * FROM members ORDER BY id")[-1]
    account = target.rows("SELECT * FROM accounts ORDER BY id")[-1]
    assert [item.row["table"] for item in items] == ["accounts", "members", "profiles"]
    assert (member["email"], member["account_id"], member["note"]) == (bait.row["email"], account["id"], None)
    assert account["display_name"] == "Mara Okonjo"
    assert account["username"] == "mara.k3v9x2", "as the neighbours' are, what stands before the @"
    assert str(account["created_at"]) == str(member["created_at"]) < str(member["last_seen_at"])
    assert target.rows(f"SELECT locale FROM profiles WHERE member_id = {member['id']}") == [{"locale": "en"}]
    assert len(target.rows("SELECT * FROM posts")) == 20
    DatabasePlanter().take_back(items, CANARY, "").run()
    assert before == {name: target.rows(f"SELECT * FROM {name} ORDER BY 1") for name in tables}


TYPES = """
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE TYPE standing AS ENUM ('new', 'member');
CREATE TABLE people (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(), number BIGINT GENERATED ALWAYS AS IDENTITY,
    mail CITEXT NOT NULL UNIQUE,
    full_name TEXT, lower_name TEXT GENERATED ALWAYS AS (lower(full_name)) STORED, search TSVECTOR, standing standing,
    tokens JSON, settings JSONB NOT NULL, tags TEXT[], seen_from INET, tenant INT NOT NULL, born DATE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON people USING (tenant = current_setting('app.tenant')::int);
"""
PERSON = """
INSERT INTO people
    (mail, full_name, search, standing, tokens, settings, tags, seen_from, tenant, born, created_at)
VALUES
    ('Ann.{last}@x.example', 'Ann {last}', to_tsvector('simple', 'Ann {last}'), 'member', '{{}}',
    '{{"name": "Ann", "n": 1}}', '{{a,b}}', '192.0.2.{n}', 7, '1980-01-0{n}', '2026-11-1{n} 08:00:00+00');
"""


def test_types_of_postgresql_alone(postgres: str, bait: Bait, ask: Ask) -> None:
    """What made planting fail before: json has no equality, jsonb comes as a dict; and what else real tables have."""
    emptied(postgres)
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    role = f"plain_{make_url(postgres).database}"
    script = TYPES + "".join(PERSON.format(last=f"Lee{'abcde'[n]}", n=n + 1) for n in range(5))
    with engine.begin() as connection:
        connection.exec_driver_sql("SET app.tenant = '7'")
        connection.exec_driver_sql(script)
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA public TO {role}")
        connection.exec_driver_sql(f"GRANT ALL ON people TO {role}")
    options = {"table": "people", "options": "-c app.tenant=7"}
    url = make_url(postgres).set(username=role, password=None).update_query_dict(options)
    try:
        done = put(ask(bait, url.render_as_string(hide_password=False)))
        with engine.begin() as connection:
            row = connection.exec_driver_sql("SELECT * FROM people WHERE mail LIKE 'mara%%'").mappings().one()
        assert (row["full_name"], row["lower_name"], row["standing"]) == (
            "Mara Okonjo",
            "mara okonjo",
            "member",
        )
        assert row["search"] == "'mara':1 'okonjo':2"
        assert (row["tokens"], row["settings"], row["tags"]) == ({}, {"name": "Mara", "n": 1}, ["a", "b"])
        assert (row["tenant"], row["number"]) == (7, 6)
        assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
        removal = DatabasePlanter().take_back(done.items, CANARY, "")
        removal.run()
        removal.undo()
        assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}; DROP ROLE {role}")
        engine.dispose()


def test_what_a_trigger_makes_another_value_of_is_refused_and_nothing_stays(
    bait: Bait, tmp_path: Path, ask: Ask
) -> None:
    """Otherwise nobody would find it, and it could not be taken back."""
    url = prepare(tmp_path)
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute(
            "CREATE TRIGGER veil AFTER INSERT ON users BEGIN UPDATE users SET email = 'x' WHERE id = NEW.id; END"
        )
    with pytest.raises(PlantError, match="something else of 'email'"):
        put(ask(bait, url))
    assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    connection.close()


def test_what_a_trigger_writes_in_capitals_is_found_and_taken_back(
    bait: Bait, tmp_path: Path, ask: Ask
) -> None:
    url = prepare(tmp_path)
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute(
            "CREATE TRIGGER loud AFTER INSERT ON users BEGIN"
            " UPDATE users SET email = upper(email) WHERE id = NEW.id; END"
        )
    done = put(ask(bait, url))
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    DatabasePlanter().take_back(done.items, CANARY, "").run()
    assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    connection.close()


def test_a_view_is_refused_before_anything_is_written(target: Target, bait: Bait, ask: Ask) -> None:
    target.run("CREATE VIEW people AS SELECT * FROM users")
    try:
        with pytest.raises(PlantError, match="'people' is a view"):
            DatabasePlanter().plan(ask(bait, f"{target.url}?table=people"))
    finally:
        target.run("DROP VIEW people")


def test_a_number_that_the_database_draws_is_never_a_neighbours(postgres: str, bait: Bait, ask: Ask) -> None:
    emptied(postgres)
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE users (tenant INT, id SERIAL, email TEXT, PRIMARY KEY (tenant, id))"
        )
        connection.exec_driver_sql(
            "INSERT INTO users (tenant, email) SELECT 1, n || '@x.example' FROM generate_series(1, 5) n"
        )
    done = put(ask(bait, f"{postgres}?table=users"))
    counter = "SELECT last_value FROM users_id_seq"
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT id FROM users WHERE email LIKE 'mara%%'").scalar_one() == 6
    DatabasePlanter().take_back(done.items, CANARY, "").run()
    with engine.begin() as connection:
        assert connection.exec_driver_sql(counter).scalar_one() == 5
    engine.dispose()


def test_texts_padded_with_blanks_uuids_and_hstore_are_no_obstacle(
    postgres: str, bait: Bait, ask: Ask
) -> None:
    emptied(postgres)
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS hstore SCHEMA public")
        connection.exec_driver_sql(
            "CREATE TABLE users (uid UUID PRIMARY KEY DEFAULT gen_random_uuid(), email CHAR(60), name CHAR(20),"
            " marks HSTORE)"
        )
        connection.exec_driver_sql(
            "INSERT INTO users (email, name, marks)"
            """ SELECT n || '@x.example', 'Ann', 'a=>"b\\"c", d=>NULL' FROM generate_series(1, 5) n"""
        )
    done = put(ask(bait, f"{postgres}?table=users"))
    with engine.begin() as connection:
        row = connection.exec_driver_sql(
            "SELECT trim(name), marks->'a', marks ? 'd' FROM users WHERE email LIKE 'mara%%'"
        ).one()
    assert tuple(row) == ("Mara", 'b"c', True)
    removal = DatabasePlanter().take_back(done.items, CANARY, "")
    removal.run()
    removal.undo()
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    engine.dispose()


def test_a_key_that_the_database_draws_as_a_text_is_known(mariadb: str, bait: Bait, ask: Ask) -> None:
    """By ``id = 0`` MariaDB finds every text that does not begin with a digit."""
    emptied(mariadb)
    engine = create_engine(make_url(mariadb).set(drivername="mariadb+pymysql"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE users (id CHAR(36) PRIMARY KEY DEFAULT uuid(), email VARCHAR(80))"
        )
        for number in range(5):
            connection.exec_driver_sql(f"INSERT INTO users (email) VALUES ('u{number}@x.example')")
        old = connection.exec_driver_sql("SELECT * FROM users ORDER BY id").all()
    done = put(ask(bait, f"{mariadb}?table=users"))
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    DatabasePlanter().take_back(done.items, CANARY, "").run()
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT * FROM users ORDER BY id").all() == old
    engine.dispose()


@pytest.mark.parametrize("default", ["", "DEFAULT (unhex(replace(uuid(), '-', '')))"])
def test_keys_that_are_bytes_are_drawn_linked_found_and_taken_back(
    mariadb: str, bait: Bait, ask: Ask, default: str
) -> None:
    emptied(mariadb)
    engine = create_engine(make_url(mariadb).set(drivername="mariadb+pymysql"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TABLE users (id BINARY(16) PRIMARY KEY {default}, email VARCHAR(80))"
        )
        connection.exec_driver_sql(
            "CREATE TABLE profiles (user_id BINARY(16) PRIMARY KEY REFERENCES users (id), town VARCHAR(20))"
        )
        for number in range(5):
            key = uuid.UUID(int=random.Random(number).getrandbits(128), version=4).bytes
            connection.exec_driver_sql("INSERT INTO users VALUES (%s, %s)", (key, f"u{number}@x.example"))
            connection.exec_driver_sql("INSERT INTO profiles VALUES (%s, 'Bonn')", (key,))
        old = connection.exec_driver_sql(
            "SELECT * FROM users JOIN profiles ON id = user_id ORDER BY id"
        ).all()
    done = put(ask(bait, f"{mariadb}?table=users"))
    assert [DatabasePlanter().look(one) for one in done.items] == [(State.THERE, "")] * 2
    assert re.fullmatch("[0-9a-f]{32}", done.items[0].row["id"])
    removal = DatabasePlanter().take_back(done.items, CANARY, "")
    removal.run()
    with engine.begin() as connection:
        assert (
            connection.exec_driver_sql("SELECT * FROM users JOIN profiles ON id = user_id ORDER BY id").all()
            == old
        )
    removal.undo()
    assert DatabasePlanter().look(done.items[1]) == (State.THERE, "")
    engine.dispose()


def test_columns_of_any_name_are_filled_on_mariadb(mariadb: str, bait: Bait, ask: Ask) -> None:
    emptied(mariadb)
    engine = create_engine(make_url(mariadb).set(drivername="mariadb+pymysql"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, `e-mail` VARCHAR(80), `we``ird` VARCHAR(9),"
            ' `100%%` INT, `a:b` VARCHAR(9), `order` INT, `d"q` VARCHAR(9), UNIQUE KEY `k``y` (`we``ird`, id))'
        )
        for number in range(5):
            connection.exec_driver_sql(
                'INSERT INTO users (`e-mail`, `we``ird`, `100%%`, `a:b`, `order`, `d"q`)'
                f" VALUES ('u{number}@x.example', 'w', 7, 'x', 7, 'y')"
            )
    done = put(ask(bait, f"{mariadb}?table=users"))
    with engine.begin() as connection:
        row = connection.exec_driver_sql("SELECT * FROM users WHERE `e-mail` LIKE 'mara%%'").one()
    assert tuple(row)[2:] == ("w", 7, "x", 7, "y")
    assert DatabasePlanter().look(done.items[0]) == (State.THERE, "")
    engine.dispose()


def test_what_postgresql_says_of_data_is_cut_to_what_quotes_none(postgres: str, bait: Bait, ask: Ask) -> None:
    emptied(postgres)
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE users (uid UUID PRIMARY KEY, email TEXT)")
    with pytest.raises(PlantError, match="invalid input syntax for type uuid") as refused:
        put(ask(bait, f"{postgres}?table=users", values={"uid": "hush-hush"}))
    assert "hush" not in refused.value.sentence
    engine.dispose()
