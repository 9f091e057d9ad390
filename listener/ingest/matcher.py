"""Match the strings in a sighting against the tokens of this installation.

All tags are held in memory (16 bytes each and a set: about 100 MB a million); what is asked of the database is only
what has been minted since, by epoch, and whose a tag that hit is. The index is refreshed *after* sightings have
been read from the journal: a token was minted before it could be planted, planted before it could be used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from canaries.core import store
from canaries.crypto.token_tags import tagger
from listener.evidence.reading import Reading

if TYPE_CHECKING:
    from canaries.installation.home import Home

_CACHED_OWNERS = 10_000
_CACHED_TAGS = 4096
"""8 MB at most: no candidate is longer than 2 KB."""
_CACHED_HEADS = 1024


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose token a tag is."""

    canary_id: str
    kind: str
    facet: str
    rank: int
    """0 is the strongest of the canary's tokens."""
    created_at: str
    expires_at: str
    label: bytes
    """The memo, sealed for alerts."""


class Match(msgspec.Struct, frozen=True):
    """One canary found in a sighting."""

    owner: Owner
    """Of the strongest token that was seen."""
    facets: tuple[str, ...]
    """All facets seen, strongest first."""


class Index:
    """The keyed index of all tokens. One per back process. Raises StoreError."""

    def __init__(self, home: Home) -> None:
        self._store = home.store
        # most of what a client sends is the same in each of its requests: header values, words of its User-Agent
        self._tag = lru_cache(_CACHED_TAGS)(tagger(home.keys.lookup))
        self._shared = lru_cache(_CACHED_HEADS)(lambda candidates: frozenset(self.tags(candidates)))
        self._tags: set[bytes] = set()
        self.epoch = 0
        """Of the newest token that is known."""
        self._owners: OrderedDict[bytes, Owner] = OrderedDict()
        self.refresh()  # here, not with the first batch: who says ready has it loaded

    def __len__(self) -> int:
        return len(self._tags)

    def refresh(self) -> None:
        """Take in what was minted since the last time. Raises StoreError."""
        with self._store.read() as connection:
            meta = store.meta
            query = select(meta.c.value).where(meta.c.name == "epoch")
            epoch = int(connection.execute(query).scalar_one())
            if epoch == self.epoch:
                return
            fresh = select(store.token.c.tag).where(store.token.c.epoch > self.epoch)
            self._tags.update(connection.execute(fresh).scalars())
            self.epoch = epoch

    def tags(self, candidates: Iterable[bytes]) -> set[bytes]:
        """The tag of each candidate."""
        tag = self._tag
        return {tag(candidate) for candidate in candidates}

    def tags_of(self, reading: Reading) -> tuple[frozenset[bytes], set[bytes]]:
        """The tags of a reading's candidates: of those that it shares with others, and of its own."""
        return self._shared(reading.shared), self.tags(reading.candidates)

    def known(self, tags: Set[bytes]) -> set[bytes]:
        """Those of the tags that are tokens'."""
        return self._tags & tags

    def matches(self, candidates: Iterable[bytes]) -> set[bytes]:
        """The tags of those candidates that are tokens."""
        return self.known(self.tags(candidates))

    def recognise(self, found: Iterable[set[bytes]]) -> list[list[Match]]:
        """For each set of matching tags, the canaries they belong to. Raises StoreError."""
        sets = [frozenset(tags) for tags in found]
        different = set(sets)
        self._look_up({tag for tags in different for tag in tags})
        grouped = {tags: self._grouped(tags) for tags in different}
        return [grouped[tags] for tags in sets]

    def _grouped(self, tags: Set[bytes]) -> list[Match]:
        owned: dict[str, list[Owner]] = {}
        for tag in tags:
            owner = self._owners.get(tag)
            if owner is not None:
                owned.setdefault(owner.canary_id, []).append(owner)
        groups = []
        for owners in owned.values():
            owners.sort(key=lambda owner: owner.rank)
            groups.append(Match(owners[0], tuple(dict.fromkeys(owner.facet for owner in owners))))
        return sorted(groups, key=lambda group: group.owner.canary_id)

    def _look_up(self, tags: set[bytes]) -> None:
        for tag in tags & self._owners.keys():
            self._owners.move_to_end(tag)
        missing = list(tags - self._owners.keys())
        if not missing:
            return
        token, canary = store.token, store.canary
        with self._store.read() as connection:
            for start in range(0, len(missing), 500):
                query = (
                    select(token, canary.c.kind, canary.c.created_at, canary.c.expires_at, canary.c.label)
                    .join(canary, canary.c.id == token.c.canary_id)
                    .where(token.c.tag.in_(missing[start : start + 500]))
                )
                for row in connection.execute(query):
                    self._owners[row.tag] = Owner(
                        row.canary_id,
                        row.kind,
                        row.facet,
                        row.rank,
                        row.created_at,
                        row.expires_at,
                        row.label or b"",
                    )
        while len(self._owners) > max(_CACHED_OWNERS, len(tags)):
            self._owners.popitem(last=False)
