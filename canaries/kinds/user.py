"""A phony person: nobody, with an e-mail address, a password and a profile page at a trap."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from canaries.content import name_patterns, passwords, people
from canaries.core.errors import MintError
from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE36, BASE62, SeededRandom
from canaries.kinds import Kind, Order

_HASHES: dict[str, tuple[Callable[[str, str, int], str], int]] = {
    "pbkdf2": (passwords.pbkdf2, 22),
    "pbkdf2-werkzeug": (passwords.pbkdf2_werkzeug, 16),
    "scrypt": (passwords.scrypt, 16),
}
"""How each is made, and how long its salt is in that framework."""

_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?\Z")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}\Z")
"""ITU-T E.164."""
_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z"
)


@dataclass(frozen=True, slots=True)
class UserOptions:
    """What ``--set`` may set."""

    locale: str = ""
    """``en_US``, ``de_DE`` ...; empty: the installation's."""
    form: Literal["json", "csv", "sql", "ldif", "fixture"] = "json"
    """Of the text: one JSON object, one CSV line (columns in the order of the JSON), one INSERT, an
    LDIF entry (without a password), or a Django fixture of the model ``table`` (``app.user``)."""
    table: str = "users"
    """Of the INSERT, or the fixture's model."""
    hash: Literal["", "pbkdf2", "pbkdf2-werkzeug", "scrypt"] = ""
    """The row then has ``password_hash`` in place of ``password``: ``pbkdf2`` in Django's form, the others in
    Werkzeug's, which Flask uses. A million iterations take a third of a second: mind it before minting thousands."""
    mailbox: str = ""
    """How the address before the @ is made of the name, as other people's are: ``{first}.{last}##`` (also ``{f}``,
    ``{l}``, ``%%%%`` for a year, ``~`` for a letter of an invented word). Such an address can be guessed, if hardly by
    chance; empty: with a tag that nobody guesses."""
    login: str = ""
    """The same for the user name."""
    domain: str = ""
    """Of the address: the catch domain, or another of ``bait.mail_domains``; empty: the catch domain."""
    cost: int = 0
    """Iterations, or scrypt's N; make it the neighbours', a cheaper one marks the bait. 0: the framework's default."""

    phone: str = ""
    """A number of your own in place of one that is nobody's: ``+15551234567``. A text message to it, told by your
    provider's webhook, is then a hit (facet ``number``)."""
    email: str = ""
    """An address of your own at a mail provider in place of one in your catch domain: ``june.k@provider.example``. Mail
    to it, fetched from that mailbox (``[mailboxes.NAME]``), is then a hit."""
    crackable: bool = False
    """With ``hash``: the password is one that a cracker finds, a word and digits. Used together with the address it is
    a hit that says *cracked* (facet ``cracked_password``); the password alone is anybody's and no hit."""

    def __post_init__(self) -> None:
        if not _TABLE.match(self.table):
            raise ValueError("table must be a plain SQL name")
        for name in ("mailbox", "login"):
            if (value := getattr(self, name)) and not name_patterns.FORM.match(value):
                raise ValueError(
                    f"{name} must be made of {{first}}, {{last}}, {{f}}, {{l}}, #, %%%%, ~ and . _ + -"
                )
        if self.email and not _ADDRESS.match(self.email):
            raise ValueError(f"email {self.email!r} is no address: june.k@provider.example")
        if self.email and (self.mailbox or self.domain):
            raise ValueError("email is the whole address: leave out mailbox and domain")
        if self.phone and not _NUMBER.match(self.phone):
            raise ValueError(f"phone {self.phone!r} is no number in international form: +15551234567")


class User(Kind):
    name: ClassVar[str] = "user"
    service: ClassVar[str] = "u"
    traps: ClassVar[tuple[str, ...]] = ("http", "smtp")
    title: ClassVar[str] = "A phony person for a table of users or subscribers"
    fired_by: ClassVar[str] = (
        "Whoever logs in with the password or the address at a trap, or opens the profile page; mail to the "
        "address, where a catch domain is set and its mail trap runs. Phone, name and user name are recorded but "
        "never accuse: anybody may guess them."
    )
    plant_hint: ClassVar[str] = (
        "As a row of your own table of users: few, at different times, in your app's own way."
    )
    try_hint: ClassVar[str] = (
        "curl -i '{profile_url}'\n"
        "curl -i --data-urlencode 'email={email}' --data-urlencode 'password={password}' '{url}/login'\n"
        "swaks --to '{email}'"
    )
    Options: ClassVar[type[Any]] = UserOptions

    def mint(self, order: Order, options: UserOptions) -> Bait:
        stream, site = order.stream, order.site()
        locale = options.locale or order.locale
        person = people.draw(stream, locale, int(order.created_at[:4]))
        person, mailbox = _named(order, person, options)
        email = options.email or f"{mailbox}@{_domain(order, options)}"
        password = passwords.crackable(stream) if options.crackable else _password(stream)
        row = {
            "name": f"{person.first} {person.last}",
            "first_name": person.first,
            "last_name": person.last,
            "user_name": person.user_name,
            "email": email,
            "phone": options.phone or person.phone,
            "street": person.street,
            "postcode": person.postcode,
            "city": person.city,
            "region": person.region,
            "country": person.country,
            "birth_date": person.birth_date,
            "locale": locale,
            "profile_url": f"{site.url}/{person.user_name}",
            **_secret(stream, password, options),
        }
        if options.crackable and not options.hash:
            raise MintError("a crackable password needs a hash", hint="add: --set hash=pbkdf2")
        tokens = (
            # as lists of stolen accounts write it
            Token("cracked_password", f"{email.lower()}:{password}")
            if options.crackable
            else Token("password", password),
            Token("email", email, folds=True),
            *site.tokens,
            *((Token("number", f"sms:{options.phone.removeprefix('+')}"),) if options.phone else ()),
            Token("user_name", person.user_name, folds=True, weak=True),
            Token("phone", options.phone or person.phone, weak=True),
            Token("name", row["name"], weak=True),
        )
        return Bait(tokens, _text(row, options), row={**row, "url": site.url})


