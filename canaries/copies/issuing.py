"""Issuing an edition: everybody's copy is made, committed to in the ledger, and only then put where it is handed out.

The ledger has the assignment (which canaries are in whose copy) and the SHA-256 of each file before the first copy can
leave the house; ``witness`` seals it, signs a checkpoint and has it stamped. What the recipients could compare of two
copies tells them nothing but that rows differ.
"""

from __future__ import annotations

import hashlib
import random
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from canaries.copies import datasets, documents, plan
from canaries.copies.datasets import DataFormat, DataTable
from canaries.copies.editions import ID_BYTES
from canaries.copies.handing_out import Handed, folder_of, put, sync, write_lists
from canaries.copies.people import BITS, DataPeople, DonorRecord
from canaries.copies.plan import CopyPlan
from canaries.core import store
from canaries.core.errors import MintError
from canaries.core.model import Bait, indexed
from canaries.crypto.token_tags import normal, tagger
from canaries.ledger.entries import new_id
from canaries.mint.various import VariousOrder, mint_various, preview

if TYPE_CHECKING:
    from canaries.installation.home import Home

_TRIES = 50


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What is to be issued."""

    source: Path
    """A data set, a document, or a folder of documents."""
    recipients: Sequence[str]
    name: str
    colluders: int = 1
    share: float = 0.2
    """The least part of a copy that is to name it, 0 to 1."""
    table: str = ""
    """Of a dump with several."""


@dataclass(frozen=True, slots=True)
class IssuedFolder:
    """An edition that was issued."""

    id: str
    plan: CopyPlan
    folder: Path
    copies: tuple[Handed, ...]
    unmarked: tuple[str, ...]
    """Files of a document set that are the same in every copy."""
    problems: tuple[str, ...]
    """Why the edition is not witnessed as it should be before a copy leaves the house; empty: it is."""


class CopyIssuer:
    """Makes one edition. Raises MintError before anything is minted, where it cannot be made."""

    def __init__(
        self,
        home: Home,
        order: CopyOrder,
        *,
        draw: Callable[[int], bytes] = secrets.token_bytes,
        chance: random.Random | None = None,
    ) -> None:
        self._home, self._order, self._draw = home, order, draw
        self._chance = chance or secrets.SystemRandom()
        self._now = home.now()
        if not order.source.exists():
            raise MintError(f"there is no file {order.source}")
        is_document = order.source.suffix.lower() in documents.kinds_by_suffix()
        count = len(order.recipients)
        if order.source.is_dir() or is_document:
            self._documents = documents.read(order.source)
            marked = sum(bool(one.kind) for one in self._documents)
            if order.colluders > 1:
                raise MintError(
                    "documents are marked for one recipient each",
                    hint="leave --colluders out: who compares two copies sees both marks",
                )
            plan.plan(count, 1, 1.0, 96.0)  # how many recipients there may be
            self.plan = CopyPlan(count, marked, 0, 0)
            return
        self._documents = []
        self._format: DataFormat = datasets.of(order.source)
        try:
            content = order.source.read_bytes()
        except OSError as error:
            raise MintError(f"{order.source} cannot be read: {error.strerror}") from error
        self._digest = hashlib.sha256(content).hexdigest()
        self._data: DataTable = self._format.read(content, order.table)
        self.plan = plan.plan(count, order.colluders, order.share, BITS)
        self._people = DataPeople(self._data, home.settings.bait, self._chance)

    def issue(self, out: Path, witness: Callable[[], Iterable[str]]) -> IssuedFolder:
        """Mint, make the copies, commit to them, have that witnessed, and put them into the new folder ``out``.

        ``witness`` says what went wrong, a sentence each. Raises MintError where ``out`` exists.
        """
        if out.exists():
            raise MintError(f"{out} exists", hint="give a new folder with --out")
        staging = out.with_name(f".{out.name}.{secrets.token_hex(6)}")
        staging.mkdir(mode=0o700, parents=True)
        try:
            edition = self._draw(ID_BYTES).hex()
            made = self._data_copies(staging) if not self._documents else self._document_copies(staging)
            self._commit(edition, made)
            write_lists(staging, edition, made.handed())
            for path in staging.rglob("*"):
                if path.is_file():
                    sync(path)
            problems = tuple(witness())
            staging.rename(out)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        unmarked = tuple(one.path for one in self._documents if not one.kind)
        return IssuedFolder(edition, self.plan, out, made.handed(), unmarked, problems)

    def _people_for_rows(self) -> Iterator[_RowOrder]:
        """A person for each row of the plan, whose name and address nobody has here."""
        taken = set[str]()
        with self._home.store.read() as connection:
            for holders in self.plan.holders():
                names = [self._order.recipients[number] for number in holders]
                for _ in range(_TRIES):
                    donor = self._people.donor()
                    order = VariousOrder(
                        " and ".join(names), self._order.name, donor.options, seed=self._draw(32)
                    )
                    bait = preview(self._home, "user", order, self._now)
                    email = bait.row["email"].lower()
                    if email in taken or self._people.is_namesake(bait.row) or self._known(connection, bait):
                        continue
                    taken.add(email)
                    yield _RowOrder(order, bait, donor)
                    break
                else:
                    raise MintError("nobody could be drawn for this data set who is not in it already")

    def _known(self, connection: Any, bait: Bait) -> bool:
        tag = tagger(self._home.keys.lookup)
        tags = [tag(normal(token.value, folds=token.folds)) for token in indexed(bait.tokens)]
        query = select(store.token.c.canary_id).where(store.token.c.tag.in_(tags)).limit(1)
        return connection.execute(query).first() is not None

    def _data_copies(self, staging: Path) -> _EditionMade:
        orders = list(self._people_for_rows())
        placed = [self._people.place(one.bait.row, one.donor) for one in orders]
        rows = [(one.place, self._format.record(one.row, self._data)) for one in placed]
        coins = plan.coins(self.plan, self._draw)
        holders = list(self.plan.holders())
        first = len(holders) - self.plan.coins
        self._check(rows)
        minted = mint_various(
            self._home, "user", [one.order for one in orders], now=self._now, draw=self._draw
        )
        ids = [one.canary.id for one in minted]
        copies = []
        for number, recipient in enumerate(self._order.recipients):
            mine = [at for at in range(first) if number in holders[at]]
            mine += [first + bit for bit in range(self.plan.coins) if coins[number] >> bit & 1]
            content = self._data.with_records(
                [rows[at] for at in sorted(mine, key=lambda at: placed[at].part)]
            )
            folder = folder_of(number, recipient)
            files = ((self._order.source.name, put(staging / folder / self._order.source.name, content)),)
            private = [ids[at] for at in mine if at < first and len(holders[at]) == 1]
            pairs = [
                [ids[at], holders[at][1] if holders[at][0] == number else holders[at][0]]
                for at in mine
                if at < first and len(holders[at]) == 2
            ]
            copies.append(_CopyMade(recipient, folder, files, private, pairs, f"{coins[number]:x}"))
        return _EditionMade("data", self._digest, copies, ids[first:])

    def _check(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """The copy that has all rows, read again: every old record says what it said, every new one is a record."""
        again = self._format.read(self._data.with_records(rows), self._order.table)
        added = {record for _, record in rows}
        old = [row for record, row in zip(again.records, again.rows, strict=True) if record not in added]
        if len(again.rows) != len(self._data.rows) + len(rows) or old != list(self._data.rows):
            raise MintError(
                "the data set would not read the same with records added", hint="nothing was minted"
            )

    def _document_copies(self, staging: Path) -> _EditionMade:
        orders = {
            one.path: [
                VariousOrder(recipient, f"{self._order.name}: {one.path}", source=one.content)
                for recipient in self._order.recipients
            ]
            for one in self._documents
            if one.kind
        }
        whole = hashlib.sha256()
        for one in self._documents:
            whole.update(hashlib.sha256(one.content).digest())
            if one.kind:  # what cannot be marked is refused before anything is minted
                seeded = VariousOrder("", "", source=one.content, seed=bytes(32))
                preview(self._home, one.kind, seeded, self._now)
        folders = [folder_of(number, name) for number, name in enumerate(self._order.recipients)]
        files: list[list[tuple[str, str]]] = [[] for _ in folders]
        private: list[list[str]] = [[] for _ in folders]
        for one in self._documents:
            contents = [one.content] * len(folders)
            if one.kind:
                minted = mint_various(self._home, one.kind, orders[one.path], now=self._now, draw=self._draw)
                contents = [made.bait.files[0].content for made in minted]
                for number, made in enumerate(minted):
                    private[number].append(made.canary.id)
            for number, content in enumerate(contents):
                files[number].append((one.path, put(staging / folders[number] / one.path, content)))
        copies = [
            _CopyMade(recipient, folders[number], tuple(files[number]), private[number], [], "0")
            for number, recipient in enumerate(self._order.recipients)
        ]
        return _EditionMade("documents", whole.hexdigest(), copies, [])

    def _commit(self, edition: str, made: _EditionMade) -> None:
        order, at, by = self._order, self._home.now(), self._home.operator
        body = {
            "edition": edition,
            "name": order.name,
            "source": made.source,
            "source_name": order.source.name,
            "source_sha256": made.digest,
            "recipients": len(order.recipients),
            "colluders": order.colluders,
            "share_percent": str(round(order.share * 100, 6)),
            "private": self.plan.private,
            "pair": self.plan.pair,
            "coins": self.plan.coins,
            "coin_rows": made.coin_rows,
            "domains": [self._home.settings.bait.domain, *self._home.settings.bait.mail_domains],
        }
        copied = [
            {
                "edition": edition,
                "copy": self._draw(ID_BYTES).hex(),
                "number": number,
                "recipient": one.recipient,
                "private": one.private,
                "pairs": one.pairs,
                "coins": one.coins,
                "files": [list(file) for file in one.files],
            }
            for number, one in enumerate(made.copies)
        ]
        with self._home.store.write() as connection:
            self._home.writer.append(
                connection,
                [
                    ("issued", new_id(), at, by, body),
                    *(("copied", new_id(), at, by, one) for one in copied),
                ],
            )


@dataclass(frozen=True, slots=True)
class _RowOrder:
    order: VariousOrder
    bait: Bait
    donor: DonorRecord


@dataclass(frozen=True, slots=True)
class _CopyMade:
    recipient: str
    folder: str
    files: tuple[tuple[str, str], ...]
    private: list[str]
    pairs: list[list[Any]]
    coins: str
    """Hexadecimal."""


@dataclass(frozen=True, slots=True)
class _EditionMade:
    source: str
    digest: str
    copies: list[_CopyMade]
    coin_rows: list[str]

    def handed(self) -> tuple[Handed, ...]:
        return tuple((one.recipient, one.folder, one.files) for one in self.copies)
