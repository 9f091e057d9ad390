from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import NotFoundError, SettingsError
from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.alerts import command
from listener.notify import outbox
from listener.notify.channels import Alert
from listener.notify.courier import Courier


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(command, list(words), obj=Session(home.path))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def channels(tmp_path: Path, http_receiver: Any) -> str:
    return (
        "[alerts]\nheartbeat_hours = 0\n"
        f'[channels.ops]\ntype = "slack"\nurl = "{http_receiver.url}/services/sEcReT"\nallow = ["127.0.0.1"]\n'
        f'[channels.siem]\ntype = "file"\npath = "{tmp_path}/siem.ndjson"\n'
    )


@pytest.fixture
def wired(tmp_path: Path, channels: str) -> Any:
    home = Home.create(tmp_path / "wired", channels)
    yield home
    home.store.close()


def test_a_test_alert_goes_through_every_real_channel(
    wired: Home, http_receiver: Any, tmp_path: Path
) -> None:
    result = run(wired, "test")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ops: delivered: HTTP 200",
        "siem: delivered: at byte 0 of the file",
    ]
    assert json.loads(http_receiver.requests[0][2])["text"] == "Trapline test alert: this channel works"
    assert json.loads((tmp_path / "siem.ndjson").read_text())["event"] == "test"
    with wired.store.read() as connection:
        found = [entry.body for entry in wired.reader.entries(connection, "alerted")]
    assert [(body["channel"], body["event"], body["receipt"]) for body in found] == [
        ("ops", "test", "HTTP 200"),
        ("siem", "test", "at byte 0 of the file"),
    ]


def test_one_channel_can_be_named(wired: Home, http_receiver: Any) -> None:
    assert run(wired, "test", "siem").exit_code == 0
    assert http_receiver.requests == []
    with pytest.raises(NotFoundError, match="no channel called 'pager'"):
        run(wired, "test", "pager")


def test_a_failure_says_why_and_exits_with_1(wired: Home, http_receiver: Any) -> None:
    http_receiver.status = 404
    result = run(wired, "test", "ops")
    assert result.exit_code == 1
    assert result.stderr == "ops: not delivered: 127.0.0.1 answered HTTP 404\n"
    assert "sEcReT" not in result.output
    with wired.store.read() as connection:
        (entry,) = wired.reader.entries(connection, "alert-failed")
    assert entry.body["reason"] == "127.0.0.1 answered HTTP 404"


def test_status_tells_of_each_channel(wired: Home, http_receiver: Any) -> None:
    with wired.store.write() as connection:
        for number in range(3):
            alert = Alert(id=f"{number:032x}", event="first", at=wired.now())
            outbox.enqueue(connection, wired, [alert], wired.now())
    courier = Courier(wired, say=lambda _: None)
    courier.deliver("siem")
    http_receiver.status = 500
    courier.deliver("ops")
    http_receiver.status = 410
    courier.deliver("ops")
    result = run(wired, "status", "--json")
    assert result.exit_code == 1, "a channel does not deliver"
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    counts = {line["channel"]: (line["waiting"], line["delivered"], line["failed"]) for line in lines}
    assert counts == {"ops": (3, 0, 0), "siem": (3, 1, 0)}, "the other one is told"
    assert lines[0]["type"] == "slack"
    assert lines[0]["problem"] == "127.0.0.1 answered HTTP 410"
    assert lines[0]["oldest_waiting"]
    assert lines[1]["last_delivered"]
    shown = run(wired, "status").stdout
    assert "ops              3 waiting, 0 delivered, 0 failed\n" in shown
    assert "  last problem: 127.0.0.1 answered HTTP 410\n" in shown
    assert "  DOES NOT DELIVER since: " in shown


def test_f6_what_waits_is_sent_again_when_an_operator_says_so(wired: Home, http_receiver: Any) -> None:
    alert = Alert(id="1" * 32, event="first", at=wired.now(), kind="url", hits=1, incident="aabb")
    with wired.store.write() as connection:
        outbox.enqueue(connection, wired, [alert], wired.now())
    courier = Courier(wired, say=lambda _: None)
    http_receiver.status = 403
    courier.deliver("ops")
    http_receiver.status = 200
    assert courier.deliver("ops") == 0, "not before some minutes have passed"
    result = run(wired, "retry", "ops")
    assert "1 alert will be tried at once" in result.stderr
    assert courier.deliver("ops") == 1
    assert len(http_receiver.requests) == 2
    while courier.deliver("siem"):
        pass
    assert run(wired, "status").exit_code == 0
    with pytest.raises(NotFoundError, match="no channel called 'pager'"):
        run(wired, "retry", "pager")


def test_o2_only_an_operator_gives_alerts_up_and_that_is_an_entry_with_a_reason(
    wired: Home, http_receiver: Any
) -> None:
    alert = Alert(id="1" * 32, event="first", at=wired.now(), kind="url", hits=1, incident="aabb")
    with wired.store.write() as connection:
        outbox.enqueue(connection, wired, [alert], wired.now())
    assert run(wired, "give-up", "ops").exit_code == 2
    result = run(wired, "give-up", "ops", "--reason", "a drill")
    assert "1 alert given up" in result.stderr
    with wired.store.read() as connection:
        (entry,) = wired.reader.entries(connection, "alert-failed")
    assert (entry.body["reason"], entry.body["channel"], entry.by) == ("a drill", "ops", wired.operator)
    assert Courier(wired, say=lambda _: None).deliver("ops") == 0


def test_without_a_channel_both_say_so(home: Home) -> None:
    with home.store.write() as connection:
        outbox.enqueue(connection, home, [Alert(id="1" * 32, event="first", at=home.now())], home.now())
    result = run(home, "status")
    assert result.stdout.startswith("(no channel yet) 1 waiting, 0 delivered, 0 failed\n")
    assert "No channel is configured, so nobody is told" in result.stderr
    with pytest.raises(SettingsError, match="no channel is configured"):
        run(home, "test")


def test_a_channel_that_does_not_exist_is_not_given_up(wired: Home, http_receiver: Any) -> None:
    with pytest.raises(NotFoundError, match="no channel called 'pager'"):
        run(wired, "give-up", "pager", "--reason", "a drill")
    assert "0 alerts given up" in run(wired, "give-up", "ops", "--reason", "a drill").stderr
