"""What readers of MaxMind DB files share: opening, asking, walking."""

from __future__ import annotations

import itertools
import struct
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from typing import Any

from listener.network_data.readers import DataError, DataReader, NetworkAnswer

_MARK = b"\xab\xcd\xefMaxMind.com"
_TAIL = 131_072
"""The metadata is in the last 128 KB (MaxMind DB specification, "Database Metadata")."""

_SAMPLE = 4


def open_database(path: Path) -> Any:
    """The database; raises DataError.

    The library's C reader is fast, and a damaged file can end the process with it. So it reads only what was shipped,
    whose hash is known; a file of anybody else's is read by the Python reader, which raises.
    """
    import maxminddb

    mode = maxminddb.MODE_AUTO if path.parent.name == "shipped" else maxminddb.MODE_MMAP
    try:
        return maxminddb.open_database(path, mode)
    except DAMAGE as error:
        raise DataError(f"{path.name} cannot be opened as a MaxMind DB: {type(error).__name__}") from None


DAMAGE = (OSError, ValueError, RuntimeError, IndexError, KeyError, TypeError, AttributeError, struct.error)
"""What the Python reader raises of damaged files, `maxminddb.InvalidDatabaseError` (a RuntimeError) among them."""


def is_mmdb(path: Path) -> bool:
    """Whether the file ends like a MaxMind DB."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            return _MARK in file.read()
    except OSError:
        return False


def sample(path: Path) -> list[Mapping[str, Any]]:
    """A few records of a database, by which to tell its schema; none where it cannot be read."""
    if not is_mmdb(path):
        return []
    try:
        with open_database(path) as reader:
            found = itertools.islice(reader, _SAMPLE)
            return [record for _, record in found if isinstance(record, dict)]
    except (DataError, *DAMAGE):
        return []


class MmdbReader(DataReader):
    """A MaxMind DB; subclasses say what a record means."""

    def __init__(self, path: Path) -> None:
        self._reader = open_database(path)
        self._name = path.name

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return any(cls.understands(record) for record in sample(path))

    @classmethod
    @abstractmethod
    def understands(cls, record: Mapping[str, Any]) -> bool:
        """Whether a record is of this schema."""

    @abstractmethod
    def answer(self, record: Mapping[str, Any], network: str) -> NetworkAnswer:
        """What a record says."""

    def look_up(self, address: IPv4Address | IPv6Address) -> NetworkAnswer | None:
        if address.version == 6 and self._reader.metadata().ip_version == 4:
            return None
        try:
            record, length = self._reader.get_with_prefix_len(address)
            network = str(ip_network((address, length), strict=False))
            return self.answer(record, network) if isinstance(record, dict) else None
        except DAMAGE as error:
            raise DataError(f"{self._name} is damaged ({type(error).__name__})") from None

    def entries(self) -> Iterator[NetworkAnswer]:
        try:
            for network, record in self._reader:
                if isinstance(record, dict):
                    yield self.answer(record, str(network))
        except DAMAGE as error:
            raise DataError(f"{self._name} is damaged ({type(error).__name__})") from None

    def date(self) -> str:
        try:
            return datetime.fromtimestamp(self._reader.metadata().build_epoch, UTC).date().isoformat()
        except (*DAMAGE, OverflowError):
            return ""


def text(value: Any) -> str:
    """The value where it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int | None:
    """An ASN as a number: 15169, "15169" or "AS15169"."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    digits = text(value).upper().removeprefix("AS")
    return int(digits) if digits.isdecimal() and len(digits) <= 10 else None


def country(value: Any) -> str:
    """An ISO 3166-1 code where the value is one, else an empty text; ``ZZ`` is "nobody's" where it stands."""
    code = text(value).upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() and code != "ZZ" else ""
