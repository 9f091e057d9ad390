"""Ways in which an installation is broken, each as a function that breaks one: real files, sockets and databases.

What a supervisor says of its children is made here (`looking.answer`), because a hundred real listeners would take
minutes; that it says so of real processes is tested in ``tests/listener/runtime``.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, text, update

from canaries.core import store
from canaries.core.clock import FixedClock, rfc3339
from canaries.installation.home import Home
from canaries.ledger.entries import new_id
from canaries.ledger.sealer import LogSealer
from canaries.mint.minting import mint
from canaries.plant import planting
from listener.health import control_socket
from listener.notify import outbox
from listener.notify.channels import Alert
from tests import steady

SEGMENT = "00000000000000001-0000000000000000.journal"


@dataclass
class Scene:
    """One installation: a listener's home that was opened while all was well, and what its supervisor says."""

    home: Home
    answer: dict[str, Any]
    raw: bytes | None = None
    """What the control socket says in place of ``answer``."""
    serves: bool = True
    """Whether there is a control socket at all."""

    @property
    def path(self) -> Path:
        return self.home.path

    def add(self, toml: str) -> None:
        """More settings, which the listener has read too."""
        self.unread(toml)
        self.home.__dict__.pop("settings", None)
        _ = self.home.settings

    def unread(self, toml: str) -> None:
        """More settings, which the listener has not read."""
        path = self.path / "trapline.toml"
        path.write_text(f"{path.read_text()}\n{toml}\n")

    def child(self, name: str, **says: Any) -> None:
        self.answer[name] |= says

    def part(self, name: str, state: str, problem: str) -> None:
        self.answer["back"]["report"]["parts"][name] = {"state": state, "problem": problem, "since": 9.0}

    def sql(self, statement: str) -> None:
        with self.home.store.write() as connection:
            connection.execute(text(statement))

    def seal(self) -> None:
        list(mint(self.home, "url", draw=steady.draw("broken")))
        sealer = LogSealer(self.home)
        sealer.seal_once()
        sealer.checkpoint()

    def alert(self, channel: str, **columns: Any) -> None:
        """One alert in the outbox of a channel."""
        now = self.home.now()
        with self.home.store.write() as connection:
            outbox.enqueue(connection, self.home, [Alert(id=new_id(), event="test", at=now)], now)
            connection.execute(update(store.outbox).values(channel=channel, **columns))

    def planted(self, kind: str) -> None:
        canary = next(mint(self.home, kind, draw=steady.draw(kind))).canary
        folder = self.path.parent / kind
        folder.mkdir()
        planting.plant(self.home, canary.id, str(folder))


@dataclass(frozen=True)
class Fault:
    """One way of being broken."""

    name: str
    group: str
    part: str
    """How the part begins that ``status`` calls failing."""
    says: str
    """What its sentence contains."""
    apply: Callable[[Scene], object]

    @property
    def told_by_courier(self) -> bool:
        """Of a channel that is refused the courier tells the others, at once (``tests/listener/notify``)."""
        return self.name == "one is refused"


FAULTS: list[Fault] = []


def fault(group: str, name: str, part: str, says: str, apply: Callable[[Scene], object]) -> None:
    FAULTS.append(Fault(name, group, part, says, apply))


