"""Draw the pictures of the README anew: the console, and an alert as Slack shows it.

    python -m tools.pictures [--all] [FOLDER]

A new installation is used by two visitors, through the real intake; the console is opened in Chromium, and what Slack
would get is shown in its shape. Writes ``console.png`` and ``alert.png`` into FOLDER (``docs/img``). ``--all`` adds
every page in both colour schemes and two widths, the e-mail and the terminal, to look at. Needs chromium and
chromedriver.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from canaries.core import clock
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.console import server
from listener.console.app import create_app
from listener.evidence.sighting import Sighting
from listener.facts.derive import load
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.notify.channels import Alert
from listener.notify.channels._text import message
from listener.notify.channels.email import EmailSettings, letter
from listener.notify.channels.slack import payload
from listener.notify.courier import Courier
from tests import look_ups

FOLDER = Path(__file__).parent.parent / "docs" / "img"
MOST = 60_000
"""Bytes of a picture in git."""
_TOML = """[operator]
organisation = "Example Trust"

[bait]
base_url = "http://192.0.2.80"

[channels.told]
type = "file"
path = "{}/told.ndjson"
"""
_KEY = b"GET /v1/models HTTP/1.1\r\nHost: 192.0.2.80\r\n%sAuthorization: Bearer %%s\r\n\r\n" % (
    b"User-Agent: python-requests/2.32.3\r\n"
)
_LINK = b"GET /%s/ HTTP/1.1\r\nHost: 192.0.2.80\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n\r\n"
_SLACK = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 20px; width: 720px; color: #1d1c1d; background: #fff;
  font: 15px/1.47 Lato, "Liberation Sans", sans-serif }}
.tag {{ background: #eee; color: #616061; font-size: 10px; padding: 1px 3px; border-radius: 2px }}
h3 {{ font-size: 18px; margin: 4px 0 8px }} p {{ white-space: pre-wrap; margin: 0; overflow-wrap: anywhere }}
</style><b>Trapline</b> <span class="tag">APP</span><h3>{}</h3><p>{}</p>"""


class Scene:
    """An installation in ``folder`` in which two canaries were used."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.create(folder / "home", _TOML.format(folder))
        self._intake = Intake(self.home, load(self.home))
        self._number = 0
        key = self._minted("openai-key", "shop: deployment settings", str(folder / ".env"))
        link = self._minted("url", "wiki: page on backups")
        self.use(link, _LINK, "198.51.100.23")
        self.use(key, _KEY, "203.0.113.9")
        self.hit = list(queries.hits(self.home))[-1]
        self.alert = self._told(folder / "told.ndjson")
        watched_look_ups(self.home)

    def _minted(self, kind: str, memo: str, target: str = "") -> Canary:
        canary = next(iter(mint(self.home, kind, memo=memo))).canary
        if target:
            plant(self.home, canary.id, target)
        return canary

    def use(self, canary: Canary, request: bytes, ip: str) -> None:
        """One request with the canary's strongest token."""
        token = next(one for one in canary.tokens if not one.weak)
        raw = request % token.value.encode()
        self._number += 1
        sighting = Sighting(
            id=f"{self._number:032x}",
            trap="http",
            observed_at=clock.micros(),
            peer=(ip, 40_000 + self._number),
            local=("192.0.2.80", 80),
            transport="tcp",
            raw=raw,
            size=len(raw),
            front="0123456789abcdef",
            number=self._number,
            connection=self._number,
            clock={"source": "ntp", "offset_us": 250, "checked_at": self.home.now()},
            answer="openai models",
        )
        self._intake.ingest([sighting], "0000", self._number)

    def _told(self, path: Path) -> Alert:
        courier = Courier(self.home, say=lambda _: None)
        while courier.deliver("told"):
            pass
        last: dict[str, Any] = json.loads(path.read_text().splitlines()[-1])
        known: dict[str, Any] = {n: tuple(one) if isinstance(one, list) else one for n, one in last.items()}
        return Alert(**known)


def watched_look_ups(home: Home) -> None:
    """The last whole week, in which three people looked at two watched records, one of them without a reason."""
    (home.path / "people.toml").write_text('[people]\ndesk1 = "service desk"\nbilling = "billing"\n')
    records = look_ups.watch(home, "5", "7")
    now = home.clock.now()
    monday = now - timedelta(days=now.weekday() + 7)
    lines = []
    for hours, user, reason, record in (
        (9, "desk1", "ticket 4711: asks for a new password", 0),
        (12, "billing", "invoice 2026-0815", 1),
        (35, "desk1", "ticket 4720", 1),
        (60, "intern", None, 0),
    ):
        at = (monday + timedelta(hours=hours)).isoformat(timespec="microseconds")
        said = {"at": at, "began": at, "user": user, "reason": reason}
        lines.append(look_ups.line(records[record], **said, application="crm" if reason else "psql"))
    look_ups.take_in(home, *lines)


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield opened
    finally:
        opened.quit()


