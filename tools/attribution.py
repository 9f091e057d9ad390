"""How well visitors are told apart: the facts of a reference set against what its sources say.

    python -m tools.attribution [--wrong] [--held] [SET]

SET is ``tests/data/attribution.json`` (`tests/data/make_attribution.py` says where it comes from) or another file of
that form. A third of the set, chosen by a hash, is held: nobody looks at its cases one by one when tables are mended.
``--wrong`` lists the cases that are not as expected, without the held ones unless ``--held`` asks for them alone.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from listener.evidence.derived import Facts
from listener.evidence.sighting import Sighting
from listener.facts import Source, Use

REFERENCE = Path(__file__).parent.parent / "tests" / "data" / "attribution.json"
FIELDS = ("asn", "country", "class", "sort", "family", "verdict", "severity")
_AT = "2026-09-18T12:30:00.000000Z"
_MINTED = "2026-09-01T00:00:00.000000Z"
_LEFT_OUT = "unknown"

PAGE = """# How well visitors are told apart

Each visit of the reference set (`tests/data/attribution.json`) is an address from a published range file or a data
package, a client as a real program or its maker's documentation has it, and a use of bait. What is expected is what
the named source says; nothing is taken from Trapline's own output. A third of the visits is held: they are not looked
at one by one when tables are mended. *Unknown* means that no class was given; it is not counted as wrong, and not as
right either.
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One case of a reference set."""

    row: Mapping[str, Any]
    names: Sequence[str]
    """Header names as sent."""

    def use(self) -> Use:
        """The hit that such a visit makes."""
        agent, ip = str(self.row["agent"]), str(self.row["ip"])
        headers = [(name, agent if name.lower() == "user-agent" else "x") for name in self.names]
        observed: Any = {"method": "GET", "target": "/x", "user_agent": agent, "headers": headers}
        if self.row["trap"] == "dns":
            observed = {"role": "resolver"}
        sighting = Sighting(
            "0" * 32,
            str(self.row["trap"]),
            0,
            (ip, 1),
            ("127.0.0.1", 80),
            "tcp",
            b"",
            0,
            "front",
            1,
            1,
            {},
        )
        return Use(
            canary_id="c" * 16,
            kind=str(self.row["kind"]),
            facet=str(self.row["facet"]),
            trap=str(self.row["trap"]),
            created_at=_MINTED,
            planted_at="",
            observed_at=str(self.row.get("at") or _AT),
            source=(ip, 40001),
            observed=observed,
            sighting=sighting,
        )


@dataclass(slots=True)
class Scores:
    """Right, unknown and wrong of each field."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in FIELDS})
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(expected class, class found)."""
    severities: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, name: str, result: str = "right") -> float:
        """Of the visits whose source says anything of that field, 0 to 1."""
        return self.counts[name][result] / max(1, self.counts[name].total())


def read(path: Path = REFERENCE) -> tuple[dict[str, Any], list[Visit]]:
    """What the set says of its sources, and its visits."""
    found = json.loads(path.read_text(encoding="utf-8"))
    shapes = found["shapes"]
    return found, [Visit(row, shapes[row["shape"]]) for row in found["cases"]]


def sources(home: Path, visits: Iterable[Visit], tor: Mapping[str, str]) -> list[Source]:
    """The sources of facts in a home that has the set's list of Tor exits, as it was on its day."""
    from canaries.core import plugins
    from listener.facts import FOLDER
    from listener.network_data import library

    exits = [visit.row["ip"] for visit in visits if visit.row["class"] == "tor_exit"]
    if exits:
        listed = home / "tor-exits.txt"
        listed.write_text("\n".join(exits) + "\n", encoding="utf-8")
        library.add(home, listed, at=_AT, schema="tor-bulk", licence=tor["licence"], day=tor["date"])
    found = plugins.classes(FOLDER, Source).values()  # type: ignore[type-abstract]
    made = [source(home) for source in found]
    return sorted(made, key=lambda source: (source.order, source.name))


