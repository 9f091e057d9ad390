"""The loops that settings ask for; and a mailbox at a provider, from the mail server to the alarm."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint import amending
from canaries.mint.minting import mint
from listener.facts.derive import load
from listener.following.positions import LogPositions
from listener.health import control_socket
from listener.health.watch import HealthWatch
from listener.incidents import queries
from listener.mailboxes.mailbox_reader import SORT
from listener.runtime.optional_loops import optional_loops
from listener.sensors import sends
from tests import steady
from tests.mail_server import PASSWORD, USER, MailServer, mail_server


@pytest.fixture(scope="module")
def server(server_tls: tuple[ssl.SSLContext, Path]) -> Iterator[MailServer]:
    with mail_server(server_tls[1]) as found:
        yield found


def loops(home: Home, **said: Any) -> list[str]:
    told = {name.upper(): value for name, value in said.items()}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(f"TRAPLINE_{name}", value)
        fresh = Home.open(home.path)
        found = optional_loops(
            fresh, load(fresh), HealthWatch(fresh), lambda _: None, lambda *_: None, lambda: None
        )
        names = [name for name, _ in found]
        fresh.close()
    return names


def test_each_loop_is_there_where_settings_ask_for_it(home: Home) -> None:
    assert loops(home) == []
    assert loops(home, health_bind="127.0.0.1:0") == ["endpoint"]
    assert loops(home, logs_shop_type="nginx", logs_shop_path="/l") == ["logs"]
    assert loops(home, mailboxes_june_host="h", mailboxes_may_host="h") == ["mailbox june", "mailbox may"]


def test_a_section_that_is_wrong_stops_its_own_loop_with_a_sentence(home: Home) -> None:
    from canaries.core.errors import SettingsError

    with (home.path / "trapline.toml").open("a") as file:
        file.write('\n[mailboxes.june]\nhost = "h"\nuser = "u"\n')
    fresh = Home.open(home.path)
    ((_, work),) = optional_loops(
        fresh, load(fresh), HealthWatch(fresh), lambda _: None, lambda *_: None, lambda: None
    )
    with pytest.raises(SettingsError, match=r"mailboxes.june: a password or a password_file is needed"):
        work(threading.Event())
    fresh.close()


def parts(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = control_socket.ask(home.path, {"ask": "status"})["back"]["report"]["parts"]
    return found


def test_mail_at_a_provider_is_told_within_seconds_and_what_was_announced_is_not(
    home: Home, listen: Callable[..., Any], server: MailServer, tmp_path: Path
) -> None:
    """One process after the other: the listener is stopped in between, and takes nothing in twice."""
    canary = next(mint(home, "user", options={"email": USER})).canary
    amending.amend(home, [canary], tags=["list:subscribers"])
    alerts, secret = tmp_path / "alerts.ndjson", tmp_path / "secret"
    secret.write_text(PASSWORD)
    said = {
        "TRAPLINE_MAILBOXES_JUNE_HOST": "127.0.0.1",
        "TRAPLINE_MAILBOXES_JUNE_PORT": str(server.tls),
        "TRAPLINE_MAILBOXES_JUNE_USER": USER,
        "TRAPLINE_MAILBOXES_JUNE_PASSWORD_FILE": str(secret),
        "TRAPLINE_MAILBOXES_JUNE_CA_FILE": server.ca_file,
        "TRAPLINE_MAILBOXES_JUNE_SECONDS": "1",
        "TRAPLINE_CHANNELS_LOG_TYPE": "file",
        "TRAPLINE_CHANNELS_LOG_PATH": str(alerts),
    }
    running = listen(home, **said)
    steady.until(lambda: LogPositions(home.store, "june", SORT).seen_at, running.log.read_text)
    sends.authorise(home, "subscribers", "Hello {name}, road works.", 5)
    server.deliver("Hello June, road works.", to="list@service.test")
    steady.until(lambda: events(home) == ["authorised_send"], running.log.read_text)
    assert parts(home)["mailbox june"]["state"] == "runs"
    running.stop()
    server.deliver("Turn yourself in.", to="list@service.test")
    secret.write_text("geheim")
    running = listen(home, **said)
    steady.until(lambda: parts(home).get("mailbox june", {}).get("state") == "waits", running.log.read_text)
    assert parts(home)["mailbox june"]["problem"] == "the server refused the user or the password"
    log = running.log.read_text()
    assert "mailbox june: the server refused the user or the password" in log
    assert "geheim" not in log
    assert PASSWORD not in log
    command = Path(f"/proc/{running.child('back')}/cmdline").read_bytes()
    assert PASSWORD.encode() not in command
    running.stop()
    secret.write_text(PASSWORD)
    running = listen(home, **said)
    steady.until(lambda: len(events(home)) == 2, running.log.read_text)
    assert events(home) == ["authorised_send", "unauthorised_send"]
    steady.until(
        lambda: alerts.exists() and "no authorised send matches it" in alerts.read_text(),
        running.log.read_text,
    )
    running.stop()


def events(home: Home) -> list[str]:
    return [hit.facts["verdict"]["event"] for hit in queries.hits(home)]
