"""Look-ups as text of 80 columns, as a table for spreadsheets, and as a page that a supervisor can print.

Whatever a client chose (its reason, its application's name, its query) is hostile: it is made visible, and is never a
formula or markup.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from canaries.core import render
from canaries.core.text import cell, clip, counted, visible
from listener.lookups.listing import Lookup, by_person, totals

WIDTH = 80
COLUMNS = (
    *("id", "at", "person", "user", "actor", "client", "port", "application", "table", "rows", "of"),
    *(
        "certificate",
        "exempt",
        "reason",
        "reason_from",
        "relation",
        "outcome",
        "reviewed_by",
        "reviewed_at",
        "note",
    ),
)
_FULL = ("query", "records")


@dataclass(frozen=True, slots=True)
class WeeklyReview:
    """What is given to a reviewer."""

    week: str
    since: str
    until: str
    made_at: str
    made_by: str
    organisation: str
    lookups: tuple[Lookup, ...]
    full: bool
    """Whether queries, and which records, are shown."""

    @property
    def people(self) -> dict[str, list[Lookup]]:
        return by_person(self.lookups)

    @property
    def title(self) -> str:
        return (
            f"look-ups of watched records in {self.week} ({self.since[:10]} to before {self.until[:10]}, UTC)"
        )


def heading() -> str:
    """Above `lines`."""
    return f"{'TIME (UTC)':<20}  {'WHO':<18}  {'TABLE':<24}  ROWS"


def lines(one: Lookup, *, full: bool = False) -> Iterator[str]:
    """A look-up, in lines of 80 columns at most."""
    table, who = clip(visible(str(one.body["table"])), 24), clip(visible(one.person), 18)
    yield f"{one.at[:19].replace('T', ' ')}Z  {who:<18}  {table:<24}  {one.rows} of {one.of}"
    user = str(one.body["user"])
    said = [
        f"as {user}" if user != one.person else "",
        f"certificate {one.certificate}" if one.certificate else "",
        place(one),
        str(one.body["application"]),
        one.relation,
        f"reviewed: {one.outcome.found}, {one.outcome.by}" if one.outcome else "",
    ]
    yield from _wrapped(one.id[:8], "; ".join(filter(None, said)))
    yield from _wrapped("reason", reason(one))
    if full:
        yield from _wrapped("query", str(one.body["query"]))
        for record in one.watched:
            words = record.words
            whose = f", record of {words.person}" if words.person else ""
            yield from _wrapped("record", f"watch {record.id[:8]}{whose}, for {words.owner}: {words.why}")


def listed(found: Sequence[Lookup]) -> list[Lookup]:
    """Those that are shown one by one: what programs read of their own is counted alone."""
    return [one for one in found if not one.exempt]


def reason(one: Lookup) -> str:
    """``none``, or what was given and how."""
    if said := str(one.body["reason"]):
        return f"{said} (by {one.body['reason_from']})"
    return "none needed: a program's own read" if one.exempt else "none"


def place(one: Lookup) -> str:
    """The client's address, as the database saw it."""
    client, port = str(one.body["client"]), one.body["port"]
    return f"{client} port {port}" if client else "on the database's machine, or not known"


def summary(found: Sequence[Lookup]) -> str:
    """``3 look-ups, 1 without a reason ...``."""
    sums = totals(found)
    said = [counted(sums["lookups"], "look-up"), f"{sums['without_reason']} without a reason"]
    said += [f"{sums['exempt']} by programs of their own"] if sums["exempt"] else []
    said += [f"{sums['own']} of their own record"] if sums["own"] else []
    said += [f"{sums['colleagues']} of colleagues' records"] if sums["colleagues"] else []
    return ", ".join([*said, f"{sums['reviewed']} reviewed"])


def review_text(review: WeeklyReview) -> str:
    """A block for each person."""
    out = [clip(visible(f"{review.title[0].upper()}{review.title[1:]}"), WIDTH)]
    for person, found in review.people.items():
        out += ["", clip(f"{visible(person)}: {summary(found)}", WIDTH)]
        for one in listed(found):
            out += lines(one, full=review.full)
    if not review.lookups:
        out.append("none")
    return "\n".join(out) + "\n"


def review_csv(review: WeeklyReview) -> str:
    """RFC 4180, every cell quoted and no formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    columns = (*COLUMNS, *_FULL) if review.full else COLUMNS
    writer.writerow(columns)
    for one in review.lookups:
        said = one.as_dict(full=review.full)
        outcome = said.pop("outcome") or {"found": "", "by": "", "at": "", "note": ""}
        said |= {"outcome": outcome["found"], "reviewed_by": outcome["by"]}
        said |= {"reviewed_at": outcome["at"], "note": outcome["note"]}
        if review.full:
            said["records"] = "; ".join(f"{one['watch']} {one['why']}" for one in said["records"])
        writer.writerow([cell(said[name]) for name in columns])
    return out.getvalue()


def review_html(review: WeeklyReview) -> str:
    """A page without scripts and without anything from elsewhere."""
    names = {"reason": reason, "place": place, "summary": summary, "listed": listed}
    return render.render("lookups/review.html.j2", review=review, **names)


def _wrapped(label: str, value: str) -> Iterator[str]:
    head = f"  {label:<8}  "
    return iter(
        textwrap.wrap(
            visible(value) or "-",
            WIDTH,
            initial_indent=head,
            subsequent_indent=" " * len(head),
            break_on_hyphens=False,
        )
        or [head.rstrip()]
    )
