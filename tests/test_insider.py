"""The insider: a shell as the listener's user, the database's login, every key of the installation, and an operator's
key of their own; without another operator's key, and without the messages that have left the house.

Each test is one act, and asserts who notices it. The table is docs/insider.md; ``python -m tests.test_insider`` prints
it.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.ledger import statements
from canaries.ledger.checkpoints import read_checkpoint, told_hits
from canaries.ledger.entries import draft, new_id
from canaries.ledger.sealer import LogSealer
from canaries.ledger.signed_note import Checkpoint, sign_checkpoint
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.operators import erasure
from listener.dossier.build import build
from listener.health.ledger_watch import LedgerWatch
from listener.health.watch import HealthWatch
from listener.incidents import operator_acts, queries
from listener.notify import outbox, start_record
from listener.notify.channels import Alert
from listener.notify.channels._text import message
from listener.notify.configured import channel
from listener.notify.courier import BY, Courier
from listener.notify.start_report import report_start
from tests.house import ROOT
from tests.operators import acting, approve, enrol, key_of

PAGE = ROOT / "docs" / "insider.md"
INSIDER = "mallory"
SCHEDULED = "the scheduled check, over every channel"
KEPT = "whoever holds a kept message against the log"


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the table."""

    does: str
    notices: str
    when: str


ACTS: dict[str, Act] = {}