@contextmanager
def serving(scene: Scene) -> Iterator[None]:
    """The control socket of the scene, as its answer is now."""
    if not scene.serves:
        yield
        return
    (scene.path / control_socket.NAME).unlink(missing_ok=True)
    os_folder = os.open(scene.path, os.O_PATH | os.O_DIRECTORY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{os_folder}/{control_socket.NAME}")
        os.close(os_folder)
        server.listen(8)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(1000)
                    peer.sendall(
                        json.dumps(scene.answer).encode() + b"\n" if scene.raw is None else scene.raw
                    )

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


# the listener, as its control socket has it

fault(
    "listener", "was stopped or killed", "listener", "no listener runs", lambda s: setattr(s, "serves", False)
)


def _left_behind(scene: Scene) -> None:
    scene.serves = False
    with socket.socket(socket.AF_UNIX) as sock:
        folder = os.open(scene.path, os.O_PATH | os.O_DIRECTORY)
        sock.bind(f"/proc/self/fd/{folder}/{control_socket.NAME}")
        os.close(folder)


fault("listener", "was killed and left its socket", "listener", "no listener runs", _left_behind)
fault("listener", "breaks off", "listener", "broke off", lambda s: setattr(s, "raw", b""))
fault("listener", "breaks off in its answer", "listener", "broke off", lambda s: setattr(s, "raw", b'{"a":'))
fault("listener", "answers another language", "listener", "no answer", lambda s: setattr(s, "raw", b"[1]\n"))
fault(
    "listener",
    "is of another version",
    "listener",
    "runs version",
    lambda s: s.answer.update(version="0.0.9"),
)
fault("listener", "is open and not ready", "listener", "not ready", lambda s: s.answer.update(ready=False))
for _name, _problem, _word in (
    ("reload", "[bate]", "last reload was refused"),
    ("certificates", "no PEM", "renewed certificate cannot be used"),
    ("restart", "traps.http.bind", "only a restart takes up"),
):
    fault(
        "listener", f"could not take up a change ({_name})", "listener", _word,
        lambda s, name=_name, problem=_problem: s.answer.update(problems={name: problem}),  # type: ignore[misc]
    )  # fmt: skip

# its two processes and their parts
for _child in ("front", "back"):
    for _what, _says, _word in (
        ("crashed", {"state": "ended", "last_end": "exit status 1"}, "has ended (exit status 1"),
        ("was killed", {"state": "ended", "last_end": "signal SIGKILL", "retry_in": 8.0}, "signal SIGKILL"),
        ("refuses to start", {"state": "ended", "problem": "the key 'x' is not in keys"}, "the key 'x'"),
        ("is stopped or starved", {"report_age": 60.0}, "has said nothing for 60 seconds"),
        ("waits", {"state": "waiting", "problem": "another back drains this folder"}, "it waits: another"),
    ):
        fault(
            "processes", f"the {_child} {_what}", _child, _word,
            lambda s, child=_child, says=_says: s.child(child, **says),  # type: ignore[misc]
        )  # fmt: skip
    fault(
        "processes", f"the {_child} was never started", _child, "has ended (not started",
        lambda s, child=_child: s.answer.pop(child),  # type: ignore[misc]
    )  # fmt: skip
fault(
    "processes", "the front cannot write its journal", "front", "visitors get no answer",
    lambda s: s.child("front", report={"traps": {}, "journal": "no space left on device", "unwritten": 3}),
)  # fmt: skip
for _part in ("sealer", "courier", "data", "rescan", "health"):
    fault(
        "processes", f"the {_part} has stopped", _part, "has stopped",
        lambda s, part=_part: s.part(part, "stopped", "a sentence"),  # type: ignore[misc]
    )  # fmt: skip
for _part in ("intake", "sealer", "courier"):
    fault(
        "processes", f"the {_part} waits", _part, "waits: database error",
        lambda s, part=_part: s.part(part, "waits", "database error"),  # type: ignore[misc]
    )  # fmt: skip

# settings that the listener has not read, or that nobody can read


def _settings(content: str | bytes) -> Callable[[Scene], object]:
    raw = content if isinstance(content, bytes) else content.encode()
    return lambda scene: (scene.path / "trapline.toml").write_bytes(raw)


for _name, _content, _word in (
    ("is no TOML", "[bait", "not valid TOML"),
    ("is not UTF-8", b'[operator]\norganisation = "\xff"\n', "not valid TOML"),
    ("has an unknown section", "[bate]\n", "'bate'"),
    ("has an unknown setting", "[bait]\nbase = 1\n", "'base'"),
    ("has a value of the wrong type", "[alerts]\nheartbeat_hours = 'daily'\n", "heartbeat_hours"),
    ("has a value out of range", "[seal]\nseconds = -1\n", "seconds"),
    ("has a base URL without a scheme", '[bait]\nbase_url = "traps.example"\n', "base_url"),
    ("has an unknown time zone", '[operator]\ntimezone = "Mars/Base"\n', "Mars/Base"),
    ("has a limit smaller than a segment", "[journal]\nlimit_mb = 1\n", "segment_mb"),
    ("names no section", "domain = 'x'\n", "'domain'"),
):
    fault("settings", f"trapline.toml {_name}", "settings", _word, _settings(_content))
fault(
    "settings", "trapline.toml changed and nobody reloaded", "settings", "has changed since",
    lambda s: s.unread("# a new line"),
)  # fmt: skip
fault(
    "settings", "trapline.toml can be read by others", "settings", "can be read by others",
    lambda s: (s.path / "trapline.toml").chmod(0o644),
)  # fmt: skip

# keys
for _key in ("lookup", "log", "journal", "journal.pub", "vault.pub", "alerts", "front"):
    fault(
        "keys", f"{_key} is missing", f"key {_key}", "is not in",
        lambda s, key=_key: (s.path / "keys" / key).unlink(),  # type: ignore[misc]
    )  # fmt: skip
for _key, _content, _word in (
    ("log", "abc", "cannot be used"),
    ("alerts", "ab" * 31, "is damaged"),
    ("lookup", "", "is damaged"),
    ("front", "ab" * 64, "is damaged"),
):
    fault(
        "keys", f"{_key} is damaged ({len(_content)} characters)", f"key {_key}", _word,
        lambda s, key=_key, content=_content: (s.path / "keys" / key).write_text(content),  # type: ignore[misc]
    )  # fmt: skip
for _key, _mode in (("vault", 0o640), ("log", 0o604), ("alerts", 0o666)):
    fault(
        "keys", f"{_key} can be read by others (mode {_mode:o})", f"key {_key}", "can be read by others",
        lambda s, key=_key, mode=_mode: (s.path / "keys" / key).chmod(mode),  # type: ignore[misc]
    )  # fmt: skip
fault(
    "keys",
    "the folder can be read by others",
    "key keys",
    "can be read",
    lambda s: (s.path / "keys").chmod(0o755),
)
fault("keys", "the folder is gone", "keys", "is gone", lambda s: shutil.rmtree(s.path / "keys"))
for _key in ("journal", "vault"):
    fault(
        "keys", f"{_key} and its public half are of two installations", f"key {_key}", "are no pair",
        lambda s, key=_key: (s.path / "keys" / f"{key}.pub").write_text(steady.key("another").hex()),  # type: ignore[misc]
    )  # fmt: skip

# the home


def _replaced_by_a_file(name: str) -> Callable[[Scene], object]:
    def apply(scene: Scene) -> None:
        shutil.rmtree(scene.path / name)
        (scene.path / name).write_text("")

    return apply


fault("home", "home.id is damaged", "home", "is damaged", lambda s: (s.path / "home.id").write_text("abc"))
fault("home", "others may write to it", "home", "others may write", lambda s: s.path.chmod(0o777))
for _folder in ("journal", "checkpoints"):
    fault(
        "home", f"its folder {_folder} is gone", "home", "is missing",
        lambda s, folder=_folder: shutil.rmtree(s.path / folder),  # type: ignore[misc]
    )  # fmt: skip
    fault("home", f"its folder {_folder} is a file", "home", "is missing", _replaced_by_a_file(_folder))

# the database


def _replaced(content: bytes | None) -> Callable[[Scene], object]:
    """The file is another one now, or none; the listener still has the old one open."""

    def apply(scene: Scene) -> None:
        for one in scene.path.glob("trapline.db*"):
            one.unlink()
        if content is not None:
            (scene.path / "trapline.db").write_bytes(content)

    return apply


def _newer(scene: Scene) -> None:
    scene.sql("UPDATE meta SET value = '999' WHERE name = 'version'")


fault("database", "its file is gone", "database", "", _replaced(None))
fault(
    "database",
    "its file is empty",
    "database",
    "holds no installation",
    _replaced(b""),
)
fault(
    "database",
    "its file is rubbish",
    "database",
    "",
    _replaced(b"rubbish" * 999),
)
fault("database", "it is another installation's", "database", "another installation",
      lambda s: s.sql(f"UPDATE meta SET value = '{'f' * 32}' WHERE name = 'home'"))  # fmt: skip
fault("database", "it is of a newer version", "database", "999", _newer)
for _table in ("hit", "canary", "leaf", "outbox", "unsealed", "drained"):
    fault(
        "database", f"its table {_table} is gone", "database", f"no such table: {_table}",
        lambda s, table=_table: s.sql(f"DROP TABLE {table}"),  # type: ignore[misc]
    )  # fmt: skip
for _name, _url, _word in (
    ("is a server that refuses", "postgresql://nobody@127.0.0.1:1/none", "database error"),
    ("is a host that does not exist", "postgresql://nobody@host.invalid/none", "database error"),
    ("is of an unknown make", "oracle://x@y/z", "oracle"),
):
    fault("database", f"it {_name}", "database", _word, _settings(f'[store]\nurl = "{_url}"\n'))

# the sealed log


def _put_back(scene: Scene) -> None:
    scene.seal()
    scene.sql("DELETE FROM leaf")


def _emptied(scene: Scene) -> None:
    scene.seal()
    shutil.rmtree(scene.path / "checkpoints")
    (scene.path / "checkpoints").mkdir(mode=0o700)


def _forged(scene: Scene) -> None:
    scene.seal()
    (scene.path / "checkpoints" / "latest").write_text("something else")


def _unsealed(scene: Scene) -> None:
    old = rfc3339(scene.home.clock.now() - timedelta(hours=1))
    with scene.home.store.write() as connection:
        scene.home.writer.record(connection, "heartbeat", old, "test", {"sequence": 1})


fault("ledger", "the database was put back to an older state", "ledger", "sealed before", _put_back)
fault("ledger", "the copy of checkpoints was emptied", "ledger", "the copy outside the database", _emptied)
fault("ledger", "the copy of checkpoints was changed", "ledger", "was changed", _forged)
fault("ledger", "entries wait for their place", "ledger", "have waited more than", _unsealed)

# the journal


def _backlog(scene: Scene) -> None:
    scene.add("[journal]\nsegment_mb = 1\nlimit_mb = 1\n")
    (scene.path / "journal" / SEGMENT).write_bytes(bytes(900_000))


def _late(scene: Scene) -> None:
    path = scene.path / "journal" / SEGMENT
    path.write_bytes(bytes(500))
    os.utime(path, (1, 1))


def _put(place: str) -> Callable[[Scene], object]:
    def apply(scene: Scene) -> None:
        (scene.path / place).parent.mkdir(exist_ok=True)
        (scene.path / place).write_bytes(b"x")

    return apply


fault("journal", "it is nearly full", "journal", "the front refuses visitors", _backlog)
fault("journal", "nobody takes in what is in it", "journal", "have not been taken in", _late)
fault("journal", "pieces of it are damaged", "journal", "damaged pieces", _put("journal/a.damaged"))
fault("journal", "sightings were set aside", "refused", "could not be taken in", _put("refused/a.sighting"))

# channels, beside one that works
CHANNEL = '[channels.ops]\ntype = "webhook"\nurl = "https://hooks.example/x"\nheaders = "X-Key: 1"\n'


def _outage(scene: Scene) -> None:
    scene.add(CHANNEL)
    scene.alert("ops", state="waiting", problem="HTTP 401")
    row = {"channel": "ops", "since": scene.home.now(), "resume_at": "", "problem": "HTTP 401"}
    with scene.home.store.write() as connection:
        connection.execute(insert(store.outage).values(**row))


def _held(scene: Scene) -> None:
    scene.add(CHANNEL)
    scene.alert("ops", state="held", problem="HTTP 404")


def _waiting(scene: Scene) -> None:
    scene.add(CHANNEL)
    old = rfc3339(scene.home.clock.now() - timedelta(hours=1))
    scene.alert("ops", state="waiting", created_at=old, problem="timed out")


fault("channels", "one is refused", "channel ops", "does not deliver since", _outage)
fault("channels", "one holds alerts that an operator must release", "channel ops", "does not deliver", _held)
fault("channels", "one is late", "channel ops", "alerts wait, the oldest since", _waiting)
for _name, _section, _word in (
    ("has no type", "", "needs a type"),
    ("has an unknown type", 'type = "pigeon"', "pigeon"),
    ("lacks a setting", 'type = "email"\nhost = "mail.example"', "sender"),
    ("has a mistyped setting", 'type = "file"\npaht = "x"', "paht"),
    ("has a URL in clear", 'type = "webhook"\nurl = "http://hooks.example/"', "url"),
):
    fault(
        "channels", f"one {_name}", "channels", _word,
        lambda s, section=_section: s.unread(f"[channels.ops]\n{section}\n"),  # type: ignore[misc]
    )  # fmt: skip


def _silent_heart(scene: Scene) -> None:
    old = rfc3339(scene.home.clock.now() - timedelta(days=3))
    with scene.home.store.write() as connection:
        connection.execute(delete(store.meta).where(store.meta.c.name == "heartbeat"))
        connection.execute(insert(store.meta).values(name="heartbeat", value=f"7 {old}"))


fault("channels", "the heartbeat is overdue", "heartbeat", "was due again", _silent_heart)

# certificates


def _certificate(begins: int, ends: int) -> Callable[[Scene], object]:
    def apply(scene: Scene) -> None:
        from tests.listener.health.checks.test_certificates import certificate

        certificate(scene.path / "chain.pem", begins, ends)
        scene.add(f'[listen]\ncertificates = ["{scene.path}/chain.pem"]')

    return apply


fault("certificates", "one has ended", "certificate chain.pem", "ended on", _certificate(-90, -1))
fault("certificates", "one is about to end", "certificate chain.pem", "in 3 days", _certificate(-80, 3))
fault("certificates", "one has not begun", "certificate chain.pem", "begins only on", _certificate(2, 90))
fault("certificates", "one is missing", "certificate chain.pem", "cannot be read",
      lambda s: s.add(f'[listen]\ncertificates = ["{s.path}/chain.pem"]'))  # fmt: skip
fault("certificates", "one is no certificate", "certificate home.id", "does not begin with",
      lambda s: s.add(f'[listen]\ncertificates = ["{s.path}/home.id"]'))  # fmt: skip

# bait that nobody can fire
for _name, _bait, _word in (
    ("leads to 0.0.0.0", 'base_url = "http://0.0.0.0:8080"', "no address to call"),
    ("leads to ::", 'base_url = "http://[::]:8080"', "no address to call"),
    ("leads to an address of examples", 'base_url = "http://198.51.100.7"', "an address of examples"),
    ("leads to a multicast address", 'base_url = "http://224.0.0.1"', "no machine's address"),
    ("leads to a name that does not exist", 'base_url = "http://{label}.traps.invalid"', "does not resolve"),
    (
        "has mailboxes at a domain that does not exist",
        'base_url = "http://1.1.1.1"\ndomain = "mail.invalid"',
        "does not resolve",
    ),
    ("leads to a port where nothing answers", 'base_url = "http://127.0.0.1:1"', "nothing answers"),
):
    fault("bait", f"it {_name}", "bait", _word, lambda s, bait=_bait: _baited(s, bait))  # type: ignore[misc]
for _kind, _trap in (
    ("postgres-url", "postgres"),
    ("redis-url", "redis"),
    ("ssh-key", "ssh"),
    ("pgpass", "postgres"),
):
    fault(
        "bait", f"a planted {_kind} leads to a trap that is shut", "bait", f"the trap {_trap}",
        lambda s, kind=_kind: s.planted(kind),  # type: ignore[misc]
    )  # fmt: skip


def _baited(scene: Scene, bait: str) -> None:
    _reset(scene, 'base_url = "http://1.1.1.1"', bait)


def _reset(scene: Scene, old: str, new: str) -> None:
    """Another value, which the listener has read too."""
    path = scene.path / "trapline.toml"
    path.write_text(path.read_text().replace(old, new))
    scene.add("")


# the machine


def _yesterday(scene: Scene) -> None:
    list(mint(scene.home, "url", draw=steady.draw("clock")))
    scene.home.clock = FixedClock(scene.home.clock.now() - timedelta(days=1))


fault("machine", "its clock was set back", "clock", "was set back", _yesterday)
fault("machine", "its disk is nearly full", "disk", "less than health.disk_free_mb",
      lambda s: _reset(s, "disk_free_mb = 1", f"disk_free_mb = {10**9}"))  # fmt: skip


def _data(content: bytes) -> Callable[[Scene], object]:
    def apply(scene: Scene) -> None:
        (scene.path / "data").mkdir(exist_ok=True)
        (scene.path / "data" / "ip-asn-country.mmdb").write_bytes(content)

    return apply


fault("machine", "network data is a page in place of a file", "network data", "mmdb", _data(b"<html>"))
fault("machine", "network data is empty", "network data", "mmdb", _data(b""))
