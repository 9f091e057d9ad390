"""Which rows of other tables are part of who somebody is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from canaries.plant.rows import table
from canaries.plant.rows.relations import Family, FamilyRow

SCHEMA = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, handle TEXT);
CREATE TABLE account_stats (account_id INTEGER UNIQUE REFERENCES accounts(id), posts INT);
CREATE TABLE companies (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE users (
    id INTEGER PRIMARY KEY, account_id INT REFERENCES accounts(id), company_id INT REFERENCES companies(id)
);
CREATE TABLE user_emails (id INTEGER PRIMARY KEY, user_id INT, email TEXT);
CREATE TABLE settings (id INTEGER PRIMARY KEY, user_id INT REFERENCES users(id), theme TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INT REFERENCES users(id), amount INT);
"""


def family(folder: Path) -> list[FamilyRow]:
    connection = sqlite3.connect(folder / "a.db")
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO companies VALUES (1, 'x')")
    for n in range(1, 9):
        connection.execute("INSERT INTO accounts VALUES (?, ?)", (n + 50, f"h{n}"))
        connection.execute("INSERT INTO account_stats VALUES (?, 0)", (n + 50,))
        connection.execute("INSERT INTO users VALUES (?, ?, 1)", (n, n + 50))
        connection.execute("INSERT INTO user_emails (user_id, email) VALUES (?, ?)", (n, f"m{n}@x"))
        connection.execute("INSERT INTO settings (user_id, theme) VALUES (?, 'dark')", (n,))
    connection.execute("INSERT INTO orders (user_id, amount) VALUES (3, 7)")
    connection.commit()
    connection.close()
    where = table.address(f"sqlite:///{folder}/a.db?table=users")
    with table.opened(where) as opened:
        found = Family(opened, where)
        donor = next(row for row in found.sample(where).rows if row["id"] == 3)
        return found.of(donor)


def test_what_each_has_one_of_belongs_and_orders_and_companies_do_not(tmp_path: Path) -> None:
    members = family(tmp_path)
    names = [member.where.table for member in members]
    assert sorted(names) == ["account_stats", "accounts", "settings", "user_emails", "users"]
    assert names.index("accounts") < names.index("users") < names.index("user_emails")
    assert names.index("accounts") < names.index("account_stats")


def test_links_name_the_rows_among_each_other(tmp_path: Path) -> None:
    members = family(tmp_path)
    at = {member.where.table: number for number, member in enumerate(members)}
    links = {member.where.table: member.links for member in members}
    assert links["users"] == (("account_id", at["accounts"], "id"),)
    assert links["user_emails"] == (("user_id", at["users"], "id"),), "no foreign key says so, the name does"
    assert links["account_stats"] == (("account_id", at["accounts"], "id"),)
    assert links["accounts"] == ()
