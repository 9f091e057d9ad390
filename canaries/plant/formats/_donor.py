"""An entry made after one that is there: its neighbours' keys in their order, the bait's values in them.

What the bait has a value for is replaced, what tells nothing (an adapter, a pool size) is copied, and what is
somebody's own (a key, an address, an account the bait has no counterpart for) is left out: a real
secret is never copied.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode, urlsplit

from canaries.plant.formats._names import style_of, styled
from canaries.plant.formats._services import BASE, of_another, same_sort, says_another
from canaries.plant.formats._values import BaitValues, role_of, words

_SQL = frozenset("postgresql mysql sqlserver oracle clickhouse clickhousedb sqlite firebird db2".split())
"""Sorts of addresses of databases that are given as a connection string, too."""
_RUNS = {
    "command",
    "exec",
    "execstart",
    "script",
    "run",
    "cmd",
    "entrypoint",
    "args",
    "image",
    "uses",
    "hosts",
}
"""Keys of an entry that makes a program do something: never a donor."""
_TELLING = {"password", "secret", "url", "connection"}
_SENSITIVE = frozenset(
    """pass passwd password secret token key keys salt cred creds credential credentials private auth sign signing cert
    certificate license licence cookie hash seed nonce session webhook hook bearer jwt pem pin otp sid""".split()
)
_OWN_SECRETS = frozenset("webhook fernet encryption cipher salt session cookie signing".split())
"""Words of secrets that an application keeps for itself."""
_ENDINGS = ("key", "pass", "secret", "token", "cert", "pwd", "tok", "psk", "pw", "phrase")
_LONG = re.compile(r"[A-Za-z0-9_+=-]{20,}.*")
_BARE = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:/[\w./:@-]*)?")
"""An address without its sort: a host, or an image in a registry."""
_HARMLESS = {"region", "database"}
"""Roles that may be copied where the bait says nothing of them."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One setting of the new entry."""

    key: str
    text: str
    like: int
    """Index of the donor's setting it is written like; -1: of none."""


def fitted(
    pairs: Sequence[tuple[str, str]], values: BaitValues, *, keyless: bool = False
) -> list[Fitted] | None:
    """The settings of an entry like one of ``pairs`` (key, value); None where such an entry would not be this bait.

    ``keyless``: a login may lack its password, because such entries have none: a program keeps it elsewhere.
    """
    if {key.lower() for key, _ in pairs} & _RUNS or any(says_another(*pair, values) for pair in pairs):
        return None
    found, mapped, known = [], [], 0  # type: list[Fitted], list[str], int
    said = [_said(key, text, values) for key, text in pairs]
    separate = {"user", "password"} <= set(said)
    count = Counter(said)
    secrets = count["secret"]
    for place, (key, text) in enumerate(pairs):
        role = said[place]
        if role == "database" and words(key)[-1] == "schema" and count[role] > 1:
            role = ""  # PostgreSQL's, in a database that is named beside
        if role == "secret" and secrets > 1 and words(key)[-1] == "key" and "secret" not in words(key):
            role = (
                "public" if "public" in values.roles else "key_id"
            )  # ``key`` beside ``secret`` is the other half
        known += bool(role)
        if role == "url" and not same_sort(text, values.roles.get("url", "")):
            return None  # another service's
        new = _fit(role, text, values.roles, separate) if role else _copied(key, text)
        if role == "secret" and any(one.text == new for one in found):
            continue  # two secrets of which the bait has one
        if role and new:
            mapped.append(role)
            if of_another(key, values):
                return None
        if new is not None:
            found.append(Fitted(key, new, place))
    if "key_id" in values.roles and "secret" in mapped and "key_id" not in mapped:
        return None  # half of a pair, where one token is wanted
    if {"user", "password"} <= values.roles.keys() and not set(mapped) & {
        "user",
        "dn",
        "host",
        "url",
        "connection",
    }:
        return None  # a password without its login or its server
    if not set(mapped) & _TELLING or len([role for role in mapped if role not in _HARMLESS]) * 2 < known:
        return None
    found = _elsewhere(found, pairs, said, values.roles.get("host", ""))
    found += _rest(found, pairs, mapped, values)
    found += _user(found, values)
    password = "" if keyless or "user" in mapped else values.roles.get("password", "")
    if password and not any(form in one.text for one in found for form in (password, quote_plus(password))):
        return None  # a login without its password
    full = "\n".join(one.text for one in found)
    return found if any(token in full for token in values.tokens) else None


