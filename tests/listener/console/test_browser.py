"""The console in a real browser: the link, live hits, hostile text, the policy, a download."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from canaries.core.model import Canary
from canaries.installation.home import Home
from listener.console import server
from listener.console.app import create_app
from listener.incidents import queries
from tests import steady
from tests.programs import require_any

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,900"
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e<svg/onload=alert(3)> \"'><b id=owned>"


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    chromium, driver = require_any("chromium"), require_any("chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(tmp_path / "downloads")})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    opened.set_page_load_timeout(30)
    try:
        yield opened
    finally:
        opened.quit()


@pytest.fixture
def served(home: Home) -> Iterator[Any]:
    with server.bind("127.0.0.1:0") as listening:
        app = create_app(home, host=server.name(listening))
        app_context = app.extensions["trapline"]
        thread = threading.Thread(target=server.serve, args=(app, listening, app_context.stop))
        thread.start()
        try:
            yield f"http://{server.name(listening)}", app_context
        finally:
            app_context.stop.set()
            thread.join(10)


def by(browser: Any, css: str) -> list[Any]:
    return list(browser.find_elements("css selector", css))


def enter(browser: Any, root: str, desk: Any) -> None:
    browser.get(f"{root}/enter/{desk.doorkeeper.link()}")
    steady.until(lambda: browser.current_url == f"{root}/health")
    browser.get(f"{root}/hits")


def quiet(browser: Any) -> None:
    """Nothing was blocked, nothing ran, nothing popped up."""
    assert browser.get_log("browser") == []
    assert not by(browser, "#owned, td img, td svg, td script, dd img, pre img, pre script")


def test_a_hit_appears_by_itself_and_its_text_stays_text(
    browser: Any, served: Any, canary: Canary, visit: Callable[..., str]
) -> None:
    root, app_context = served
    enter(browser, root, app_context)
    steady.until(lambda: by(browser, "#live[data-state=live]"))
    browser.execute_script("document.body.dataset.same = 'yes'")
    assert by(browser, "#no-hits")
    hit = visit(canary, agent=HOSTILE)
    row = steady.until(lambda: by(browser, f"#hit-{hit}"))[0]
    assert browser.execute_script("return document.body.dataset.same") == "yes"  # no reload
    assert not by(browser, "#no-hits")
    assert "198.51.100.7 port 40001" in row.text
    assert canary.memo in row.text
    quiet(browser)
    row.find_element("css selector", "a").click()
    steady.until(lambda: browser.current_url == f"{root}/hits/{hit}")
    assert "User-Agent: " + HOSTILE.replace("\u202e", "\\u202e") in by(browser, "pre.raw")[0].text
    quiet(browser)


def test_a_stream_resumes_and_shows_no_hit_twice(
    browser: Any, served: Any, canary: Canary, visit: Callable[..., str]
) -> None:
    root, app_context = served
    made = [visit(canary), visit(canary)]
    enter(browser, root, app_context)
    steady.until(lambda: by(browser, "#live[data-state=live]"))
    made.append(visit(canary))
    steady.until(lambda: by(browser, f"#hit-{made[2]}"))
    made.append(visit(canary))  # one more: what the resumed stream sends twice comes before it
    steady.until(lambda: by(browser, f"#hit-{made[3]}"))
    rows = [row.get_attribute("id") for row in by(browser, "#hits tr")]
    assert rows == [f"hit-{hit}" for hit in reversed(made)]
    assert by(browser, "#live")[0].text == "live · 2 new"


def test_the_incident_takes_a_hostile_note_and_gives_its_dossier(
    browser: Any, served: Any, home: Home, canary: Canary, visit: Callable[..., str], tmp_path: Path
) -> None:
    root, app_context = served
    incident = queries.one(home, visit(canary, agent=HOSTILE)).incident
    enter(browser, root, app_context)
    browser.get(f"{root}/incidents/{incident}")
    by(browser, "#text")[0].send_keys("<b id=owned>written by hand</b>")
    by(browser, "form[action$=notes] button")[0].click()
    note = steady.until(lambda: by(browser, ".note .words"))[0]
    assert note.text == "<b id=owned>written by hand</b>"
    quiet(browser)
    by(browser, "#why")[0].send_keys("for counsel")
    by(browser, "form[action$=dossier] button")[0].click()
    path = tmp_path / "downloads" / f"dossier-{incident}.zip"
    steady.until(path.is_file)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    quiet(browser)


def test_every_page_passes_the_policy_in_both_colour_schemes(
    browser: Any, served: Any, home: Home, canary: Canary, visit: Callable[..., str]
) -> None:
    root, app_context = served
    hit = queries.one(home, visit(canary, agent=HOSTILE))
    enter(browser, root, app_context)
    backgrounds = set()
    for scheme in ("light", "dark"):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        for path in (
            *("/hits", f"/hits/{hit.id}", "/incidents", f"/incidents/{hit.incident}"),
            *("/canaries", f"/canaries/{canary.id}", "/placements"),
        ):
            browser.get(root + path)
            assert by(browser, "h1")
            assert by(browser, "nav a[aria-current]")
            wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} scrolls sideways"
            quiet(browser)
        backgrounds.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert len(backgrounds) == 2


AXE = files("axe_core_python").joinpath("axe.min.js")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  found => done(found.violations.map(one => {
    const node = one.nodes[0];
    return [one.id, one.impact, node.target.join(" "), node.failureSummary];
  })),
  error => done([["error", String(error), "", ""]]));
"""


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_on_any_page(
    browser: Any, served: Any, home: Home, scene: list[str], width: int
) -> None:
    """Every rule of axe-core, in both colour schemes, over data in which whatever can be hostile is."""
    root, app_context = served
    enter(browser, root, app_context)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    source, found = AXE.read_text(encoding="utf-8"), {}
    for path in ["/health", *scene]:
        for scheme in ("light", "dark"):
            feature = {"name": "prefers-color-scheme", "value": scheme}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
            if scheme == "light":
                browser.get(root + path)
                browser.execute_script(source)
                wide = browser.execute_script("return document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, f"{path} scrolls sideways"
            for rule, impact, where, why in browser.execute_async_script(RUN):
                found[f"{path} {scheme}: {rule} ({impact}) at {where}"] = why
    assert not found


def test_an_inline_script_would_be_stopped(browser: Any, served: Any) -> None:
    """The policy's own control: what `quiet` looks for does show up when something is blocked."""
    root, app_context = served
    enter(browser, root, app_context)
    blocked = browser.execute_script(
        "try { document.body.innerHTML = '<b id=owned>'; return false } catch (error) { return error.name }"
    )
    assert blocked == "TypeError"  # Trusted Types
    assert any("Trusted" in line["message"] for line in browser.get_log("browser"))