def judge(visits: Iterable[Visit], asked: Sequence[Source]) -> Scores:
    """Derive the facts of every visit and hold them against what is expected."""
    from listener.facts.derive import derive_all

    scores = Scores()
    for visit in visits:
        facts, failed = derive_all(asked, visit.use())
        if failed:
            scores.wrong.append(f"{visit.row['ip']}: {failed}")
        scores.severities[str(facts["verdict"]["severity"])] += 1
        if visit.row["class"]:
            expected = str(visit.row["class"])
            got = found(facts)["class"]
            scores.confusion[expected, got] += 1
        for name, expected, got, result in _compared(visit.row, found(facts)):
            scores.counts[name][result] += 1
            if result != "right":
                scores.wrong.append(
                    f"{name}: {expected} expected, {got} found: {visit.row['ip']} {visit.row['who']}"
                    f" | {visit.row['agent'][:110]} | {visit.row['kind']}"
                )
    return scores


def found(facts: Facts) -> dict[str, str]:
    """The fields of `FIELDS` as the facts have them."""
    network, client, verdict = facts.get("network", {}), facts.get("client", {}), facts["verdict"]
    return {
        "asn": str(network.get("asn") or ""),
        "country": network.get("country", ""),
        "class": facts.get("netclass", {}).get("class", ""),
        "sort": client.get("sort", ""),
        "family": client.get("family", ""),
        "verdict": verdict["kind"],
        "severity": verdict["severity"],
    }


def _compared(row: Mapping[str, Any], got: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    for name in FIELDS:
        expected = str(row[name] or "")
        if not expected:
            continue
        wanted, value = expected.split("|"), got[name]
        if name == "family":
            right = any(_same(word, value) for word in wanted)
        else:
            right = any(value == word or (word[-1] == "*" and value.startswith(word[:-1])) for word in wanted)
        unknown = value in ("", _LEFT_OUT) and name in ("class", "sort", "family")
        yield name, expected, value, "right" if right else "unknown" if unknown else "wrong"


def _same(left: str, right: str) -> bool:
    """Whether two words name one program: ``bingbot`` and ``Bingbot/2``, ``AhrefsBot`` and ``Ahrefs``."""
    a, b = (_plain(word) for word in (left, right))
    short, long = sorted((a, b), key=len)
    return bool(short) and (a == b or (len(short) >= 3 and long.startswith(short)))


def _plain(word: str) -> str:
    return "".join(sign for sign in word.lower() if sign.isalnum()).removesuffix("bot")


def measured(path: Path = REFERENCE) -> dict[str, Scores]:
    """The scores of the visits that were looked at, of those that were held, and of all."""
    about, visits = read(path)
    with tempfile.TemporaryDirectory(prefix="attribution-") as folder:
        asked = sources(Path(folder), visits, about["sources"]["tor"])
        parts = {
            "looked at": [visit for visit in visits if not visit.row["held"]],
            "held": [visit for visit in visits if visit.row["held"]],
            "all": visits,
        }
        return {name: judge(part, asked) for name, part in parts.items()}


def page(scores: Mapping[str, Scores]) -> str:
    """The scores and the table of classes, in Markdown."""
    lines = [PAGE, "| field | " + " | ".join(f"{name}: right, unknown, wrong" for name in scores) + " |"]
    lines.append("|---" * (len(scores) + 1) + "|")
    for name in FIELDS:
        cells = [
            f"{100 * part.share(name):.1f} %, {100 * part.share(name, 'unknown'):.1f} %, "
            f"{100 * part.share(name, 'wrong'):.1f} % of {part.counts[name].total()}"
            for part in scores.values()
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    confusion = scores["all"].confusion
    columns = sorted({got for _, got in confusion})
    lines += ["", "## Classes of networks", "", "Rows: as the source says. Columns: as found.", ""]
    lines += ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for expected in sorted({expected for expected, _ in confusion}):
        cells = [str(confusion[expected, got] or "") for got in columns]
        lines.append(f"| {expected.replace('|', ' or ')} | " + " | ".join(cells) + " |")
    used = ", ".join(f"{level} {count}" for level, count in scores["all"].severities.most_common())
    return "\n".join([*lines, "", f"Severities given: {used}.", ""])


def main(arguments: Sequence[str]) -> int:
    paths = [Path(item) for item in arguments if not item.startswith("--")]
    scores = measured(*paths[:1])
    print(page(scores))
    if "--wrong" in arguments:
        print("\n".join(sorted(scores["held" if "--held" in arguments else "looked at"].wrong)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