def _elsewhere(
    found: list[Fitted], pairs: Sequence[tuple[str, str]], said: list[str], host: str
) -> list[Fitted]:
    """The same with the bait's host wherever the donor's stands in what is copied: ``%(bucket)s.s3.example.org``."""
    old = next(
        (text for (_, text), role in zip(pairs, said, strict=True) if role == "host" and "." in text), ""
    )
    if not old or not host:
        return found
    return [replace(one, text=one.text.replace(old, host)) for one in found]


def _said(key: str, text: str, values: BaitValues) -> str:
    """The role of a setting; none for what signs or encrypts, which is no key of a service."""
    own = _OWN_SECRETS & set(words(key)) - set(words(values.kind))
    role = role_of(key, text)
    return "" if own and role == "secret" else role


def _copied(key: str, text: str) -> str | None:
    """What tells nothing is copied; what may be somebody's secret under a name of its own is not."""
    telling = any(word in _SENSITIVE or word.endswith(_ENDINGS) for word in words(key))
    return None if telling or any(map(_random, text.split("\n"))) else text


def _random(line: str) -> bool:
    """Whether a long word stands in it, with digits and letters from there on."""
    found = _LONG.search(line)
    return bool(found and re.search(r"\d", found[0]) and re.search(r"[A-Za-z]", found[0]))


def link_like(role: str, old: str, values: BaitValues) -> str | None:
    """The bait as one address in the form of ``old``: a connection string, a JDBC URL or a URL of the same sort."""
    scheme = urlsplit(values.roles.get("url", "")).scheme.partition("+")[0]
    if role == "connection":
        return _connection(old, values.roles)
    if role != "url" or not scheme:
        return None
    old_scheme = old.removeprefix("jdbc:").partition(":")[0].partition("+")[0]
    if scheme.startswith("http") or BASE.get(scheme, scheme) != BASE.get(old_scheme, old_scheme):
        return None
    return _link(old, values.roles["url"], values.roles, separate=False)


def _fit(role: str, old: str, roles: dict[str, str], separate: bool) -> str | None:
    """The bait's value for this role, in the form of ``old``; None: leave it out."""
    if role == "connection":
        return _connection(old, roles)
    new = roles.get(role)
    if (
        role == "port" and new is None
    ):  # what the address leaves out is not what the program would take instead
        new = {"https": "443", "http": "80"}.get(roles.get("url", "").partition(":")[0])
    if role == "user" and re.match(r"\w+=.*,", old):
        new = roles.get("dn", new)  # a directory's account is called by its path
    if role == "host" and new is not None and (port := _port(old, roles)):
        return f"{new}:{port}"
    if role == "url" and new is not None:
        return _link(old, new, roles, separate)
    if role == "secret" and separate and new == roles.get("password"):
        return None  # it has its place already
    return new if new is not None else old if role in _HARMLESS else None


def _port(old: str, roles: dict[str, str]) -> str:
    """The bait's, where ``old`` is a host with one: ``smtp.example.org:587``; otherwise empty."""
    return roles.get("port", "") if re.fullmatch(r"[\w.-]+:\d+", old) else ""


def _link(old: str, new: str, roles: dict[str, str], separate: bool) -> str | None:
    if old.startswith("jdbc:"):
        scheme = urlsplit(new).scheme.partition("+")[0]
        if not scheme or scheme.startswith("http"):
            return None
        base, port = BASE.get(scheme, scheme), roles.get("port", "")
        host = roles.get("host", "") + (f":{port}" if port else "")
        database = roles.get("database", "")
        if base == "sqlserver":
            return f"jdbc:{base}://{host};databaseName={database}"
        query = re.search(r"\?user=[^&]*&password=[^&]*", old)
        login = urlencode({"user": roles.get("user", ""), "password": roles.get("password", "")})
        return f"jdbc:{base}://{host}/{database}" + (f"?{login}" if query else "")
    parts = urlsplit(new)
    if _BARE.fullmatch(old) and parts.scheme and not parts.scheme.startswith("http"):
        host, port = roles.get("host", ""), roles.get("port", "")
        if not separate or "/" in old:
            return None  # an image, or a host that no login belongs to
        return f"{host}:{port}" if port and ":" in old else host
    if separate and parts.username and ("@" not in old or old == new):
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    driver = re.match(r"([a-z0-9]+)\+[a-z0-9]+://", old)  # SQLAlchemy's, behind the name of the database
    return (
        f"{old.partition('://')[0]}://{new.partition('://')[2]}"
        if driver and driver[1] == parts.scheme
        else new
    )


