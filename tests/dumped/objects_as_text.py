"""Rows as objects in a text."""

from __future__ import annotations

import base64
import json
import plistlib
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import yaml

from tests.dumped.making import Form, each_row, of_rows


def _archive_of_requests(rows: list[dict[str, Any]]) -> str:
    entries = [
        {"request": {"method": "GET", "url": f"https://shop.example/?q={quote(row['email'])}", "headers": []}}
        for row in rows
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=1)


def _serialized(rows: list[dict[str, Any]]) -> str:
    """As PHP's serialize() writes it."""
    found = [
        f'i:{n};a:2:{{s:4:"name";s:{len(row["name"])}:"{row["name"]}";s:5:"email";s:{len(row["email"])}:"{row["email"]}";}}'
        for n, row in enumerate(rows)
    ]
    return f"a:{len(found)}:{{{''.join(found)}}}"


def _excel_xml(rows: list[dict[str, Any]]) -> str:
    cells = "".join(
        f'<Row><Cell><Data ss:Type="String">{escape(row["email"])}</Data></Cell></Row>' for row in rows
    )
    return f'<?xml version="1.0"?><Workbook xmlns:ss="urn:x"><Worksheet><Table>{cells}</Table></Worksheet></Workbook>'


def _rich_text(rows: list[dict[str, Any]]) -> str:
    return r"{\rtf1\ansi " + r"\par ".join(f"{row['name']} {row['email']}" for row in rows) + "}"


FORMS: dict[str, Form] = {
    "JSON": of_rows(json.dumps),
    "JSON, indented": of_rows(lambda rows: json.dumps(rows, indent=2)),
    "JSON, a line each": of_rows(lambda rows: "".join(json.dumps(row) + "\n" for row in rows)),
    "JSON in JSON": of_rows(lambda rows: json.dumps({"payload": json.dumps({"inner": json.dumps(rows)})})),
    "JSON, \\u": of_rows(
        lambda rows: (
            json.dumps([row["email"] for row in rows]).replace("@", "\\u0040").replace(".", "\\u002e")
        )
    ),
    "YAML": of_rows(lambda rows: yaml.safe_dump(rows)),
    "YAML, folded": of_rows(lambda rows: "all: >-\n  " + "\n  ".join(row["email"] for row in rows)),
    "TOML": each_row('[[people]]\nname = "{name}"\nemail = "{email}"'),
    "settings": each_row("PERSON_{id}_EMAIL={email}"),
    "XML": of_rows(
        lambda rows: (
            "<r>"
            + "".join(f"<p name={quoteattr(row['name'])} email={quoteattr(row['email'])}/>" for row in rows)
            + "</r>"
        )
    ),
    "a spreadsheet in XML": of_rows(_excel_xml),
    "property list": of_rows(lambda rows: plistlib.dumps(rows)),
    "property list, binary": of_rows(lambda rows: plistlib.dumps(rows, fmt=plistlib.FMT_BINARY)),
    "LDIF": each_row("dn: uid={id},ou=people,dc=example,dc=org\nmail: {email}\n"),
    "LDIF, base64": of_rows(
        lambda rows: "".join(f"mail:: {base64.b64encode(row['email'].encode()).decode()}\n\n" for row in rows)
    ),
    "LDIF, folded": of_rows(
        lambda rows: "".join(
            f"dn: {'ou=a,' * 12}mail={row['email'][:7]}\n {row['email'][7:]}\n\n" for row in rows
        )
    ),
    "vCard": each_row("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL;TYPE=HOME:{email}\nEND:VCARD"),
    "vCard, folded": of_rows(
        lambda rows: "".join(
            f"BEGIN:VCARD\r\nEMAIL{';TYPE=HOME' * 6}:{row['email'][:9]}\r\n {row['email'][9:]}\r\n"
            for row in rows
        )
    ),
    "iCalendar": each_row("ATTENDEE;CN={name}:mailto:{email}"),
    "GEDCOM": each_row("0 @I{id}@ INDI\n1 EMAIL {email}"),
    "passwd": each_row("u{id}:x:{id}:{id}:{name},,,{email}:/home/u{id}:/bin/sh"),
    "PHP, serialized": of_rows(_serialized),
    "Rich Text": of_rows(_rich_text),
    "a log": each_row("2026-11-28T10:00:00Z INFO user={email} action=login id={id}"),
    "an access log": of_rows(
        lambda rows: "".join(
            f'192.0.2.1 - - [x] "GET /u?m={quote(row["email"], safe="")} HTTP/1.1" 200 5\n' for row in rows
        )
    ),
    "double percent": of_rows(
        lambda rows: "".join(f"m={quote(quote(row['email'], safe=''))}\n" for row in rows)
    ),
    "syslog, structured": each_row(
        '<34>1 2026-11-28T10:00:00Z h app - ID{id} [u@32473 email="{email}"] seen'
    ),
    "HAR": of_rows(_archive_of_requests),
    "an ELF-like string table": of_rows(lambda rows: b"\0".join(row["email"].encode() for row in rows)),
}
