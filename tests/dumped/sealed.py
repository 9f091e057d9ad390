"""What databases and programs write that packs or encrypts a part of it."""

from __future__ import annotations

import struct
from collections.abc import Callable

import lz4.frame
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.canaries.decoders.test_snappy_frames import WRAPPERS, block
from tests.canaries.scan.containers.test_cassandra import table_of_cassandra
from tests.canaries.scan.containers.test_lz4_blocks import click_house, mozilla
from tests.dumped.making import Form, of_csv, of_rows

_BATCH = ">iBIHiqqqhiI"


def _log_segment(codec: int, pack: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Two batches of records as Kafka has them; ``codec``: its number among the attributes."""

    def written(content: bytes) -> bytes:
        found = b""
        for part in (content[: len(content) // 2], content[len(content) // 2 :]):
            batch = struct.pack(_BATCH, 0, 2, 0, codec, 99, 0, 0, -1, -1, -1, 100) + pack(part)
            found += struct.pack(">qi", len(found), len(batch)) + batch
        return found

    return written


def _table_of_keys(addresses: list[str]) -> bytes:
    """As LevelDB has keys: without what they share with the one before."""
    found, before = b"", b""
    for key in sorted(address.encode() for address in addresses):
        shared = next((n for n in range(len(before)) if before[n : n + 1] != key[n : n + 1]), len(before))
        found += bytes([shared, len(key) - shared, 1]) + key[shared:] + b"1"
        before = key
    return found + bytes(40) + (0xDB4775248B80FB57).to_bytes(8, "little")


def _key_store(name: str) -> bytes:
    key, how = ec.generate_private_key(ec.SECP256R1()), serialization.BestAvailableEncryption(b"secret")
    return pkcs12.serialize_key_and_certificates(name.encode(), key, None, None, how)


FORMS: dict[str, Form] = {
    "a segment of Kafka, lz4": of_csv(_log_segment(3, lz4.frame.compress)),
    "a segment of Kafka, snappy": of_csv(_log_segment(2, block)),
    "a segment of Kafka, snappy of Java": of_csv(_log_segment(2, WRAPPERS["snappy of Java"])),
    "a table of Cassandra": of_csv(table_of_cassandra),
    "mozLz4": of_csv(mozilla),
    "a column of ClickHouse": of_csv(click_house),
}

NOT_WHOLE: dict[str, Form] = {
    "a table of LevelDB": of_rows(
        lambda rows: _table_of_keys([row["email"] for row in rows] + [rows[120]["email"][:-3]])
    ),
    "PKCS #12": of_rows(lambda rows: _key_store(rows[120]["email"])),
    "HDF5, shuffled": of_csv(
        lambda content: b"\x89HDF\r\n\x1a\n" + bytes(88) + b"".join(content[n::8] for n in range(8))
    ),
    "a disk image of Apple's": of_csv(
        lambda content: lz4.frame.compress(content)[7:] + (b"koly\0\0\0\x04" + bytes(504))
    ),
}
"""Each is to be named as not read, or not whole."""
