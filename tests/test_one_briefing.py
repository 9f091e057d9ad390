"""What a use was is said in one way: alert, command line, console and report give the same answers."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from canaries.core.text import visible
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.cli import trapline
from listener.console.app import create_app
from listener.incidents import queries
from listener.incidents.briefing import Briefing
from listener.incidents.hit_briefing import brief_hit, words_of
from listener.notify.channels import Alert
from listener.notify.channels._text import MessageText, inert, message
from listener.notify.courier import Courier

AGENT = "curl/8.5.0 <b>\u202e"


def words(page: str) -> str:
    """An HTML page's text, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def used(home: Home, strike: Callable[..., str], tmp_path: Path) -> Home:
    """In one incident a link was opened, then a key was used that had lain in a file."""
    settings = home.path / "trapline.toml"
    settings.write_text(
        f'{settings.read_text()}\n[channels.told]\ntype = "file"\npath = "{tmp_path}/told.ndjson"\n'
    )
    home = Home.open(home.path)
    link = next(iter(mint(home, "url", memo="wiki page"))).canary
    key = next(iter(mint(home, "openai-key", memo="build server", recipient="Ben"))).canary
    (tmp_path / "srv").mkdir()
    plant(home, key.id, str(tmp_path / "srv" / ".env"))
    strike(home, link, agent="Mozilla/5.0")
    strike(home, key, agent=AGENT)
    return home


def alert_of(home: Home, told: Path) -> MessageText:
    courier = Courier(home, say=lambda sentence: None)
    while courier.deliver("told"):
        pass
    alerts = [json.loads(line) for line in told.read_text().splitlines()]
    [last] = [one for one in alerts if one["event"] in ("first", "stronger")][-1:]
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in last.items()
    }
    return message(Alert(**known))


def test_f13_f14_alert_command_line_console_and_report_give_the_same_answers(
    used: Home, tmp_path: Path
) -> None:
    home, hit = used, list(queries.hits(used))[-1]
    told: Briefing = brief_hit(hit, words_of(home, hit))
    assert told.headline == f"{told.severity.upper()}: openai key used (build server)"
    assert told.place == str(tmp_path / "srv" / ".env")
    assert "the copy for Ben" in told.used
    answers = [(label, visible(answer)) for label, answer in told.lines]
    assert len(answers) == 6

    alert = alert_of(home, tmp_path / "told.ndjson")
    sent = dict(alert.lines)
    assert alert.headline.startswith(told.headline)
    assert told.next_step in sent["So far"]
    for label, answer in told.lines:
        assert sent[label] in (visible(answer), inert(visible(answer)), inert(answer)), label

    terminal = CliRunner().invoke(
        trapline, ["--home", str(home.path), "incident", hit.incident], catch_exceptions=False
    )
    app = create_app(home, host="127.0.0.1:1")
    browser = app.test_client()
    browser.get(f"/enter/{app.extensions['trapline'].doorkeeper.link()}", base_url="http://127.0.0.1:1")
    pages = [
        words(browser.get(path, base_url="http://127.0.0.1:1").get_data(as_text=True))
        for path in (f"/hits/{hit.id}", f"/incidents/{hit.incident}")
    ]
    out = tmp_path / "case.zip"
    built = [
        "--home",
        str(home.path),
        "dossier",
        "build",
        "--incident",
        hit.incident,
        "--out",
        str(out),
        "--reason",
        "x",
    ]
    CliRunner().invoke(trapline, built, catch_exceptions=False)
    with zipfile.ZipFile(out) as case:
        [name] = [one for one in case.namelist() if one.endswith("report.html")]
        report = words(case.read(name).decode())
    brief = report.partition("In brief")[2]
    assert told.headline in brief[: len(told.headline) + 5]
    for said in (" ".join(terminal.output.split()), *pages, report):
        assert told.headline in said
        for label, answer in answers:
            assert f"{label} {answer}" in said, label
