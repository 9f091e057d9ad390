"""Rows as objects in bytes, and in the files of databases."""

from __future__ import annotations

import dbm.dumb
import marshal
import pickle
import shelve
import sqlite3
import struct
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import bson
import cbor2
import msgspec
import numpy

from tests.dumped.making import Form, of_rows, table


def _sqlite(folder: Path, address: str, *, more: str = "") -> None:
    with sqlite3.connect(folder / "people.db") as database:
        database.execute(
            "PRAGMA secure_delete = off"
        )  # as upstream builds it; Debian's overwrites what is deleted
        database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name, email, city)")
        database.executemany("INSERT INTO people VALUES (:id, :name, :email, :city)", table(address))
        if more:
            database.execute(more)
    database.close()


def _sqlite_log(folder: Path, address: str) -> None:
    """Nothing but the write-ahead log has it: a copy of a database that was in use."""
    source = folder / "people.db"
    database = sqlite3.connect(source, isolation_level=None)
    database.execute("PRAGMA journal_mode = wal")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name, email, city)")
    database.executemany("INSERT INTO people VALUES (:id, :name, :email, :city)", table(address))
    kept = Path(f"{source}-wal").read_bytes()
    database.close()
    source.unlink()
    (folder / "people.db-wal").write_bytes(kept)


def _shelf(folder: Path, address: str) -> None:
    with dbm.dumb.open(str(folder / "people"), "c") as data:
        shelf: shelve.Shelf[Any] = shelve.Shelf(cast(Any, data))
        for row in table(address):
            shelf[str(row["id"])] = row
        shelf.close()


def _captured(rows: list[dict[str, Any]], size: int = 1460) -> bytes:
    """Packets (pcap) of Ethernet, IP and TCP, of a connection for each form."""
    found = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for row in rows:
        body = f"email={quote(row['email'], safe='')}&name={quote(row['name'])}".encode()
        head = b"POST /s HTTP/1.1\r\nHost: shop.example\r\nContent-Length: %d\r\n\r\n" % len(body)
        for at in range(0, len(head + body), size):
            part = (head + body)[at : at + size]
            tcp = struct.pack(">HHIIBBHHH", 4000 + row["id"], 80, at, 1, 0x50, 0x18, 1000, 0, 0) + part
            packet = bytes(12) + b"\x08\0" + struct.pack(">BBH5xB10x", 0x45, 0, 20 + len(tcp), 6) + tcp
            found += struct.pack("<IIII", 1, 2, len(packet), len(packet)) + packet
    return found


def _length_first(rows: list[dict[str, Any]]) -> bytes:
    """Fields as Protocol Buffers have them: number, length, bytes."""
    found = b""
    for row in rows:
        name, address = row["name"].encode(), row["email"].encode()
        inner = b"\x0a" + bytes([len(name)]) + name + b"\x12" + bytes([len(address)]) + address
        found += b"\x0a" + bytes([len(inner)]) + inner
    return found


def _dbase(rows: list[dict[str, Any]]) -> bytes:
    """dBASE III: fields of a fixed width, filled up with spaces, without anything between them."""
    widths = {"name": 20, "email": 64, "city": 10}
    size = 1 + sum(widths.values())
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 28, len(rows), 32 + 32 * len(widths) + 1, size)
    for name, width in widths.items():
        head += struct.pack("<11sc4xBB14x", name.upper().encode(), b"C", width, 0)
    lines = "".join(" " + "".join(row[name].ljust(width) for name, width in widths.items()) for row in rows)
    return head + b"\r" + lines.encode() + b"\x1a"


def _numpy(folder: Path, address: str) -> None:
    numpy.save(folder / "people.npy", numpy.array([row["email"] for row in table(address)]))


def _redis_commands(rows: list[dict[str, Any]]) -> bytes:
    """An append-only file."""
    found = b""
    for row in rows:
        words = [b"HSET", f"user:{row['id']}".encode(), b"email", row["email"].encode()]
        found += b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
    return found


FORMS: dict[str, Form] = {
    "pickle": of_rows(pickle.dumps),
    "pickle, protocol 0": of_rows(lambda rows: pickle.dumps(rows, 0)),
    "marshal": of_rows(marshal.dumps),
    "MessagePack": of_rows(msgspec.msgpack.encode),
    "CBOR": of_rows(cbor2.dumps),
    "BSON": of_rows(lambda rows: b"".join(bson.encode(row) for row in rows)),
    "Protocol Buffers": of_rows(_length_first),
    "a shelf": _shelf,
    "dBASE": of_rows(_dbase),
    "NumPy": _numpy,
    "pcap": of_rows(_captured),
    "pcap, small packets": of_rows(lambda rows: _captured(rows, 9)),
    "Redis, append only": of_rows(_redis_commands),
    "SQLite": _sqlite,
    "SQLite, deleted": lambda folder, address: _sqlite(
        folder, address, more="DELETE FROM people WHERE id = 990"
    ),
    "SQLite, dropped": lambda folder, address: _sqlite(folder, address, more="DROP TABLE people"),
    "SQLite, write-ahead log": _sqlite_log,
}