def act(does: str, notices: str, when: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Enter a test into the table."""

    def enter(test: Callable[..., None]) -> Callable[..., None]:
        ACTS[test.__name__] = Act(does, notices, when)
        return test

    return enter


@dataclass(slots=True)
class Scene:
    """An installation with two operators, a channel, and three hits that were told and sealed."""

    home: Home
    mailbox: Path
    """What the channel got: it is outside, the insider cannot change it."""
    strike: Callable[[], str]
    hits: list[str]

    def deliver(self) -> None:
        """Everything that waits goes out."""
        courier = Courier(self.home, say=lambda _: None)
        while courier.tick() or courier.deliver("ops"):
            pass

    def seal(self) -> None:
        LogSealer(self.home).seal_once()
        LogSealer(self.home).checkpoint()

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.mailbox.read_text().splitlines()]

    def keep(self, folder: Path) -> Path:
        """The last message as somebody printed it to a file."""
        path = folder / "kept.txt"
        last = self.messages()[-1]
        hashes = ", ".join(last.get("leaves", ()))
        path.write_text(f"Hit hashes    {hashes}\nCheckpoint    {last['checkpoint']}\n")
        return path

    def witness(self) -> None:
        """A message goes out: it carries the checkpoint of now."""
        with self.home.store.write() as connection:
            heartbeat = Alert(new_id(), "heartbeat", self.home.now(), sequence=1)
            outbox.enqueue(connection, self.home, [heartbeat], self.home.now())
        self.deliver()

    def notes(self) -> str:
        """What Trapline has said of itself."""
        return "\n".join(said.get("note", "") for said in self.messages())

    def integrity(self) -> str:
        """What event ``integrity`` has told."""
        self.deliver()
        return "\n".join(said["note"] for said in self.messages() if said["event"] == "integrity")

    def start(self) -> None:
        """The listener starts again."""
        self.home.close()
        self.home = Home.open(self.home.path)
        report_start(self.home, BY, channel)


@pytest.fixture
def scene(home: Home, strike: Callable[..., str], tmp_path: Path) -> Iterator[Scene]:
    mailbox = tmp_path / "outside" / "alerts.ndjson"
    mailbox.parent.mkdir()
    with (home.path / "trapline.toml").open("a") as file:
        file.write(f'\n[channels.ops]\ntype = "file"\npath = "{mailbox}"\n')
    with Home.open(home.path) as fresh:
        report_start(fresh, BY, channel)
        enrol(fresh, "alice", INSIDER)
        (minted,) = minting.mint(fresh, "url")
        ports = iter(range(40_001, 50_000))
        LogSealer(fresh).seal_once()
        LogSealer(fresh).checkpoint()
        made = Scene(fresh, mailbox, lambda: strike(made.home, minted.canary, port=next(ports)), [])
        for _ in range(3):
            made.hits.append(made.strike())
            made.seal()
            made.deliver()
        assert verify(fresh).absent == verify(fresh).forged == ()
        assert not made.integrity()
        yield made
        made.home.close()


def drop(home: Home, hit: str) -> None:
    """Every row of one hit, whether it was sealed or not."""
    with home.store.write() as connection:
        derived = connection.scalar(select(store.hit.c.derived_id).where(store.hit.c.id == hit))
        for name in (hit, derived):
            for table in (store.unsealed, store.leaf):
                connection.execute(delete(table).where(table.c.entry_id == name))
            connection.execute(delete(store.entry).where(store.entry.c.id == name))
        connection.execute(delete(store.hit).where(store.hit.c.id == hit))
        connection.execute(delete(store.raw).where(store.raw.c.entry_id == hit))


def told(home: Home, path: Path) -> tuple[str, ...]:
    """``trapline ledger verify --checkpoint FILE``."""
    return verify(home, kept=[read_checkpoint(home, path)], told=told_hits(path)).absent


@act("deletes a hit after it was sealed", SCHEDULED, "within six hours; at once by the next dossier")
def test_delete_after_sealing(scene: Scene, tmp_path: Path) -> None:
    drop(scene.home, scene.hits[1])
    LedgerWatch(scene.home).look()
    assert "is missing" in scene.integrity()
    incident = next(queries.hits(scene.home)).incident
    with acting(scene.home, "alice"), pytest.raises(LedgerError):
        build(scene.home, incident=incident, out=tmp_path / "case.zip")


@act(
    "deletes a hit before it is sealed", SCHEDULED, "within six hours: the alert's entry names the hit's hash"
)
def test_delete_before_sealing(scene: Scene) -> None:
    hit = scene.strike()
    with scene.home.store.write() as connection:
        connection.execute(update(store.notice).values(due_at="2026-01-01"))
    scene.deliver()
    drop(scene.home, hit)
    scene.seal()
    LedgerWatch(scene.home).look()
    assert "told of the hit with leaf hash" in scene.integrity()


@act(
    "deletes a hit and the entries about its alert, all before they are sealed",
    KEPT,
    "when they do: the message has the hash",
)
def test_delete_before_sealing_with_its_alert(scene: Scene, tmp_path: Path) -> None:
    hit = scene.strike()
    with scene.home.store.write() as connection:
        connection.execute(update(store.notice).values(due_at="2026-01-01"))
    scene.deliver()
    kept = scene.keep(tmp_path)
    drop(scene.home, hit)
    with scene.home.store.write() as connection:
        waiting = connection.scalars(select(store.unsealed.c.entry_id)).all()
        connection.execute(delete(store.entry).where(store.entry.c.id.in_(waiting)))
        connection.execute(delete(store.unsealed))
    scene.seal()
    assert verify(scene.home).absent == ()
    (sentence,) = told(scene.home, kept)
    assert "kept.txt told of the hit" in sentence


@act("takes a sealed record's content away", SCHEDULED, "within six hours; at once by the next dossier")
def test_erase_without_an_entry(scene: Scene) -> None:
    with scene.home.store.write() as connection:
        connection.execute(update(store.entry).where(store.entry.c.id == scene.hits[0]).values(sealed=None))
    LedgerWatch(scene.home).look()
    assert "no *erased* entry says so" in scene.integrity()


@pytest.mark.parametrize("approves", ["nobody", "self", "forged"])
@act(
    "erases a record with an *erased* entry of their own making",
    SCHEDULED,
    "within six hours: another operator has to approve",
)
def test_erase_alone(scene: Scene, approves: str) -> None:
    home = scene.home
    with acting(home, INSIDER):
        proposal = erasure.erase(home, scene.hits[0], "no longer needed")
        body = erasure._body(home, scene.hits[0], raw_only=False) | {"reason": "no longer needed"}
        said = home.act("erased", body | ({"proposal": proposal} if approves == "self" else {}))
    if approves == "forged":
        said = draft("erased", home.now(), "alice", body | {"proposal": proposal, "proposed_by": INSIDER})
        said = statements.signed(said, home.origin, key_of(INSIDER))
    with home.store.write() as connection:
        erasure.carry_out(home, connection, said, body)
    LedgerWatch(home).look()
    assert "no *erased* entry says so" in scene.integrity()


@act("writes in a colleague's name", SCHEDULED, "within six hours; at once by the next dossier's verifier")
def test_forge_a_colleague(scene: Scene) -> None:
    made = draft("assessed", scene.home.now(), "alice", {"incident": "", "statement": "it was a test"})
    for one in (
        made,
        statements.signed(draft("noted", made.at, "alice", {}), scene.home.origin, key_of(INSIDER)),
    ):
        with scene.home.store.write() as connection:
            scene.home.writer.put(connection, one)
    LedgerWatch(scene.home).look()
    assert scene.integrity().count("says it is by 'alice'") == 2


@act(
    "puts the database and every local copy of checkpoints back",
    KEPT,
    "when they do: that checkpoint is larger, or of another root",
)
def test_roll_back_with_all_local_copies(scene: Scene, tmp_path: Path) -> None:
    home = scene.home
    before, after = tmp_path / "before", tmp_path / "after"
    home.close()
    shutil.copytree(home.path, before)
    scene.strike()
    scene.seal()
    scene.strike()
    scene.seal()
    scene.witness()
    kept = scene.keep(tmp_path)
    home.close()
    home.path.rename(after)
    before.rename(home.path)
    with Home.open(home.path) as back:
        LogSealer(back).seal_once()
        assert verify(back).absent == ()
        with pytest.raises(LedgerError, match=r"kept\.txt signed"):
            told(back, kept)


@act("writes the log anew with its own key", KEPT, "when they do: the checkpoint has another root")
def test_rewrite_with_the_log_key(scene: Scene, tmp_path: Path) -> None:
    home = scene.home
    scene.witness()
    kept = scene.keep(tmp_path)
    drop(home, scene.hits[0])
    with home.store.write() as connection:
        leaves = connection.execute(
            select(store.entry.c.id, store.entry.c.hash).order_by(store.entry.c.id)
        ).all()
        alerted = [one.id for one in home.reader.entries(connection, "alerted")]
        connection.execute(delete(store.entry).where(store.entry.c.id.in_(alerted)))
        for table in (store.leaf, store.unsealed, store.checkpoint):
            connection.execute(delete(table))
        home.store.bulk(connection, store.unsealed, [tuple(row) for row in leaves if row.id not in alerted])
    shutil.rmtree(home.path / "checkpoints")
    (home.path / "checkpoints").mkdir()
    scene.seal()
    assert verify(home).absent == ()
    with pytest.raises(LedgerError):
        told(home, kept)


@act(
    "sends alerts elsewhere", "the old channel, which is told first", "at the start that takes the change up"
)
def test_redirect_channels(scene: Scene, tmp_path: Path) -> None:
    settings = scene.home.path / "trapline.toml"
    settings.write_text(settings.read_text().replace(str(scene.mailbox), str(tmp_path / "hidden.ndjson")))
    scene.start()
    assert "channels.ops changed" in scene.notes()


@act("sends alerts elsewhere and writes the memory of the last start anew", SCHEDULED + "; `ledger verify`",
     "within six hours, on the new channel; the old one misses its heartbeat")  # fmt: skip
def test_redirect_channels_and_rewrite_the_memory(scene: Scene, tmp_path: Path) -> None:
    settings = scene.home.path / "trapline.toml"
    settings.write_text(settings.read_text().replace(str(scene.mailbox), str(tmp_path / "hidden.ndjson")))
    with Home.open(scene.home.path) as changed, changed.store.write() as connection:
        start_record.remember(connection, changed, start_record.present(changed))
    scene.start()
    assert "channels.ops changed" not in scene.notes()
    scene.seal()
    assert any("nobody was told" in sentence for sentence in LedgerWatch(scene.home).look())


@act(
    "changes another setting, a key, or a file of network data",
    "every channel",
    "at the start that takes the change up",
)
def test_swap_data_files(scene: Scene) -> None:
    (scene.home.path / "data").mkdir(exist_ok=True)
    (scene.home.path / "data" / "ip-asn-country.mmdb").write_bytes(b"one's own")
    with (scene.home.path / "trapline.toml").open("a") as file:
        file.write("\n[seal]\nseconds = 86400.0\n")
    scene.start()
    said = scene.integrity()
    assert "data.ip-asn-country.mmdb added" in said
    assert "settings.seal changed" in said


@act(
    "stops the sealer", "every channel, and every later alert", "within two minutes; alerts say it after five"
)
def test_stop_the_sealer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.strike()
    later = rfc3339(scene.home.clock.now() + timedelta(minutes=10))
    monkeypatch.setattr(type(scene.home), "now", lambda _: later)
    monkeypatch.setattr("listener.health.examination.view", _at(later))
    watch = HealthWatch(scene.home)
    for _ in range(2):
        watch.look()
    assert "have waited more than" in scene.integrity()
    assert scene.messages()[-1]["unsealed_since"]
    assert "HAS STOPPED" in message(_alert(scene.messages()[-1])).text


@act("sets the clock back", "every channel", "within half a minute")
def test_change_the_clock(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.deliver()
    earlier = rfc3339(scene.home.clock.now() - timedelta(hours=3))
    monkeypatch.setattr(type(scene.home), "now", lambda _: earlier)
    assert "the clock was set back" in scene.integrity()


@act("removes a segment of the journal before it is taken in", "every channel", "with the front's next frame")
def test_remove_journals(scene: Scene) -> None:
    from listener.journal.segment import segments
    from tests.listener.ingest.test_front_chains import drain, write

    write(scene.home, 3)
    segments(scene.home.journal_folder)[1].unlink()
    drain(scene.home)
    assert "1 frame of front" in scene.integrity()
    assert "numbers 2 to 2" in LedgerWatch(scene.home).look()[0]


@act("moves a hit into another incident", SCHEDULED, "within six hours; at once by the next dossier")
def test_change_the_index(scene: Scene) -> None:
    with scene.home.store.write() as connection:
        connection.execute(
            update(store.hit).where(store.hit.c.id == scene.hits[0]).values(incident_id="f" * 16)
        )
    LedgerWatch(scene.home).look()
    assert "the facts or the incident of another" in scene.integrity()


@act(
    "enrols a second key of their own, or exchanges a colleague's",
    SCHEDULED,
    "within six hours: it takes two to enrol",
)
def test_enrol_a_straw_man(scene: Scene) -> None:
    from canaries.operators import enrolment

    for name in ("straw", "alice"):
        asked = enrolment.request(scene.home, name, key_of("straw"))
        body = {"what": "operator", "act": "enrolled", "name": name, "key": asked.key, "proof": asked.proof}
        with acting(scene.home, INSIDER):
            said = scene.home.act("operator", body)
        with scene.home.store.write() as connection:
            enrolment.put(scene.home, connection, said, body)
    report = verify(scene.home)
    assert report.operators == ("alice", INSIDER)
    LedgerWatch(scene.home).look()
    assert scene.integrity().count("no other operator proposed it") == 2


@act(
    "signs a second head of the log for the same size",
    "`ledger verify`, the sealer",
    "at its next start, or within six hours",
)
def test_two_heads_of_one_log(scene: Scene) -> None:
    with scene.home.store.write() as connection:
        size = connection.scalar(select(store.checkpoint.c.size).order_by(store.checkpoint.c.size.desc()))
        note = sign_checkpoint(Checkpoint(scene.home.origin, size or 0, bytes(32)), scene.home.keys.log)
        connection.execute(update(store.checkpoint).where(store.checkpoint.c.size == size).values(note=note))
    with pytest.raises(LedgerError):
        verify(scene.home)
    with pytest.raises(LedgerError):
        LogSealer(scene.home).seal_once()


def test_honest_work_by_two_is_told_to_nobody(scene: Scene) -> None:
    """The other half: none of the alarms goes off where nothing is wrong."""
    incident = next(queries.hits(scene.home)).incident
    with acting(scene.home, "alice"):
        operator_acts.note(scene.home, incident, "called the provider")
        proposal = erasure.erase(scene.home, scene.hits[0], "request of the person")
    with acting(scene.home, INSIDER):
        approve(scene.home, proposal)
    scene.seal()
    scene.start()
    LedgerWatch(scene.home).run(_once())
    assert LedgerWatch(scene.home).look() == []
    assert not scene.integrity()


def test_the_page_has_the_table_that_these_tests_assert() -> None:
    text = PAGE.read_text("utf-8")
    missing = [row for row in rows() if row not in text]
    assert not missing
    assert sum(line.startswith("| ") for line in text.splitlines()) - 2 == len(ACTS)


def rows() -> list[str]:
    return [f"| {one.does} | {one.notices} | {one.when} |" for one in ACTS.values()]


def _once() -> threading.Event:
    stop = threading.Event()
    stop.set()
    return stop


def _at(moment: str) -> Callable[[Home], Any]:
    from canaries.core.clock import parse_rfc3339
    from listener.health.checks import View

    return lambda home: View(home, parse_rfc3339(moment))


def _alert(said: dict[str, Any]) -> Any:
    names = {field: value for field, value in said.items() if field in Alert.__dataclass_fields__}
    return Alert(
        **names | {"leaves": tuple(names.get("leaves", ())), "places": tuple(names.get("places", ()))}
    )


if __name__ == "__main__":
    print("\n".join(rows()))
