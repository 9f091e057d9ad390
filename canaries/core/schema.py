"""The tables. The ledger (`entry`, `leaf`, `checkpoint`) is the truth; every other table is an index over it.

Whatever tells what is bait or who was caught is in a `sealed` column, a box for the vault's key. SQLite keeps small
rows in the tree of their key (``sqlite_with_rowid=False``); rows with boxes stay out of it, where they would spill.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

meta = Table(
    "meta", metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False)
)

entry = Table(
    "entry",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("at", String(27), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary),
)
"""`hash` is the RFC 9162 leaf hash of the exact line in the box; an erased entry keeps it and loses the box."""

unsealed = Table(
    "unsealed",
    metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""Entries that no sealer has ordered yet."""

leaf = Table(
    "leaf",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("entry_id", String(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("leaf_entry", "entry_id", unique=True),
)
"""The log's order: sealing order, from 0, without gaps, each entry once."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("note", Text, nullable=False),
)

stamp = Table(
    "stamp",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    *(Column(name, String(32), nullable=False) for name in ("authority", "at", "ends", "judge", "entry_id")),
    Column("reply", LargeBinary, nullable=False),
)
"""Time stamps of checkpoints (RFC 3161), each named by the hash of the authority's whole answer, which its *stamped*
entry holds. `at` is the authority's time, `ends` the end of its certificate."""

raw = Table("raw", metadata, Column("entry_id", String(32), primary_key=True), Column("sealed", LargeBinary))
"""The raw bytes beside a hit's entry, which holds their SHA-256."""

canary = Table(
    "canary",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("kind", String(48), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("retired_at", String(27), nullable=False, default=""),
    Column("parent", String(16), nullable=False, default=""),
    Column("sealed", LargeBinary),
    Column("label", LargeBinary),
    Column("amended", LargeBinary),
    *(Column(n, String(32), nullable=False, default="", server_default="") for n in ("account", "request")),
)
"""`sealed` is the record whose SHA-256 the *minted* entry holds; `amended` what operators changed since (memo, owner,
recipient, tags); `label` what alerts may say of it; `account`, `request`: of the API, see schema_accounts."""

_KNOWN = canary.c.sealed.is_not(None)
Index("canary_listed", canary.c.created_at, canary.c.id, sqlite_where=_KNOWN, postgresql_where=_KNOWN)
"""For a page of the list, newest first."""

token = Table(
    "token",
    metadata,
    Column("tag", LargeBinary(16), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("facet", String(32), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("epoch", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Index("token_epoch", "epoch"),
    sqlite_with_rowid=False,
)
"""Keyed tags of the tokens. `epoch` counts minting transactions, so that a listener reads only what is new."""

placement = Table(
    "placement",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("canary_id", String(16), nullable=False),
    Column("planted_at", String(27), nullable=False),
    Column("checked_at", String(27), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("sealed", LargeBinary),
    Column("label", LargeBinary),
    Index("placement_canary", "canary_id"),
)
"""`label` is the place in words, for alerts, under their key."""

hit = Table(
    "hit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("facet", String(32), nullable=False),
    Column("trap", String(24), nullable=False),
    Column("observed_at", String(27), nullable=False),
    Column("sighting", String(32), nullable=False),
    Column("source_tag", LargeBinary(16), nullable=False),
    Column("incident_id", String(16), nullable=False),
    Column("derived_id", String(32), nullable=False),
    Column("follows", String(32), nullable=False, default="", server_default=""),
    Column("part", String(8), nullable=False, default="", server_default=""),
    Index("hit_canary", "canary_id", "observed_at"),
    Index("hit_incident", "incident_id", "observed_at"),
    Index("hit_once", "sighting", "canary_id", unique=True),
)
"""`id` is the hit's entry; `derived_id` the entry of its facts. `source_tag` is a keyed hash: see
listener.incidents.source_hash. `follows`: the hit whose connection this was on, or whose name it looked up; `part`:
``act`` or ``lookup`` where it shows no token of its own, see listener.ingest.conversations."""

conversation = Table(
    "conversation",
    metadata,
    Column("front", String(16), primary_key=True),
    Column("connection", BigInteger, primary_key=True, autoincrement=False),
    Column("canary_id", String(16), primary_key=True),
    Column("hit_id", String(32), nullable=False),
    Column("facet", String(32), nullable=False),
    Column("acts", Integer, nullable=False),
    Column("last_at", String(27), nullable=False),
)
"""Connections that have shown a canary, for a day: what comes on them later belongs to `hit_id`."""

incident = Table(
    "incident",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("opened_at", String(27), nullable=False),
    Column("last_at", String(27), nullable=False),
    Column("hits", Integer, nullable=False),
    Column("state", String(16), nullable=False),
)

incident_key = Table(
    "incident_key",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("incident_id", String(16), nullable=False),
    Column("last_at", String(27), nullable=False),
)
"""What hits of an incident share: ``canary:ID``, ``source:TAG``."""

drained = Table(
    "drained",
    metadata,
    Column("segment", String(64), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
)
"""How far each journal segment has been taken in: moved in the same transaction as its hits, hence exactly once."""

tally = Table(
    "tally",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("trap", String(24), primary_key=True),
    Column("sightings", BigInteger, nullable=False),
)
"""Sightings a day, bait or not. What held no token is forgotten, only counted."""

digest = Table(
    "digest",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("source_tag", LargeBinary(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("born_at", String(27), nullable=False),
    Column("due_at", String(27), nullable=False),
    Column("hits", BigInteger, nullable=False),
    Column("first_at", String(27), nullable=False),
    Column("last_at", String(27), nullable=False),
    Column("sealed", LargeBinary),
    Index("digest_due", "due_at"),
    Index("digest_born", "canary_id", "born_at"),
)
"""Of release 0.1: one row per canary and source. What still waits there is told once (`listener.notify.digest`)."""

notice = Table(
    "notice",
    metadata,
    Column("incident_id", String(16), primary_key=True),
    Column("seen", BigInteger, nullable=False),
    Column("told", BigInteger, nullable=False),
    Column("own", BigInteger, nullable=False),
    Column("strength", Integer, nullable=False),
    Column("networks", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("told_at", String(27), nullable=False),
    Column("due_at", String(27), nullable=False),
    Column("held_until", String(27), nullable=False),
    Column("sealed", LargeBinary),
    Index("notice_due", "due_at"),
)
"""What has been told of each incident. `seen` counts its hits, `own` those of them that a rule marks as the operator's
own, `told` those that messages have spoken of; `due_at` is empty where nothing waits. `held_until`: acknowledged or
snoozed until then. `sealed` is the strongest hit so far, under the ``alerts`` key."""

thread = Table(
    "thread",
    metadata,
    Column("channel", String(48), primary_key=True),
    Column("incident_id", String(16), primary_key=True),
    Column("at", String(27), nullable=False),
    Column("sealed", LargeBinary),
)
"""What a channel called the first message of an incident, so that later ones go below it."""

rule = Table(
    "rule",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("sealed", LargeBinary),
)
"""What marks hits and keeps them quiet: ``own`` scanners, ``mute``, ``test``. Sealed under the ``alerts`` key;
making and removing one is an entry."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(48), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("due_at", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", String(27), nullable=False, default=""),
    Column("done_at", String(27), nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
    Column("sealed", LargeBinary),
    Column("folded", Integer, nullable=False, default=0, server_default="0"),
    Column("progress", LargeBinary),
    Index("outbox_due", "channel", "state", "due_at"),
    Index("outbox_recent", "channel", "created_at"),
)
"""Alerts to deliver: ``waiting``, ``held`` (tried for long, until an operator says again or never), ``delivered`` or
``failed`` (given up by an operator). The content goes once it is delivered or given up. `folded`: how many alerts this
one sums up; `progress`: who has it already, under the ``alerts`` key."""

outage = Table(
    "outage",
    metadata,
    Column("channel", String(48), primary_key=True),
    Column("since", String(27), nullable=False),
    Column("resume_at", String(27), nullable=False),
    Column("problem", Text, nullable=False),
)
"""Channels that cannot deliver, until one delivery succeeds. `resume_at`: nothing is tried before; empty: no pause."""

front = Table(
    "front",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
)
"""The last frame of each front that a *received* entry speaks of."""

operator = Table(
    "operator",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("key", Text, nullable=False),
    Column("entry_id", String(32), nullable=False),
    Column("since", String(27), nullable=False),
)
"""Who signs at present, and the public key: an index of the *operator* entries, which alone are believed in a check."""
