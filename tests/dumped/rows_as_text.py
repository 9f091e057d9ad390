"""Rows as lines of text: tables and statements."""

from __future__ import annotations

import csv

from tests.dumped.making import Form, csv_of, each_row, of_rows


def _entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


FORMS: dict[str, Form] = {
    "csv": of_rows(csv_of),
    "csv, everything quoted": of_rows(lambda rows: csv_of(rows, quoting=csv.QUOTE_ALL)),
    "csv, semicolons": of_rows(lambda rows: csv_of(rows, delimiter=";")),
    "tabs": of_rows(lambda rows: csv_of(rows, delimiter="\t")),
    "bars": of_rows(lambda rows: csv_of(rows, delimiter="|")),
    "csv with a mark and CRLF": of_rows(lambda rows: b"\xef\xbb\xbf" + csv_of(rows)),
    "csv on one line": of_rows(lambda rows: ",".join(row["email"] for row in rows)),
    "control characters between fields": each_row("{id}\x01{name}\x01{email}\x01{city}"),
    "fixed width": each_row("{id:<8}{name:<30}{email:<70}{city:<10}"),
    "a grid": each_row("| {id:>5} | {name:<20} | {email:<60} |"),
    "psql, expanded": each_row("-[ RECORD {id} ]---\nname  | {name}\nemail | {email}"),
    "mysql -E": each_row("*** {id}. row ***\n name: {name}\nemail: {email}"),
    "Markdown": each_row("| {name} | <{email}> |"),
    "HTML": each_row('<tr><td>{name}</td><td><a href="mailto:{email}">{email}</a></td></tr>'),
    "HTML, entities": of_rows(lambda rows: "".join(f"<td>{_entities(row['email'])}</td>\n" for row in rows)),
    "INSERT": each_row("INSERT INTO people VALUES ({id}, '{name}', '{email}', '{city}');"),
    "INSERT, many rows": of_rows(
        lambda rows: (
            "INSERT INTO `people` VALUES "
            + ",".join(f"({row['id']},'{row['name']}','{row['email']}')" for row in rows)
            + ";\n"
        )
    ),
    "COPY": of_rows(
        lambda rows: (
            "COPY public.people (id, name, email) FROM stdin;\n"
            + "".join(f"{row['id']}\t{row['name']}\t{row['email']}\n" for row in rows)
            + "\\.\n"
        )
    ),
    "hex literals": of_rows(
        lambda rows: "".join(f"(1,0x{row['email'].encode().hex().upper()}),\n" for row in rows)
    ),
    "X'' literals": of_rows(lambda rows: "".join(f"(1,X'{row['email'].encode().hex()}'),\n" for row in rows)),
    "bytea": of_rows(lambda rows: "".join(f"1\t\\\\x{row['email'].encode().hex()}\n" for row in rows)),
    "bytea, escaped": of_rows(
        lambda rows: "".join(
            "1\t" + "".join(f"\\\\{ord(c):03o}" for c in row["email"]) + "\n" for row in rows
        )
    ),
    "Cypher": each_row("CREATE (:Person {{name: '{name}', email: \"{email}\"}});"),
    "CQL": each_row("INSERT INTO ks.people (id, email) VALUES ({id}, $${email}$$);"),
}
