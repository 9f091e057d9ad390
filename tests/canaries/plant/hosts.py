"""Six tables of users in the form of well-known applications, filled with made-up people as they arrive.

People come over two years, log in again and change; bait is planted in between, while the table lives. What they are
called comes from the lists that bait is drawn from too, and from names of nobody: what is tested is the row.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canaries.content import locales, name_patterns
from canaries.content.people import ascii_letters
from canaries.crypto.seeded_random import SeededRandom

BEGIN = dt.datetime(2024, 11, 1, tzinfo=dt.UTC)
PROVIDERS = ("gmail.com",) * 9 + ("yahoo.com", "outlook.com", "hotmail.com", "icloud.com", "gmx.de", "web.de")
STYLES = (
    "{first}.{last} {first}{last} {first}.{last}## {first}{last}%%%% {f}{last} {f}.{last} {first}_{last} "
    "{last}.{first} {first}{l}## {first}#### ~~~~~~~## ~~~~-~~~~"
).split()
BASE64 = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass
class Newcomer:
    """Somebody made up."""

    number: int
    at: dt.datetime
    first: str
    last: str
    email: str
    locale: str
    chance: random.Random
    login: str
    seen: dt.datetime | None

    def text(self, alphabet: str, length: int) -> str:
        return "".join(self.chance.choice(alphabet) for _ in range(length))

    @property
    def phone(self) -> str | None:
        return (
            f"+1{self.chance.randint(201, 989)}{self.text('0123456789', 7)}"
            if self.chance.random() < 0.3
            else None
        )


def newcomers(count: int, seed: int) -> Iterator[Newcomer]:
    """People in the order in which they come."""
    chance, at = random.Random(seed), BEGIN
    drawn = (SeededRandom(chance.randbytes(32)) for _ in range(400))
    words = (name_patterns.written("~" * one.between("length", 4, 15), "", "", one, "word") for one in drawn)
    others = [word + chance.choice((".com", ".net", ".org", ".de", ".co.uk")) for word in words]
    for number in range(1, count + 1):
        at += dt.timedelta(days=730) / count * chance.expovariate(1)
        at = at.replace(microsecond=chance.randrange(10**6))
        locale = chance.choices(["en_US", "de_DE", "fr_FR", "en_GB"], [60, 20, 12, 8])[0]
        made = locales.load(locale)
        first, last = chance.choice((*made.women.names, *made.men.names)), chance.choice(made.families.names)
        stream = SeededRandom(chance.randbytes(32))
        style = chance.choices(STYLES, [9, 8, 8, 4, 4, 3, 3, 2, 4, 3, 5, 2])[0]
        names = ascii_letters(first), ascii_letters(last)
        mailbox = name_patterns.written(style, *names, stream, "mailbox")
        host = chance.choice(PROVIDERS)
        if chance.random() < 0.3:
            host = others[int(len(others) * chance.random() ** 1.5)]
        again = chance.random()
        seen = None if again < 0.2 else at + dt.timedelta(minutes=chance.expovariate(0.05))
        if again > 0.5 and seen is not None:
            seen += dt.timedelta(days=chance.expovariate(1 / 60))
        login = name_patterns.written(chance.choice(STYLES), *names, stream, "login")
        yield Newcomer(number, at, first, last, f"{mailbox}@{host}", locale, chance, login, seen)


def stamp(at: dt.datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%d %H:%M:%S.%f")


def bcrypt_like(one: Newcomer, head: str) -> str:
    return head + one.text(BASE64, 53)


def _arrives(connection: sqlite3.Connection, table: str, row: dict[str, Any], one: Newcomer) -> list[Later]:
    """Insert a row as it is on the first day; what changes when they come again comes back."""
    values = {name: stamp(value) if isinstance(value, dt.datetime) else value for name, value in row.items()}
    first = str(stamp(one.at))
    early = [name for name, value in values.items() if value is not None and value == stamp(one.seen)]
    values |= dict.fromkeys(early, first)
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))
    return [
        (f"UPDATE {table} SET {name} = ? WHERE {name} = ?", [str(stamp(one.seen)), first]) for name in early
    ]


Later = tuple[str, list[str]]
"""A statement and its values, the first of which says when."""
Rows = dict[str, dict[str, Any]]


@dataclass
class Host:
    """One application's tables."""

    name: str
    table: str
    schema: str
    rows: Callable[[Newcomer], Rows]
    """Of one person, by table."""
    joined: str
    """All columns of a person, one row each; the first is the key."""
    path: Path = field(default=Path())

    @property
    def target(self) -> str:
        return f"sqlite:///{self.path}?table={self.table}"

    def fill(self, path: Path, count: int, plant: Callable[[Host, dt.datetime], None], planted: int) -> None:
        """People arrive; ``plant`` is called ``planted`` times in between, each after somebody came."""
        self.path = path
        connection = sqlite3.connect(path)
        connection.executescript(self.schema)
        every, chance = list(newcomers(count, len(self.name))), random.Random(self.name)
        turns = set(chance.sample(range(count // 4, count - 1), planted))
        later: list[Later] = []
        taken: set[str] = set()
        done = 0
        for at, one in enumerate(every):
            one.number += done
            one.login += str(one.number) if one.login in taken else ""
            taken.add(one.login)
            for table, row in self.rows(one).items():
                later += _arrives(connection, table, row, one)
            if at in turns:
                now = one.at + (every[at + 1].at - one.at) * chance.random()
                due = [one for one in later if str(one[1][0]) <= str(stamp(now))]
                later = [one for one in later if str(one[1][0]) > str(stamp(now))]
                for statement, values_ in due:
                    connection.execute(statement, values_)
                connection.commit()
                plant(self, now)
                done += 1
        for statement, values_ in later:
            connection.execute(statement, values_)
        connection.commit()
        connection.close()

    def people(self) -> list[dict[str, Any]]:
        """One row for each, of all tables."""
        connection = sqlite3.connect(self.path)
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(self.joined)]
        connection.close()
        return rows


def django(one: Newcomer) -> Rows:
    password = f"pbkdf2_sha256$10${one.text(BASE64[2:], 22)}${one.text(BASE64.replace('.', '+'), 43)}="
    names = (one.first, one.last) if one.chance.random() < 0.6 else ("", "")
    row: dict[str, Any] = {
        "id": one.number,
        "password": password,
        "last_login": one.seen,
        "is_superuser": False,
    }
    row |= {"username": one.login, "first_name": names[0], "last_name": names[1], "email": one.email}
    return {
        "auth_user": row | {"is_staff": False, "is_active": one.chance.random() < 0.95, "date_joined": one.at}
    }


def custom(one: Newcomer) -> Rows:
    profile: dict[str, Any] = {"theme": one.chance.choice(["dark", "light"]), "greeting": f"Hi {one.first}"}
    row: dict[str, Any] = {
        "id": str(uuid.UUID(bytes=one.chance.randbytes(16))),
        "email": one.email,
        "name": f"{one.first} {one.last}",
    }
    row |= {
        "phone": one.phone,
        "locale": one.locale[:2],
        "country": one.locale[3:],
        "profile": json.dumps(profile),
    }
    row |= {"password": bcrypt_like(one, "$2b$04$"), "created_at": one.at, "updated_at": one.seen or one.at}
    return {"users": row}


def mastodon(one: Newcomer) -> Rows:
    bio = "" if one.chance.random() < 0.7 else f"I am {one.first} and like {one.text('aeiou', 5)}"
    account: dict[str, Any] = {
        "id": one.number,
        "username": one.login,
        "display_name": one.first if one.number % 3 else "",
    }
    account |= {"note": bio, "created_at": one.at, "updated_at": one.seen or one.at}
    confirmed = one.at + dt.timedelta(minutes=one.chance.expovariate(0.2))
    user: dict[str, Any] = {
        "id": one.number,
        "account_id": one.number,
        "email": one.email,
        "created_at": one.at,
    }
    user |= {
        "encrypted_password": bcrypt_like(one, "$2a$04$"),
        "confirmed_at": confirmed,
        "locale": one.locale[:2],
    }
    user |= {"sign_in_count": one.chance.randint(0, 9), "current_sign_in_at": one.seen}
    user |= {"sign_up_ip": f"203.0.113.{one.chance.randint(1, 254)}", "approved": True}
    return {"accounts": account, "users": user}


def discourse(one: Newcomer) -> Rows:
    row: dict[str, Any] = {"id": one.number, "username": one.login, "username_lower": one.login.lower()}
    row |= {
        "name": f"{one.first} {one.last}" if one.number % 4 else None,
        "trust_level": one.chance.choice([0, 0, 1, 2]),
    }
    row |= {"created_at": one.at, "last_seen_at": one.seen, "salt": one.text("0123456789abcdef", 32)}
    mail: dict[str, Any] = {
        "user_id": one.number,
        "email": one.email,
        "is_primary": True,
        "created_at": one.at,
    }
    profile: dict[str, Any] = {"user_id": one.number, "bio_raw": None, "views": one.chance.randint(0, 40)}
    return {"users": row, "user_emails": mail, "user_profiles": profile}


def chatwoot(one: Newcomer) -> Rows:
    row: dict[str, Any] = {
        "id": one.number,
        "uid": one.email,
        "provider": "email",
        "name": f"{one.first} {one.last}",
    }
    row |= {"display_name": one.first if one.number % 2 else None, "email": one.email, "tokens": "{}"}
    row |= {
        "encrypted_password": bcrypt_like(one, "$2a$04$"),
        "confirmed_at": one.at + dt.timedelta(minutes=3),
    }
    row |= {"pubsub_token": one.text(BASE64[2:], 24), "ui_settings": json.dumps({"locale": one.locale[:2]})}
    row |= {"created_at": one.at, "updated_at": one.seen or one.at}
    return {"users": row, "account_users": {"user_id": one.number, "account_id": one.number % 9, "role": 0}}


def odoo(one: Newcomer) -> Rows:
    name = f"{one.first} {one.last}"
    row: dict[str, Any] = {
        "id": one.number,
        "name": name,
        "display_name": name,
        "complete_name": name,
        "email": one.email,
    }
    row |= {"email_normalized": one.email.lower(), "phone": one.phone, "lang": one.locale, "active": True}
    row |= {"commercial_partner_id": one.number, "create_date": one.at, "write_date": one.seen or one.at}
    return {"res_partner": row | {"company_id": 1 + one.number % 3, "type": "contact", "website": None}}


HOSTS = (
    Host(
        "django",
        "auth_user",
        """
CREATE TABLE auth_user (id INTEGER PRIMARY KEY AUTOINCREMENT, password VARCHAR(128) NOT NULL, last_login
DATETIME, is_superuser BOOL NOT NULL, username VARCHAR(150) NOT NULL UNIQUE, first_name VARCHAR(150) NOT NULL,
last_name VARCHAR(150) NOT NULL, email VARCHAR(254) NOT NULL, is_staff BOOL NOT NULL, is_active BOOL NOT NULL,
date_joined DATETIME NOT NULL);
""",
        django,
        """
SELECT * FROM auth_user
""",
    ),
    Host(
        "custom",
        "users",
        """
CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, phone TEXT, locale TEXT,
country TEXT, profile JSON, password TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
""",
        custom,
        """
SELECT * FROM users
""",
    ),
    Host(
        "mastodon",
        "users",
        """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, username TEXT NOT NULL, display_name TEXT NOT NULL, note TEXT
NOT NULL, created_at TEXT, updated_at TEXT); CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INTEGER
NOT NULL UNIQUE REFERENCES accounts(id), email TEXT NOT NULL, created_at TEXT, encrypted_password TEXT NOT
NULL, confirmed_at TEXT, locale TEXT, sign_in_count INT, current_sign_in_at TEXT, sign_up_ip TEXT, approved
BOOL);
""",
        mastodon,
        """
SELECT u.*, a.username AS username, a.display_name AS display_name, a.note AS note, a.created_at AS
a_created_at, a.updated_at AS updated_at FROM users u JOIN accounts a ON a.id = u.account_id
""",
    ),
    Host(
        "discourse",
        "users",
        """
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL, username_lower TEXT NOT NULL UNIQUE, name
TEXT, trust_level INT, created_at TEXT, last_seen_at TEXT, salt TEXT); CREATE TABLE user_emails (id INTEGER
PRIMARY KEY, user_id INT NOT NULL, email TEXT NOT NULL, is_primary BOOL, created_at TEXT); CREATE TABLE
user_profiles (user_id INTEGER PRIMARY KEY, bio_raw TEXT, views INT);
""",
        discourse,
        """
SELECT u.*, e.email AS email, e.is_primary AS is_primary, p.bio_raw AS bio_raw, p.views AS views FROM users u
LEFT JOIN user_emails e ON e.user_id = u.id LEFT JOIN user_profiles p ON p.user_id = u.id
""",
    ),
    Host(
        "chatwoot",
        "users",
        """
CREATE TABLE users (id INTEGER PRIMARY KEY, uid TEXT NOT NULL, provider TEXT NOT NULL, name TEXT NOT NULL,
display_name TEXT, email TEXT, tokens JSON, encrypted_password TEXT NOT NULL, confirmed_at TEXT, pubsub_token
TEXT UNIQUE, ui_settings JSON, created_at TEXT, updated_at TEXT); CREATE TABLE account_users (id INTEGER
PRIMARY KEY, user_id INT REFERENCES users(id), account_id INT, role INT);
""",
        chatwoot,
        """
SELECT u.*, a.account_id AS account_id, a.role AS role FROM users u LEFT JOIN account_users a ON a.user_id =
u.id
""",
    ),
    Host(
        "odoo",
        "res_partner",
        """
CREATE TABLE res_partner (id INTEGER PRIMARY KEY, name TEXT, display_name TEXT, complete_name TEXT, email
TEXT, email_normalized TEXT, phone TEXT, lang TEXT, active BOOL, commercial_partner_id INT REFERENCES
res_partner(id), create_date TEXT, write_date TEXT, company_id INT, type TEXT, website TEXT);
""",
        odoo,
        """
SELECT *, commercial_partner_id = id AS own FROM res_partner
""",
    ),
)
