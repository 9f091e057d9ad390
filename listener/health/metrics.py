"""What Prometheus is told, in its text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).

Metrics name parts and channels; nothing that a visitor sent is in them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Table, func, select

from canaries import __version__
from canaries.core import store
from canaries.core.errors import StoreError
from listener.notify import outbox

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.health.watch import HealthWatch

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATES = ("waiting", "held", "delivered", "failed")

Samples = list[tuple[Mapping[str, str], float]]


def exposition(home: Home, watch: HealthWatch) -> str:
    """Every metric; where the database is away, those of health alone."""
    lines = list(_health(watch))
    with contextlib.suppress(StoreError):  # trapline_well and trapline_part_failing say so
        lines += _counted(home)
    return "\n".join(lines) + "\n"


def family(name: str, kind: str, words: str, samples: Samples) -> Iterator[str]:
    """One metric with its samples, each a set of labels and a value."""
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{said}}} {value:g}" if said else f"{name} {value:.17g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _health(watch: HealthWatch) -> Iterator[str]:
    parts: Samples = [({"part": part}, float(bad)) for part, bad in watch.parts().items()]
    well = float(not watch.problems())
    yield from family("trapline_info", "gauge", "The running version.", [({"version": __version__}, 1.0)])
    yield from family("trapline_well", "gauge", "1: no part is failing.", [({}, well)])
    yield from family("trapline_part_failing", "gauge", "1: this part is failing.", parts)


def _counted(home: Home) -> Iterator[str]:
    with home.store.read() as connection:

        def count(table: Table) -> Samples:
            return [({}, float(connection.execute(select(func.count()).select_from(table)).scalar_one()))]

        hits, canaries, leaves = count(store.hit), count(store.canary), count(store.leaf)
        tallies = outbox.tallies(connection, list(home.settings.channels))
    alerts: Samples = [
        ({"channel": one.channel, "state": state}, float(getattr(one, state)))
        for one in tallies
        for state in _STATES
    ]
    yield from family("trapline_hits_total", "counter", "Recorded uses of canaries.", hits)
    yield from family("trapline_canaries", "gauge", "Minted canaries.", canaries)
    yield from family("trapline_ledger_entries_total", "counter", "Sealed entries.", leaves)
    yield from family("trapline_alerts", "gauge", "Alerts by channel and state.", alerts)