@contextlib.contextmanager
def served(home: Home) -> Iterator[tuple[str, Any]]:
    """The console's address, and its context."""
    with server.bind("127.0.0.1:0") as listening:
        app = create_app(home, host=server.name(listening))
        context = app.extensions["trapline"]
        thread = threading.Thread(target=server.serve, args=(app, listening, context.stop))
        thread.start()
        try:
            yield f"http://{server.name(listening)}", context
        finally:
            context.stop.set()
            thread.join()


def shot(view: Any, path: Path, width: int, height: int = 0, scheme: str = "light") -> int:
    """A picture of what ``view`` shows, in few colours; its size in bytes. ``height`` 0: all of the page."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    view.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    size = {"width": width, "height": height or 100, "deviceScaleFactor": 1, "mobile": False}
    view.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    if not height:
        size["height"] = int(view.execute_script("return document.documentElement.scrollHeight"))
        view.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    picture = Image.open(io.BytesIO(view.get_screenshot_as_png())).convert("RGB")
    picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def slack(alert: Alert) -> str:
    """A page that shows a message as Slack does."""
    head, body = payload(message(alert))["blocks"]
    return _SLACK.format(head["text"]["text"], body["text"]["text"])


def page(view: Any, text: str) -> None:
    """Show HTML of our own."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        view.get(f"file://{file.name}")


def terminal(home: Home, *arguments: str) -> str:
    """What a command prints at 80 columns, as a page."""
    command = [sys.executable, "-m", "listener", "--home", str(home.path), *arguments]
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    style = (
        "margin:0;padding:16px;width:80ch;font:14px/1.35 'DejaVu Sans Mono',monospace;white-space:pre-wrap"
    )
    said = html.escape(f"$ trapline {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return f'<!doctype html><meta charset="utf-8"><pre style="{style};overflow-wrap:anywhere">{said}</pre>'


def everything(view: Any, scene: Scene, root: str, folder: Path) -> None:
    """Each page, light and dark, wide and narrow; the e-mail; the terminal."""
    hit = scene.hit
    pages = {
        "health": "/health",
        "hits": "/hits",
        "hit": f"/hits/{hit.id}",
        "incidents": "/incidents",
        "incident": f"/incidents/{hit.incident}",
        "canaries": "/canaries",
        "canary": f"/canaries/{hit.canary}",
        "placements": "/placements",
        "mint": "/mint",
        "mint-kinds": "/mint/repository",
        "mint-order": "/mint/repository/openai-key",
        "minted": f"/minted/{hit.canary}?place=config",
        "alerts": "/alerts",
        "ledger": "/ledger",
        "lookups": "/lookups",
        "lookup-review": "/lookups/review",
        "trail": "/trail",
    }
    for name, path in pages.items():
        view.get(root + path)
        for scheme in ("light", "dark"):
            for width in (1400, 390):
                shot(view, folder / f"{name}-{scheme}-{width}.png", width, scheme=scheme)
    mail = letter(scene.alert, EmailSettings(host="x", sender="a@example.org", to=("b@example.org",)))
    bodies = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    page(view, bodies["text/html"])
    shot(view, folder / "mail-html.png", 720)
    subject = html.escape(f"Subject: {mail['Subject']}\n\n{bodies['text/plain']}")
    page(view, f'<!doctype html><meta charset="utf-8"><pre style="white-space:pre-wrap">{subject}</pre>')
    shot(view, folder / "mail-text.png", 720)
    for name, words in {
        "hits": ("hits",),
        "incident": ("incident", hit.incident),
        "status": ("status",),
        "list": ("list",),
        "alerts": ("alerts", "status"),
    }.items():
        page(view, terminal(scene.home, *words))
        shot(view, folder / f"terminal-{name}.png", 760)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Draw the pictures of the README anew.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument(
        "--all", action="store_true", help="every page, the e-mail and the terminal, to look at"
    )
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shop-") as folder, browser() as view:
        scene = Scene(Path(folder))
        with served(scene.home) as (root, context):
            view.get(f"{root}/enter/{context.doorkeeper.link()}")
            view.get(f"{root}/incidents/{scene.hit.incident}")
            sizes = [shot(view, given.folder / "console.png", 1100, 1000)]
            if given.all:
                everything(view, scene, root, given.folder)
        page(view, slack(scene.alert))
        sizes.append(shot(view, given.folder / "alert.png", 760))
    print(f"{given.folder}: {sizes[0]} and {sizes[1]} bytes")
    return 0 if max(sizes) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
