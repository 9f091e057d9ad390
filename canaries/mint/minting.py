"""Minting: a kind makes the bait, the ledger gets an entry, the index gets the tokens' tags.

One *minted* entry stands for a batch: it lists each canary's id and the SHA-256 of its record, so that a single
record can be disclosed later, with its entry, without disclosing its neighbours. The record itself (bait, memo,
recipient, seed) is in a box that only the vault's key opens; the index holds keyed tags. A hundred thousand
canaries are streamed in batches of `BATCH`, each one transaction: what was handed out is on disk.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from struct import calcsize, iter_unpack
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import func, select, update

from canaries import kinds
from canaries.core import plugins, store
from canaries.core.errors import MintError, SettingsError
from canaries.core.model import Bait, Canary, indexed
from canaries.core.settings import bind
from canaries.crypto.seeded_random import SeededRandom
from canaries.crypto.token_tags import normal, tagger
from canaries.installation import kinds_file
from canaries.installation.reachability import named_ports
from canaries.kinds import Kind, Order
from canaries.ledger.entries import canonical, new_id
from canaries.mint import live_kinds
from canaries.mint.canary_labels import LabelWriter
from canaries.protocols.signer import signer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

BATCH = 10000
OWN_RANKS = 100  # tokens of a canary's own have a lower rank; those made for sensors this one or a higher


class Minted(msgspec.Struct, frozen=True, gc=False):
    """A canary fresh from the mint."""

    canary: Canary
    bait: Bait
    parts: tuple[Minted, ...] = ()
    """The canaries its bait carries."""

    def family(self) -> Iterator[Minted]:
        """This one and all it carries."""
        yield self
        for part in self.parts:
            yield from part.family()


def kind(name: str) -> Kind:
    """The kind called ``name``. Raises NotFoundError."""
    return plugins.pick(kinds.FOLDER, Kind, name, "kind")()  # type: ignore[type-abstract]


def options_of(chosen: Kind, given: Mapping[str, str]) -> Any:
    """``--set`` values as the kind's own options. Raises MintError naming the option."""
    try:
        return bind(chosen.Options, given, f"kind {chosen.name}", noun="option")
    except SettingsError as error:
        raise MintError(error.sentence, hint=error.hint) from error


def order(
    home: Home,
    seed: bytes,
    created_at: str,
    memo: str,
    recipient: str,
    *,
    place: str = "",
    sieved: bool = True,
) -> Order:
    """What a kind is told, beside its options. ``place``: `Kind.place`; empty where the label alone was the path, as
    in bait of 0.1. ``sieved``: False for bait from before there was a sieve."""
    bait, keys = home.settings.bait, home.keys
    return Order(
        stream=SeededRandom(seed),
        base_url=bait.base_url,
        domain=bait.domain,
        locale=bait.locale,
        created_at=created_at,
        memo=memo,
        recipient=recipient,
        shape=home.shape if place else replace(home.shape, path_words=()),
        signer=signer(keys.front, home.ca_pem, home.ca_key, sieved=sieved, lookup=lambda: keys.lookup),
        ports=ports(home.settings.traps),
        mail_domains=bait.mail_domains,
        ca_pem=home.ca_pem,
        service=place,
    )


