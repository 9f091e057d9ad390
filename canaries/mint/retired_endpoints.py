"""Push subscriptions that were retired, for the front: what is pushed there is answered as a push service answers.

The front gets tags, no endpoint (`canaries.protocols.push_endpoints.retired_tag`); minting left them in the labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from canaries.core import store
from canaries.crypto.labels import open_label
from canaries.crypto.sealed_box import Locker

if TYPE_CHECKING:
    from sqlalchemy import Connection

KIND, VERIFIER = "push-subscription", "push"
MOST = 2_800
"""What the front's file has room for: those retired last."""


def marker(connection: Connection) -> tuple[str, int]:
    """Another one where a canary was retired since."""
    retired = store.canary.c.retired_at
    query = select(func.max(retired), func.count()).where(store.RETIRED)
    last, count = connection.execute(query).one()
    return last or "", count


def tags(connection: Connection, alerts_key: bytes) -> frozenset[str]:
    """Of the retired subscriptions."""
    table, labels = store.canary, Locker(alerts_key)
    query = select(table.c.id, table.c.label).where(store.RETIRED, table.c.kind == KIND)
    rows = connection.execute(query.order_by(table.c.retired_at.desc()).limit(MOST))
    found = (open_label(labels, row.id, row.label).verifiers.get(VERIFIER, "") for row in rows)
    return frozenset(filter(None, found))
