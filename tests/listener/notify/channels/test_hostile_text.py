"""A hostile User-Agent on its whole way: listener, back, courier, real receivers; command line, dossier and console.

Nothing between the socket and the reader's screen is faked, and nowhere does it act: no mention, no formula, no markup,
no reversed text, no terminal escape.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.console.app import create_app
from listener.console.auth import Doorkeeper
from tests import steady

AGENT = "<!channel> =cmd|'/c calc'!A1 \u202e <script>alert(1)</script> <@U1> @everyone \x1b[2J {{7*7}} http://evil.example/x"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def home(tmp_path: Path, http_receiver: Any, mail_server: Callable[..., Any]) -> Any:
    """An installation that tells three real receivers."""
    mailbox = mail_server()
    mail = "".join(f"{name} = {json.dumps(value)}\n" for name, value in mailbox.settings().items())
    toml = (
        f'[channels.chat]\ntype = "slack"\nurl = "{http_receiver.url}/services/T0/B0/x"\nallow = ["127.0.0.1"]\n'
        f'[channels.hook]\ntype = "webhook"\nurl = "{http_receiver.url}/hook"\nsecret = "{SECRET}"\n'
        f'allow = ["127.0.0.1"]\n[channels.mail]\ntype = "email"\n{mail}'
    )
    made = Home.create(tmp_path / "home", toml)
    yield made, http_receiver, mailbox
    made.store.close()


def trapline(home: Home, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    command = [sys.executable, "-m", "listener", "--home", str(home.path), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=steady.PATIENCE, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def hidden(text: str) -> set[str]:
    """Characters that nobody sees and that act: controls, bidi, zero width."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cf")} - {"\n", "\r", "\t"}


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def test_nothing_acts_anywhere(home: Any, listen: Callable[..., Any], tmp_path: Path) -> None:
    place, receiver, mailbox = home
    running = listen(place)
    canary = next(mint(place, "url", memo="runbook")).canary
    head = (
        f"GET /{canary.tokens[0].value}/?q=%3Cscript%3E HTTP/1.1\r\nHost: x\r\nReferer: =1+1\r\nUser-Agent: "
    )
    with socket.create_connection(running.http, timeout=steady.PATIENCE) as sock:
        sock.sendall(head.encode() + AGENT.encode() + b"\r\nConnection: close\r\n\r\n")
        assert sock.recv(4096).startswith(b"HTTP/1.1 "), "even so it is answered"
    steady.until(lambda: mailbox.mails and len(receiver.requests) >= 2)
    assert running.stop() == 0

    paths = {path: body for path, _, body in receiver.requests}
    chat, hook = json.loads(paths["/services/T0/B0/x"]), json.loads(paths["/hook"])
    assert any("cmd|" in text for text in strings(chat)), "it is shown, not swallowed"
    for text in strings(chat):
        assert "<!" not in text
        assert "<@" not in text
        assert "<script" not in text
        assert not hidden(text)
        assert "http://evil" not in text
    assert any("cmd|" in text for text in strings(hook))
    for text in strings(hook):
        assert not hidden(text)
        assert not text.startswith(("=", "+", "@"))

    (mail,) = mailbox.mails
    for name, value in mail.items():
        assert not hidden(value), name
        assert "calc" not in value, name
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert "cmd|" in parts["text/plain"]
    assert not hidden(parts["text/plain"] + parts["text/html"])
    assert "<script" not in parts["text/html"]
    assert not re.search(r"https?://evil", parts["text/html"] + parts["text/plain"])

    inert_on_the_terminal(place)
    inert_in_the_dossier(place, tmp_path)
    inert_in_the_console(place)


def inert_on_the_terminal(place: Home) -> None:
    (hit,) = [json.loads(line) for line in trapline(place, "hits", "--json").splitlines()]
    assert "\u202e" in hit["client"], "programs get it as it came"
    assert "\x1b" not in trapline(place, "hits", "--json")
    for arguments in (("hits",), ("incidents",), ("incident", hit["incident"])):
        said = trapline(place, *arguments)
        assert not hidden(said), arguments
    assert "\\u202e" in trapline(place, "hits")


def inert_in_the_dossier(place: Home, folder: Path) -> None:
    (incident,) = [json.loads(line)["id"] for line in trapline(place, "incidents", "--json").splitlines()]
    bundle = folder / "case.zip"
    trapline(place, "dossier", "build", "--incident", incident, "--out", str(bundle), "--reason", "test")
    trapline(place, "dossier", "verify", str(bundle))
    read = 0
    with zipfile.ZipFile(bundle) as files:
        for name in files.namelist():
            if name.endswith((".html", ".csv")):
                text = files.read(name).decode("utf-8-sig")
                assert not hidden(text), name
                assert "<script" not in text or name.endswith(".csv"), name
                read += 1
            if name.endswith(".csv"):
                for cell in (cell for row in csv.reader(io.StringIO(text)) for cell in row):
                    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)
    assert read >= 2


def inert_in_the_console(place: Home) -> None:
    doorkeeper = Doorkeeper()
    app = create_app(place, host="127.0.0.1:4711", doorkeeper=doorkeeper)
    client, base = app.test_client(), "http://127.0.0.1:4711"
    assert client.get(f"/enter/{doorkeeper.link()}", base_url=base).status_code == 200
    (hit,) = [json.loads(line) for line in trapline(place, "hits", "--json").splitlines()]
    shown = 0
    for path in (
        "/",
        "/hits",
        f"/hits/{hit['id']}",
        f"/canaries/{hit['canary']}",
        f"/incidents/{hit['incident']}",
    ):
        answer = client.get(path, base_url=base, buffered=True)
        assert answer.status_code in (200, 303), path
        page = answer.get_data(as_text=True)
        assert not hidden(page), path
        assert "<script>alert" not in page, path
        assert "49" not in re.findall(r"\[2J (\S+)", page), path
        shown += "calc" in page
    assert shown >= 2, "it is shown"
    app.extensions["trapline"].stop.set()