def ports(traps: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """The port of each trap's first address; port 0 (any) says nothing."""
    first = {name: next(iter(named_ports(section)), 0) for name, section in traps.items()}
    return {name: port for name, port in first.items() if port}


def mint(
    home: Home,
    kind_name: str,
    *,
    memo: str = "",
    recipient: str = "",
    owner: str | None = None,
    expires_at: str = "",
    options: Mapping[str, str] | None = None,
    count: int = 1,
    source: bytes = b"",
    draw: Callable[[int], bytes] = secrets.token_bytes,
    account: str = "",
    request: str = "",
) -> Iterator[Minted]:
    """Mint ``count`` canaries of one kind; each batch is on disk before its first canary is handed out.

    ``source``: the operator's own file, for kinds that make bait of one. ``draw``: gives that many random bytes, for
    seeds and ids. ``account``, ``request``: whose it is, and of which order, in the API. Raises NotFoundError (kind),
    MintError (options, source), StoreError (database).
    """
    chosen = kind(kind_name)
    if source and not chosen.takes_source:
        raise MintError(
            f"kind {chosen.name} is not made from a file of yours", hint="see: trapline kinds --json"
        )
    given = dict(options or {})
    parsed = options_of(chosen, given)
    now = home.now()
    template = replace(order(home, bytes(32), now, memo, recipient, place=chosen.place), source=source)
    digest = hashlib.sha256(source).hexdigest() if source else ""
    common = MintCommon(memo, recipient, owner or home.operator, now, expires_at, digest)
    press = BatchWriter(home, chosen.name, common, (account, request))

    def batch(size: int) -> list[Minted]:
        luck = iter_unpack(_LUCK, draw(calcsize(_LUCK) * size))
        made = []
        for seed, canary_id, nonce in luck:
            bait = chosen.mint(replace(template, stream=SeededRandom(seed)), parsed)
            made.append(
                minted_of(chosen.name, bait, common, (seed.hex(), canary_id.hex(), nonce.hex()), given, draw)
            )
        return made

    sizes = [min(BATCH, count - done) for done in range(0, count, BATCH)]
    # While one batch is written (which waits for the disk), the next is made.
    with ThreadPoolExecutor(1, "mint") as scribe:
        written: Future[list[Minted]] | None = None
        for size in sizes:
            made = batch(size)
            if written is not None:
                finished = written.result()
                written = scribe.submit(press.record, made)
                yield from finished
            else:
                written = scribe.submit(press.record, made)
        if written is not None:
            yield from written.result()


_LUCK = "32s8s16s"  # seed, id and nonce of a canary, drawn from the system's random source in one piece


@dataclass(frozen=True, slots=True)
class MintCommon:
    """What all canaries of one order share."""

    memo: str
    recipient: str
    owner: str
    now: str
    expires_at: str
    source: str


def minted_of(
    kind_name: str,
    bait: Bait,
    common: MintCommon,
    luck: tuple[str, str, str],
    options: dict[str, str],
    draw: Callable[[int], bytes],
    parent: str = "",
) -> Minted:
    """The canary of a bait; ``luck``: its seed, id and nonce, hexadecimal."""
    seed, canary_id, nonce = luck
    canary = Canary(
        id=canary_id,
        kind=kind_name,
        memo=common.memo,
        owner=common.owner,
        recipient=common.recipient,
        created_at=common.now,
        expires_at=common.expires_at,
        options=options,
        seed=seed,
        parent=parent,
        tokens=bait.tokens,
        text=bait.text,
        files=tuple([(file.path, file.sha256) for file in bait.files]),
        row=bait.row,
        nonce=nonce,
        source=common.source,
    )
    if not bait.parts:
        return Minted(canary, bait)
    parts = tuple(
        minted_of(name, part, common, ("", draw(8).hex(), draw(16).hex()), {}, draw, parent=canary_id)
        for name, part in bait.parts
    )
    return Minted(canary, bait, parts)


def record_line(canary: Canary) -> bytes:
    """The exact bytes of a canary's record; the *minted* entry holds their SHA-256."""
    return canonical(canary)


class BatchWriter:
    """Puts batches of minted canaries into ledger and index."""

    def __init__(self, home: Home, kind_name: str, common: MintCommon, marks: tuple[str, str]) -> None:
        self._home, self._kind, self._common, self._marks = home, kind_name, common, marks
        self._tag = tagger(home.keys.lookup)
        self._labels = LabelWriter(home)

    def record(self, batch: list[Minted]) -> list[Minted]:
        """One transaction for the whole batch, which comes back."""
        everyone = [member.canary for minted in batch for member in minted.family()]
        lines = [record_line(canary) for canary in everyone]
        entry_id, common, writer = new_id(), self._common, self._home.writer
        hashes = [
            [canary.id, hashlib.sha256(line).hexdigest()]
            for canary, line in zip(everyone, lines, strict=True)
        ]
        body = {"kind": self._kind, "count": len(everyone), "canaries": hashes}
        boxes = writer.seal_each((line, canary.id) for canary, line in zip(everyone, lines, strict=True))
        labels, now, end, marks = self._labels.labels(everyone), common.now, common.expires_at, self._marks
        canaries = [
            (canary.id, entry_id, canary.kind, now, end, "", canary.parent, box, label, None, *marks)
            for canary, box, label in zip(everyone, boxes, labels, strict=True)
        ]
        with self._home.store.write() as connection:
            epoch = next_epoch(connection)
            live = live_kinds.note(connection, {canary.kind for canary in everyone})
            self._home.store.bulk(connection, store.canary, canaries)
            self._home.store.bulk(connection, store.token, self._tags(everyone, epoch))
            writer.append(connection, [("minted", entry_id, common.now, common.owner, body)])
        kinds_file.add(self._home.path / "front", live)
        return batch

    def _tags(self, everyone: list[Canary], epoch: int) -> list[tuple[bytes, str, str, int, int]]:
        rows = [
            (self._tag(normal(token.value, folds=token.folds)), canary.id, token.facet, rank, epoch)
            for canary in everyone
            for rank, token in enumerate(indexed(canary.tokens))
        ]
        rows.sort()  # the index is a tree by tag: in order, each of its pages is touched once
        return rows


def next_epoch(connection: Connection) -> int:
    """Count up, holding the row until the commit: epochs become visible in order, on PostgreSQL too."""
    table = store.meta
    query = select(table.c.value).where(table.c.name == "epoch").with_for_update()
    epoch = int(connection.execute(query).scalar_one()) + 1
    connection.execute(update(table).where(table.c.name == "epoch").values(value=str(epoch)))
    return epoch


def last_epoch(home: Home) -> int:
    """The last transaction that minted a canary; 0: none. Raises StoreError."""
    own = select(func.max(store.token.c.epoch)).where(store.token.c.rank < OWN_RANKS)
    with home.store.read() as connection:
        return connection.scalar(own) or 0
