"""Nobody is asked unasked; what registries said is an entry, and stands in the drafts and the mails to abuse desks."""

from __future__ import annotations

import contextlib
import json
import mailbox
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from listener import cli
from listener.dossier import contacts, drafts, exchange
from listener.dossier.build import build
from listener.network_data import rdap
from tests.listener.dossier.conftest import Story
from tests.registries import registries


def run(story: Story, *words: str) -> Result:
    home = ["--home", str(story.home.path), "dossier", "contacts", "--incident", story.incident]
    return CliRunner().invoke(cli.trapline, [*home, *words])


def test_asked_recorded_and_used(
    story: Story, server_tls: tuple[ssl.SSLContext, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdap, "PAUSE", 0.0)
    before = run(story)
    assert before.exit_code == 0, before.output
    assert "203.0.113.0/24" in before.stdout
    assert "not asked" in before.stdout
    assert "https://rdap.org/ip/203.0.113.0/24" in before.stderr
    context, ca_file = server_tls
    with registries(context) as server:
        to = [
            "--ask",
            "--bootstrap",
            f"{server.url}/",
            "--ca-file",
            str(ca_file),
            "--reason",
            "to write to them",
        ]
        server.lists("203.0.113.0/24")
        failed = run(story, *to)
        assert failed.exit_code == 1
        assert "no answer on" in failed.stdout
        server.knows(
            "203.0.113.0/24", mail="abuse@isp.example", startAddress="203.0.113.0", endAddress="203.0.113.255"
        )
        asked = run(story, *to)
        assert asked.exit_code == 0, asked.output
        assert "abuse contact: abuse@isp.example" in asked.stdout
        count = len(server.asked)
        assert json.loads(run(story, *to, "--json").stdout)["abuse"] == ["abuse@isp.example"]
        assert len(server.asked) == count  # what was answered is not asked again
        del server.answers["/rdap/ip/203.0.113.0/24"]
        again = run(story, *to, "--again")
    assert (again.exit_code, "abuse@isp.example" in again.stdout) == (
        0,
        True,
    )  # an answer counts more than a failure
    with story.home.store.read() as connection:
        entries = [one.body for one in story.home.reader.entries(connection, "exported")]
    said = [one for one in entries if one["what"] == contacts.RDAP]
    assert [one["why"] for one in said] == ["to write to them"] * 3
    assert [one["incident"] for one in said] == [story.incident] * 3
    assert said[1]["networks"][0]["abuse"] == ["abuse@isp.example"]
    used(story, tmp_path)


def used(story: Story, tmp_path: Path) -> None:
    exchange.export(story.home, "arf", tmp_path / "mails.mbox", incident=story.incident)
    with contextlib.closing(mailbox.mbox(tmp_path / "mails.mbox")) as box:
        assert {mail["To"] for mail in box} == {"abuse@isp.example"}
    drafts.write(story.home, tmp_path / "drafts", incident=story.incident)
    assert (
        "abuse@isp.example (registry's record"
        in (tmp_path / "drafts" / "preservation-request.txt").read_text()
    )
    build(story.home, incident=story.incident, out=tmp_path / "case.zip")  # and a dossier is built over it


def event(**source: Any) -> Any:
    peer = {"ip": "192.0.2.1", "port": 1}
    body = {"source": peer, "peer": peer, "via": None, "observed": {}}
    return SimpleNamespace(body={**body, "trap": "http", "facet": "path", **source}, facts={})


def test_name_servers_are_nobody_to_write_to() -> None:
    dns = event(trap="dns", facet="host", observed={"role": "resolver"})
    nowhere = event(source={"ip": "", "port": 0})
    assert [one.network for one in contacts.networks([event(), dns, nowhere], [])] == ["192.0.2.0/24"]