def _connection(old: str, roles: dict[str, str]) -> str | None:
    """``Server=...;Database=...;User Id=...;Password=...`` with the bait's values; None where that is no database."""
    scheme = roles.get("url", "").partition("://")[0].partition("+")[0]
    if scheme and BASE.get(scheme, scheme) not in _SQL:
        return None
    if "@tcp(" in old:
        return _of_go(old, roles) if BASE.get(scheme, scheme) == "mysql" else None
    made = []
    joint = ";" if ";" in old else " "
    for part in old.split(joint):
        key, separator, text = part.partition("=")
        role = role_of(key)
        if not separator or not role:
            made.append(part)
        elif role == "host":
            port = roles.get("port", "")
            comma = f",{port}" if port and "," in text else ""
            made.append(f"{key}={'tcp:' if text.startswith('tcp:') else ''}{roles.get('host', '')}{comma}")
        elif role in roles or role in _HARMLESS:
            made.append(f"{key}={roles.get(role, text)}")
    whole = joint.join(made)
    return whole if all(roles.get(role, "\0") in whole for role in ("host", "password")) else None


def _rest(
    found: list[Fitted], pairs: Sequence[tuple[str, str]], mapped: list[str], values: BaitValues
) -> list[Fitted]:
    """What the bait has beside: without it, a key would come without the address it is to be sent to."""
    full, keys = "\n".join(one.text for one in found), [key for key, _ in pairs]
    style = style_of(keys, "snake" if all(key.islower() for key in keys) else "upper")
    rest = []
    for value in values.values:
        if (
            value.text in full
            or value.role in mapped
            or not any(token in value.text for token in values.tokens)
        ):
            continue
        if value.role == "url" and (
            ("host" in mapped and {"password", "secret"} & set(mapped)) or "connection" in mapped
        ):
            continue  # the same said twice
        if value.role == "url" and "password" in mapped and not value.text.startswith("http"):
            rest.append(Fitted(styled(("host",), style), values.roles.get("host", ""), -1))
            continue  # the rest of it is said already
        parts = words(value.name)
        short = parts[1:] if len(parts) > 1 and parts[0] == values.service else parts
        bare = value.role == "url" and "password" in mapped
        if short == ("endpoint", "url") and not any(key.lower().startswith("aws") for key in keys):
            short = short[:1]  # as Rails, Laravel and MinIO call it
        text = _link(value.text, value.text, values.roles, separate=True) if bare else value.text
        rest.append(Fitted(styled(short, style), text or value.text, -1))
    return [one for one in rest if one.key not in keys]


def _of_go(old: str, roles: dict[str, str]) -> str | None:
    if not {"user", "password", "host"} <= roles.keys():
        return None
    server = f"{roles['host']}:{roles.get('port', '3306')}"
    query = old.partition("?")[1:]
    return f"{roles['user']}:{roles['password']}@tcp({server})/{roles.get('database', '')}{''.join(query)}"


def _user(found: list[Fitted], values: BaitValues) -> list[Fitted]:
    """The account, where its password would stand alone: Redis has one that goes without a name."""
    user, password = values.roles.get("user", ""), values.roles.get("password", "")
    full, keys = "\n".join(one.text for one in found), [one.key for one in found]
    if not user or not password or password not in full or user in full or user == "default":
        return []
    style = style_of(keys, "snake" if all(key.islower() for key in keys) else "upper")
    key = styled(("username",), style)
    return [] if key in keys else [Fitted(key, user, -1)]


def quote_of(raw: str) -> str:
    """The quotes that a value stands in: one of ``"``, ``'`` or none."""
    match = re.fullmatch(r"""(["'])(.*)\1""", raw.strip(), re.DOTALL)
    return match[1] if match else ""
