"""The files of network data in use: the operator's, then the shipped ones, each with its hash and date.

Several stand side by side. For each question the first that answers wins, and of labels none is dropped. A file that is
missing, changed, damaged or answers nothing is refused and said so, everywhere: it never stands for "nothing known".
Files are opened read-only; the operator's are copies in the home that `listener.network_data.library` made, so nobody
writes into one that is mapped.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import json
import lzma
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canaries.core import plugins
from listener.network_data.readers import FOLDER, HEAD, DataError, DataReader
from listener.network_data.readers._lines import unpacked_head

SHIPPED = Path(__file__).parent / "data"
BUILT = SHIPPED / "built"
"""Newer files that `make data` built, which the wheel carries and git does not."""

OLD_DAYS = 90
"""A file whose data is older than this is said to be old."""

REGISTER = "register.json"
"""In ``data`` of the home: the operator's files, the strongest first."""

_SHIPPED_SETS = (
    ("server-country.mmdb", "geolite2"),
    ("ip-asn-country.mmdb", "geolite2"),
    ("net-class.mmdb", "network-labels"),
)
_BY_HAND = tuple(name for name, _ in _SHIPPED_SETS)
"""Files of these names in ``data`` of the home are taken without having been added, as version 0.1 had it."""

_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file and what is known of it."""

    name: str
    schema: str
    """Name of its reader."""
    path: Path
    sha256: str
    """Of its content, 64 digits."""
    date: str
    """Day of the data, ISO 8601; empty where neither file nor operator says."""
    licence: str = ""
    origin: str = ""
    """Where it came from: a URL, a path, ``shipped``."""
    added_at: str = ""
    """RFC 3339; empty for shipped ones."""
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What it was joined from: date, licence and credit by list."""

    def age_days(self, today: datetime.date) -> int | None:
        """Days since the data's date, or None where that is not known."""
        try:
            return (today - datetime.date.fromisoformat(self.date)).days
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A file in use."""

    known: DataSet
    reader: DataReader
    topics: frozenset[str]

    @property
    def tag(self) -> str:
        """How facts name the file: its name and the first 16 digits of its hash."""
        return f"{self.known.name}@{self.known.sha256[:16]}"


@dataclass(frozen=True, slots=True)
class DataSets:
    """All that are in use, the strongest first, and why others are not."""

    sets: tuple[OpenSet, ...]
    refused: tuple[tuple[str, str], ...]
    """(name, sentence)."""

    def of(self, topic: str) -> tuple[OpenSet, ...]:
        """Those that answer ``asn``, ``country`` or ``labels``."""
        return tuple(item for item in self.sets if topic in item.topics)


def load(home: Path) -> DataSets:
    """Open everything. A file that cannot be used is in ``refused``; never raises for one."""
    usable: list[OpenSet] = []
    refused: list[tuple[str, str]] = []
    try:
        own = registered(home)
    except DataError as error:
        own = []
        refused.append((REGISTER, error.sentence))
    for known in [*own, *_by_hand(home), *shipped(home)]:
        try:
            usable.append(open_set(known, check=True))
        except DataError as error:
            refused.append((known.name, error.sentence))
    return DataSets(tuple(usable), tuple(refused))


def open_set(known: DataSet, *, check: bool) -> OpenSet:
    """Open one file; ``check`` compares its hash first. Raises DataError with the reason why it cannot be used."""
    if not known.path.is_file():
        raise DataError(
            f"{known.name} is missing", hint=f"add it again or run: trapline data remove {known.name}"
        )
    if check and known.sha256 != file_hash(known.path):
        mend = f"add it again or run: trapline data remove {known.name}"
        raise DataError(
            f"{known.name} is not the file that was added: its SHA-256 has changed",
            hint=f"delete {known.path}: it is unpacked anew" if known.origin == "shipped" else mend,
        )
    reader = reader_of(known.schema)(known.path)
    topics = frozenset(itertools.chain.from_iterable(sampled(reader)))
    if not topics:
        raise DataError(f"{known.name} answers nothing", hint="see: trapline data add --help")
    return OpenSet(known, reader, topics)


def sampled(reader: DataReader) -> Iterable[frozenset[str]]:
    """The topics of the first answers. Raises DataError where the file is damaged there."""
    return [answer.topics for answer in itertools.islice(reader.entries(), _SAMPLE)]


def reader_of(schema: str) -> type[DataReader]:
    """The reader of a schema. Raises DataError with the known ones."""
    found = plugins.classes(FOLDER, DataReader)  # type: ignore[type-abstract]
    if schema not in found:
        raise DataError(
            f"there is no schema called {schema!r}", hint=f"choose from: {', '.join(sorted(found))}"
        )
    return found[schema]


def recognise(path: Path) -> str:
    """The schema of a file by its content. Raises DataError where none or several fit."""
    with path.open("rb") as file:
        head = unpacked_head(file.read(HEAD), HEAD)
    readers = plugins.classes(FOLDER, DataReader)  # type: ignore[type-abstract]
    fitting = sorted(name for name, reader in readers.items() if reader.recognises(path, head))
    if len(fitting) == 1:
        return fitting[0]
    wanted = (
        f"--schema {' or '.join(fitting)}" if fitting else f"--schema, one of: {', '.join(sorted(readers))}"
    )
    why = "could be several things" if fitting else "is of no schema that is known"
    raise DataError(f"{path.name} {why}", hint=f"name it: {wanted}")


def registered(home: Path) -> list[DataSet]:
    """The operator's files as the register has them. Raises DataError where it cannot be read."""
    path = home / "data" / REGISTER
    if not path.exists():
        return []
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["sets"]
        return [
            DataSet(
                name=str(row["name"]),
                schema=str(row["schema"]),
                path=home / "data" / Path(row["file"]).name,
                sha256=str(row["sha256"]),
                date=str(row["date"]),
                licence=str(row["licence"]),
                origin=str(row["origin"]),
                added_at=str(row["added_at"]),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path} cannot be read: {type(error).__name__}", hint="move it away and add the files again"
        ) from None


