"""Passwords exported by a browser or a password manager (CSV): a login more, as one of its rows.

Which column is what shows in the heading. Times are drawn between the neighbours'. Anything else is copied from the
neighbours where all of them say the same, left empty where some of them leave it so, and else the file is refused.
"""

from __future__ import annotations

import csv
import io
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import after, before
from canaries.plant.formats._moments import drawn
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import BaitValues, role_of

_TITLES = frozenset({"name", "title", "account", "item name", "display name"})
_ROLES = {
    "website": "url",
    "web site": "url",
    "login_uri": "url",
    "uri": "url",
    "login_name": "user",
    "login name": "user",
    "formactionorigin": "origin",
    "guid": "guid",
}
_FLAGS = frozenset({"", "0", "1", "true", "false", "yes", "no"})
_KEPT = re.compile(
    r"group|folder|grouping|vault|category|type|.*(?:time|date|created|modified|changed|updated|used).*", re.I
)
"""What a neighbour's row may lend."""


@dataclass(frozen=True, slots=True)
class _Table:
    heading: list[str]
    roles: list[str]
    """Of each column: ``password``, ``user``, ``url``, ``title``, ``origin``, ``guid`` or empty."""
    rows: list[tuple[int, int, list[str]]]
    """Start, end and fields of each row."""
    delimiter: str


class PasswordExportFormat(FileFormat):
    name = "password-export"
    title = "an export of passwords"
    needs = "a login: a user, a password and where they belong"

    def claims(self, document: Document) -> bool:
        if not re.fullmatch(r".+\.csv", document.name.lower()):
            return False
        roles = _roles(_split(document.text.partition("\n")[0])[0])
        return roles.count("password") == 1 and ("user" in roles or "url" in roles)

    def read(self, text: str) -> Reading:
        table = _table(text)
        seen: Counter[str] = Counter()
        found: dict[tuple[str, ...], object] = {("(heading)",): table.heading}
        for _, _, fields in table.rows:
            seen[repr(fields)] += 1
            found[repr(fields), str(seen[repr(fields)])] = fields
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, table = document.text, _table(document.text)
        values = _login(wish.values)
        if not values or not table.rows:
            return
        values = _as_others(values, table, wish)
        chance = random.Random("".join((*wish.labels, *wish.values.tokens)))  # noqa: S311 - dates, not secrets
        fields = _fields(table, values, drawn(table.heading, [row for *_, row in table.rows], chance))
        if fields is None:
            return
        quoted = text[table.rows[-1][0] : table.rows[-1][1]].startswith('"')
        line = _line(fields, table.delimiter, all_quoted=quoted)
        titles = [
            dict(zip(table.roles, row, strict=True)).get("title", "").lower() for _, _, row in table.rows
        ]
        later = [n for n, title in enumerate(titles) if title > values["title"].lower()]
        if later and len(titles) > 1 and titles == sorted(titles):
            yield Composition((before(text, table.rows[later[0]][0], [line]),), "as a login more, in order")
        yield Composition((after(text, table.rows[-1][1] - 1, [line]),), "as a login more")


def _split(line: str) -> tuple[list[str], str]:
    delimiter = max(",;\t", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def _roles(heading: Sequence[str]) -> list[str]:
    found: list[str] = []
    for column in heading:
        name = column.strip().lower()
        role = "title" if name in _TITLES else _ROLES.get(name) or role_of(name)
        known = ("password", "user", "url", "title", "origin", "guid")
        found.append(role if role in known and role not in found else "")
    return found


def _table(text: str) -> _Table:
    """Raises ValueError where a row has another number of fields than the heading."""
    heading, delimiter = _split(text.partition("\n")[0])
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows, above = [], 0
    try:
        for fields in reader:
            if fields and len(fields) != len(heading):
                raise ValueError(f"the row in line {above + 1} has another number of fields than the heading")
            if fields and above:
                rows.append((starts[above], min(starts[reader.line_num], len(text)), fields))
            above = reader.line_num
    except csv.Error as error:
        raise ValueError(f"it is no CSV: {error}") from error
    return _Table(heading, _roles(heading), rows, delimiter)


def _login(values: BaitValues) -> dict[str, str]:
    """The bait as a login; empty where it is none."""
    roles = values.roles
    user, password, host = (
        roles.get("user") or roles.get("email"),
        roles.get("password"),
        roles.get("host", ""),
    )
    if not user or not password or not host:
        return {}
    parts = urlsplit(roles.get("url", ""))
    where = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if parts.scheme else host
    return {"user": user, "password": password, "url": where, "title": host}


def _as_others(values: dict[str, str], table: _Table, wish: Wish) -> dict[str, str]:
    """Addresses with a scheme where all have one; titles that people chose where they are not hosts."""
    made = dict(values)
    urls = [url for url in _column(table, "url") if url]
    if urls and "://" not in made["url"] and all(url.startswith(("http:", "https:")) for url in urls):
        made["url"] = f"https://{made['url']}/"
    elif urls and all(url.startswith(("http:", "https:")) for url in urls):
        made["url"] = f"https://{urlsplit(made['url']).hostname}/"
    if urls and not any(url.count("/") > 2 for url in urls):
        made["url"] = made["url"].rstrip("/")
    made["origin"] = "" if "" in _column(table, "origin") else made["url"]
    made["guid"] = f"{{{uuid.uuid5(uuid.NAMESPACE_URL, wish.values.tokens[0])}}}"
    titles = [title for title in _column(table, "title") if title]
    if titles and not all("." in title for title in titles):
        service = wish.values.service.capitalize()
        made["title"] = (
            service if service not in titles else wish.free(lambda word: f"{service} {word}".strip(), titles)
        )
    return made


def _column(table: _Table, role: str) -> list[str]:
    """What stands there."""
    if role not in table.roles:
        return []
    place = table.roles.index(role)
    return [row[place] for _, _, row in table.rows]


def _fields(table: _Table, values: dict[str, str], times: Mapping[int, str]) -> list[str] | None:
    made = []
    for place, (name, role) in enumerate(zip(table.heading, table.roles, strict=True)):
        column = [row[place] for _, _, row in table.rows]
        if role:
            made.append(values[role])
        elif place in times:
            made.append(times[place])
        elif set(column) <= _FLAGS:
            made.append(Counter(column).most_common(1)[0][0])
        elif len(set(column)) == 1 or _KEPT.fullmatch(name.strip()):
            made.append(column[-1])
        elif "" in column:
            made.append("")
        else:
            return None
    return made


def _line(fields: Sequence[str], delimiter: str, *, all_quoted: bool) -> str:
    out = io.StringIO()
    if all_quoted:
        csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="").writerow(fields)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="").writerow(fields)
    return out.getvalue()