def _named(order: Order, person: people.Person, options: UserOptions) -> tuple[people.Person, str]:
    """The person with the user name that was asked for, and the mailbox."""
    first, last = people.plain_names(person)
    if options.login:
        login = name_patterns.written(options.login, first, last, order.stream, "login")
        person = replace(person, user_name=login)
    if options.mailbox:
        return person, name_patterns.written(options.mailbox, first, last, order.stream, "mailbox")
    return person, people.mailbox(order.stream, person, order.shape.label_length)


def _domain(order: Order, options: UserOptions) -> str:
    """Nobody else's: an address at any other domain may be somebody's."""
    if not options.domain:
        return order.domain or _nowhere(order.stream)
    if options.domain not in (order.domain, *order.mail_domains):
        hint = "its mailboxes must all be yours: then add it to bait.mail_domains"
        raise MintError(f"{options.domain!r} is not among your catch domains", hint=hint)
    return options.domain


def _nowhere(stream: SeededRandom) -> str:
    """Without a catch domain: a name that never resolves (RFC 6761, 6.4). The address betrays its use at the traps
    all the same, its mailbox part is as unguessable; only mail to it arrives nowhere."""
    return f"{stream.text('domain', BASE36[10:], stream.between('domain length', 6, 11))}.invalid"


def _password(stream: SeededRandom) -> str:
    """As password managers make them, 102 bits at least; a letter first, so that no spreadsheet sees a formula."""
    length = stream.between("password:length", 16, 23)
    return stream.text("password:first", BASE62[10:], 1) + stream.text("password", BASE62 + "-_!*", length)


def _secret(stream: SeededRandom, password: str, options: UserOptions) -> dict[str, str]:
    if options.hash:
        make, salt_length = _HASHES[options.hash]
        return {"password_hash": make(password, stream.text("salt", BASE62, salt_length), options.cost)}
    if options.cost:
        raise MintError("a cost needs a hash", hint="add: --set hash=pbkdf2")
    return {"password": password}


def _ldif(row: dict[str, str]) -> str:
    """An entry of class inetOrgPerson (RFC 2798) below ``ou=people``, as RFC 2849 writes it."""
    entry = [
        ("dn", f"uid={row['user_name']},ou=people"),
        ("objectClass", "inetOrgPerson"),
        ("uid", row["user_name"]),
        ("cn", row["name"]),
        ("givenName", row["first_name"]),
        ("sn", row["last_name"]),
        ("mail", row["email"]),
        ("telephoneNumber", row["phone"]),
        ("street", row["street"]),
        ("postalCode", row["postcode"]),
        ("l", row["city"]),
        ("labeledURI", row["profile_url"]),
    ]
    return "".join(_ldif_line(name, value) for name, value in entry)


def _ldif_line(name: str, value: str) -> str:
    """In Base64 where it is not SAFE-STRING (RFC 2849)."""
    safe = (
        value.isascii()
        and value.isprintable()
        and not value.startswith((" ", ":", "<"))
        and not value.endswith(" ")
    )
    return f"{name}: {value}\n" if safe else f"{name}:: {base64.b64encode(value.encode()).decode()}\n"


def _text(row: dict[str, str], options: UserOptions) -> str:
    if options.form == "csv":
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(row.values())
        return line.getvalue()
    if options.form == "ldif":
        return _ldif(row)
    if options.form == "fixture":
        record = {"model": options.table if "." in options.table else f"app.{options.table}", "fields": row}
        return json.dumps([record], ensure_ascii=False, indent=2) + "\n"
    if options.form == "sql":
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in row.values())
        # a statement to read and paste; nothing here runs it, and both parts are checked
        return f"INSERT INTO {options.table} ({', '.join(row)}) VALUES ({values});\n"  # noqa: S608
    return json.dumps(row, ensure_ascii=False) + "\n"