def _by_hand(home: Path) -> list[DataSet]:
    found = []
    for name in _BY_HAND:
        path = home / "data" / name
        if not path.is_file():
            continue
        try:
            schema = recognise(path)
            day = reader_of(schema)(path).date()
        except DataError:  # said when it is opened
            schema, day = "geolite2", ""
        found.append(DataSet(name, schema, path, file_hash(path), day, origin="put there by hand"))
    return found


def shipped(home: Path) -> list[DataSet]:
    """What comes with Trapline, unpacked into the home where it was not."""
    folder = BUILT if (BUILT / "manifest.json").is_file() else SHIPPED
    entries = manifest(folder)["files"]
    return [
        DataSet(
            name=name,
            schema=schema,
            path=_unpacked(home, folder, name, entries[name]["sha256"]),
            sha256=entries[name]["sha256"],
            date=entries[name]["date"],
            licence=entries[name]["licence"],
            origin="shipped",
            lists=entries[name]["lists"],
        )
        for name, schema in _SHIPPED_SETS
        if name in entries  # what an older release built has fewer
    ]


def manifest(folder: Path = SHIPPED) -> dict[str, Any]:
    """What the builder wrote beside its files."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def _unpacked(home: Path, folder: Path, name: str, sha256: str) -> Path:
    """The shipped ``name.xz`` as a file in the home, named by its hash, made where it is not there.

    Several processes may do so at the same time: the last rename wins, and all files are equal.
    """
    stem, _, suffix = name.rpartition(".")
    target = home / "data" / "shipped" / f"{stem}.{sha256[:16]}.{suffix}"
    if target.is_file():
        return target
    for parent in (target.parent.parent, target.parent):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{stem}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(lzma.decompress((folder / f"{name}.xz").read_bytes()))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


def file_hash(path: Path) -> str:
    """SHA-256 of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def old(sets: Sequence[DataSet], today: datetime.date) -> list[str]:
    """A sentence for each file whose data is old, or of unknown age."""
    found = []
    for known in sets:
        age = known.age_days(today)
        if age is None:
            found.append(f"{known.name} does not say how old its data is")
        elif age > OLD_DAYS:
            found.append(f"{known.name} is of {known.date}, {age} days ago")
    return found


def problems(home: Path, today: datetime.date) -> list[str]:
    """What is wrong with the data in use, a sentence each: for the start, the status and ``trapline data``."""
    found = load(home)
    return [sentence for _, sentence in found.refused] + old([item.known for item in found.sets], today)
