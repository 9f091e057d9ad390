"""A benchmark's findings as a plain table."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One finding."""

    what: str
    value: float
    unit: str
    """``x`` for a ratio."""
    wanted: str
    """``>= 5``; empty where nothing is."""
    met: bool | None
    """None: nothing is wanted."""


@dataclass
class Report:
    """Collects findings."""

    rows: list[Row] = field(default_factory=list)

    def ratio(self, what: str, value: float, *, least: float | None = None) -> None:
        """How many times as much (or as fast) as what it is compared with; ``what`` names both."""
        self.figure(what, value, "x", least=least)

    def figure(
        self, what: str, value: float, unit: str, *, least: float | None = None, most: float | None = None
    ) -> None:
        """An absolute figure, with the bound that is wanted where there is one."""
        wanted, met = "", None
        if least is not None:
            wanted, met = f">= {least:,g}", value >= least
        elif most is not None:
            wanted, met = f"<= {most:,g}", value <= most
        self.rows.append(Row(what, value, unit, wanted, met))

    def table(self) -> str:
        """All findings, one a line."""
        lines = []
        width = max((len(row.what) for row in self.rows), default=0)
        for row in self.rows:
            verdict = {None: "", True: "ok", False: "MISSED"}[row.met]
            line = (
                f"  {row.what:<{width}}  {_number(row.value):>10} {row.unit:<10} {row.wanted:<10} {verdict}"
            )
            lines.append(line.rstrip())
        return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
