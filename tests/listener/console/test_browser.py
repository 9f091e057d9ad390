"""The console in a real browser: the link, live hits, hostile text, the policy, a download."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest

from canaries.accounts import accounts, passwords
from canaries.core.model import Canary
from canaries.installation.home import Home
from canaries.mint import catalogue
from listener.console import server
from listener.console.app import create_app
from listener.console.auth import COOKIE
from listener.incidents import queries
from listener.notify import rules
from tests import openid_provider, steady
from tests.accounts import PASSWORD, member
from tests.chromium import by, copied, look, opened, press, said, until
from tests.every import in_part_and_whole

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e<svg/onload=alert(3)> \"'><b id=owned>"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One for all tests; its downloads are in ``downloads``."""
    with opened(tmp_path_factory.mktemp("downloads")) as found:
        yield found


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """As if it had just been opened: no cookie, nothing said, a wide window, the light scheme."""
    chromium.get("about:blank")
    chromium.execute_cdp_cmd("Network.clearBrowserCookies", {})
    chromium.get_log("browser")
    look(chromium)
    yield chromium
    chromium.get("about:blank")  # its streams end


@pytest.fixture
def served(home: Home) -> Iterator[Any]:
    with serving(home) as found:
        yield found


@contextmanager
def serving(home: Home) -> Iterator[Any]:
    """Where the console answers, and its context."""
    with server.bind("127.0.0.1:0") as listening:
        app = create_app(home, host=server.name(listening))
        app_context = app.extensions["trapline"]
        thread = threading.Thread(target=server.serve, args=(app, listening, app_context.stop))
        thread.start()
        try:
            yield f"http://{server.name(listening)}", app_context
        finally:
            app_context.stop.set()
            thread.join(steady.PATIENCE)


def enter(browser: Any, root: str, desk: Any) -> None:
    browser.get(f"{root}/enter/{desk.doorkeeper.link()}")
    until(lambda: browser.current_url == f"{root}/health")
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
    until(lambda: by(browser, "#live[data-state=live]"))
    browser.execute_script("document.body.dataset.same = 'yes'")
    assert by(browser, "#no-hits")
    hit = visit(canary, agent=HOSTILE)
    row = until(lambda: by(browser, f"#hit-{hit}"))[0]
    assert browser.execute_script("return document.body.dataset.same") == "yes"  # no reload
    assert not by(browser, "#no-hits")
    assert "198.51.100.7 port 40001" in row.text
    assert canary.memo in row.text
    quiet(browser)
    row.find_element("css selector", "a").click()
    until(lambda: browser.current_url == f"{root}/hits/{hit}")
    said(browser, "#raw-reason", "to see its headers")
    press(browser, "form[action$=raw] button")
    until(lambda: by(browser, "pre.raw"))
    assert "User-Agent: " + HOSTILE.replace("\u202e", "\\u202e") in by(browser, "pre.raw")[0].text
    quiet(browser)


def test_a_stream_resumes_and_shows_no_hit_twice(
    browser: Any, served: Any, canary: Canary, visit: Callable[..., str]
) -> None:
    root, app_context = served
    made = [visit(canary), visit(canary)]
    enter(browser, root, app_context)
    until(lambda: by(browser, "#live[data-state=live]"))
    made.append(visit(canary))
    until(lambda: by(browser, f"#hit-{made[2]}"))
    made.append(visit(canary))  # one more: what the resumed stream sends twice comes before it
    until(lambda: by(browser, f"#hit-{made[3]}"))
    rows = [row.get_attribute("id") for row in by(browser, "#hits tr")]
    assert rows == [f"hit-{hit}" for hit in reversed(made)]
    assert by(browser, "#live")[0].text == "live · 2 new"


def test_from_a_place_to_a_dossier(browser: Any, served: Any, home: Home, visit: Callable[..., str]) -> None:
    """Mint, copy, test-fire, see it arrive; then a real use: see it live, acknowledge, assess, take the dossier."""
    root, app_context = served
    enter(browser, root, app_context)
    press(browser, "nav a[href='/mint']")
    press(browser, "a[href='/mint/page']")
    press(browser, "a[href='/mint/page/url']")
    said(browser, "#memo", HOSTILE)
    press(browser, "form[action='/mint/page/url'] button")
    until(lambda: "/minted/" in browser.current_url)
    id_ = browser.current_url.partition("/minted/")[2][:16]
    canary = catalogue.find(home, id_)
    press(browser, "form[action*='/bait'] button")
    assert copied(browser, "button[data-copy='#bait']").strip() == canary.text.strip()
    press(browser, "form[action*='/test'] button")
    until(lambda: by(browser, "#live[data-state=live]"))
    assert by(browser, "#live")[0].text == "waiting for it…"
    first = visit(canary, agent="curl/8.5.0", ip="192.0.2.50")
    until(lambda: by(browser, f"#hit-{first}"))
    assert by(browser, "#live")[0].text == "It arrived: this canary works."
    quiet(browser)
    with home.store.read() as connection:
        [rule] = rules.load(connection, home, home.now())
    rules.remove(home, rule.id, "tested")

    browser.get(f"{root}/health")
    assert not by(browser, "#news")[0].is_displayed()
    second = visit(canary, agent=HOSTILE, ip="203.0.113.9")
    until(lambda: by(browser, "#news")[0].text.startswith("1 hit new"))
    incident = queries.one(home, second).incident
    browser.get(f"{root}/incidents/{incident}")
    press(browser, "#acknowledge")
    until(lambda: "Acknowledged" in by(browser, ".duty header")[0].text)
    said(browser, "#text", "<b id=owned>written by hand</b>")
    press(browser, "form[action$=notes] button")
    until(lambda: by(browser, ".note .words"))
    assert "<b id=owned>written by hand</b>" in [one.text for one in by(browser, ".note .words")]
    browser.execute_script(
        "document.querySelector('form[action$=assessments]').closest('details').open = true"
    )
    said(browser, "#statement", HOSTILE)
    for name, value in (("likelihood", "likely"), ("confidence", "low")):
        press(browser, f"#{name} option[value={value}]")
    said(browser, "#because", "one hit")
    press(browser, "form[action$=assessments] button")
    until(lambda: by(browser, ".judgement"))
    quiet(browser)
    said(browser, "#why", "for counsel")
    press(browser, "form[action$=dossier] button")
    path = browser.downloads / f"dossier-{incident}.zip"
    until(path.is_file)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    quiet(browser)


def test_signing_in_by_passkey(browser: Any, served: Any, home: Home) -> None:
    """A virtual authenticator makes a passkey for localhost; it alone signs in, and without it nobody does."""
    from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

    root, _ = served
    named = root.replace("127.0.0.1", "localhost")
    cookie = member(home, "pat", "planter").sign_in().cookie
    browser.get(f"{root}/sign-in")
    press(browser, "a[href*='//localhost']")
    until(lambda: browser.current_url == f"{named}/sign-in")
    options = VirtualAuthenticatorOptions(
        protocol=VirtualAuthenticatorOptions.Protocol.CTAP2,
        transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
        has_resident_key=True,
        has_user_verification=True,
        is_user_verified=True,
    )
    browser.add_virtual_authenticator(options)
    try:
        browser.add_cookie({"name": COOKIE, "value": cookie, "httpOnly": True, "sameSite": "Strict"})
        browser.get(f"{named}/you")
        said(browser, "#passkey-name", HOSTILE[:40])
        press(browser, "form[data-passkey=create] button")
        until(lambda: by(browser, "form[action$=remove]"))
        assert HOSTILE[:40] in by(browser, "table[aria-label=Passkeys]")[0].text
        quiet(browser)
        press(browser, "form.leave button")
        until(lambda: by(browser, "a[href='/sign-in']"))
        browser.get(f"{named}/sign-in")
        press(browser, "form[data-passkey=get] button")
        until(lambda: browser.current_url == f"{named}/canaries")
        assert "Sign out pat" in by(browser, "form.leave")[0].text
        quiet(browser)
        browser.delete_all_cookies()
        browser.remove_all_credentials()
        browser.get(f"{named}/sign-in")
        press(browser, "form[data-passkey=get] button")
        problem = until(lambda: [one for one in by(browser, "[data-problem]") if one.is_displayed()])
        assert problem[0].text == "The browser gave no passkey."
    finally:
        browser.remove_virtual_authenticator()


AXE = files("axe_core_python").joinpath("axe.min.js")
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"], ...arguments[0]}).then(
  found => done(found.violations.map(one => {
    const node = one.nodes[0];
    return [one.id, one.impact, node.target.join(" "), node.failureSummary];
  })),
  error => done([["error", String(error), "", ""]]));
"""
_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1400, "light", {}),
    (390, "dark", _COLOURS),
    (390, "light", {}),
)
"""Width, scheme of colours, and which rules are asked there."""
WIDER = """
return [document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("main *")]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(one).overflowX))
  .filter(one => !one.matches(".picture[tabindex]"))
  .map(one => one.outerHTML.slice(0, 200))]
"""
"""Pictures alone may be wider than a phone, for their letters' sake; the keyboard scrolls them too."""
LETTERS = """
return [...document.querySelectorAll(".picture text")].map(one => one.getBoundingClientRect().height)
"""


def test_signing_in_with_password_and_code(browser: Any, served: Any, home: Home) -> None:
    """An invitation taken up in the browser, signing in, seeing what the role may see, signing out."""
    root, _ = served
    _, code = accounts.add(home, "pat", "planter")
    browser.get(f"{root}/invitation/{code}")
    [field] = by(browser, "input[name=secret]")
    secret = bytes.fromhex(field.get_attribute("value"))
    step = int(home.clock.now().timestamp()) // passwords.STEP
    for css, words in (
        ("#password", PASSWORD),
        ("#again", PASSWORD),
        ("#code", passwords.code_at(secret, step)),
    ):
        said(browser, css, words)
    press(browser, "main form button")
    until(lambda: browser.current_url == f"{root}/sign-in")
    for number, given in enumerate((passwords.code_at(secret, step), passwords.code_at(secret, step + 1))):
        for css, words in (("#name", "pat"), ("#password", PASSWORD), ("#code", given)):
            said(browser, css, words)
        press(browser, "main form button")
        if not number:
            until(lambda: by(browser, "[role=alert]"))
            assert "is wrong" in by(browser, "[role=alert]")[0].text, "a code is used once"
            browser.get_log("browser")  # Chromium names the 401
    until(lambda: by(browser, "form.leave"))
    until(lambda: browser.current_url == f"{root}/canaries")
    assert [one.text for one in by(browser, "nav[aria-label=Pages] a")] == [
        "Mint",
        "Canaries",
        "Placements",
        "You",
    ]
    quiet(browser)
    browser.get(f"{root}/hits")
    assert by(browser, "h1")[0].text == "Not allowed"
    press(browser, "form.leave button")
    until(lambda: by(browser, "a[href='/sign-in']"))
    browser.get(f"{root}/canaries")
    assert by(browser, "h1")[0].text == "This console is locked"
    browser.get_log("browser")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider uses what is to go from Authlib
def test_signing_in_by_a_provider(browser: Any, home: Home) -> None:
    """From the sign-in page to the provider, which asks who it is, and back into the console with a session of one's
    own; who has no role there is told so, and stays outside."""
    with openid_provider.running() as issuer:
        openid_provider.trust(home, issuer)
        openid_provider.person(issuer, "1001", preferred_username="Ana", groups=["staff"])
        openid_provider.person(issuer, "1002", preferred_username="<b id=owned>", groups=["others"])
        with serving(home) as (root, _):
            sent_to_the_provider(browser, root, issuer, "1002")
            until(lambda: by(browser, "[role=alert]"))
            assert "The provider gives you no role here." in by(browser, "[role=alert]")[0].text
            assert not by(browser, "form.leave, #owned")
            browser.get_log(
                "browser"
            )  # Chromium names the 401, and the style sheet that the provider did not get
            sent_to_the_provider(browser, root, issuer, "1001")
            until(lambda: browser.current_url == f"{root}/health")
            assert "Sign out ana" in by(browser, "form.leave")[0].text
            cookie = browser.get_cookie(COOKIE)
            assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
            browser.get(f"{root}/accounts")
            assert by(browser, "h1")[0].text == "Not allowed", "an analyst, as the claim says"
            press(browser, "form.leave button")
            until(lambda: by(browser, "a[href='/sign-in']"))
            assert accounts.find(home, "ana").role == "analyst"
            assert [one.name for one in accounts.listing(home)] == ["ana"]
            browser.get_log("browser")


def sent_to_the_provider(browser: Any, root: str, issuer: str, subject: str) -> None:
    """By the button of the sign-in page; there ``subject`` is typed."""
    browser.get(f"{root}/sign-in")
    press(browser, "a[href='/sign-in/openid']")
    until(lambda: browser.current_url.startswith(issuer))
    said(browser, "input[name=sub]", f"{subject}\n")


@in_part_and_whole
def test_no_page_is_hostile_to_anybody(
    whole: bool, browser: Any, served: Any, home: Home, scene: list[str]
) -> None:
    """Each page at two widths and in both colour schemes, over data in which whatever can be hostile is: no rule of
    axe-core is broken (in part: each page in one of the looks), nothing was blocked or ran, nothing scrolls sideways.
    """
    root, app_context = served
    enter(browser, root, app_context)
    source, found, backgrounds = AXE.read_text(encoding="utf-8"), {}, set()
    _, code = accounts.add(home, "new", "planter")
    for number, path in enumerate((*scene, "/sign-in", f"/invitation/{code}")):
        browser.get(root + path)
        assert by(browser, "h1")
        if path != "/nowhere":
            quiet(browser)
            assert by(browser, "nav a[aria-current]") or path.startswith(("/sign-in", "/invitation")), path
        browser.get_log("browser")
        browser.execute_script(
            "for (const one of document.querySelectorAll('details:not([name])')) one.open = true"
        )
        browser.execute_script(source)
        for at, (width, scheme, rules_) in enumerate(LOOKS):
            look(browser, width, scheme)
            wide, *inner = browser.execute_script(WIDER)
            assert wide <= 0, f"{path} scrolls sideways at {width}"
            assert not inner, f"{path} has a part that scrolls sideways at {width}: {inner}"
            assert all(height > 8 for height in browser.execute_script(LETTERS)), f"{path} at {width}"
            backgrounds.add(browser.execute_script("return getComputedStyle(document.body).backgroundColor"))
            if not whole and at != number % len(LOOKS):
                continue
            for rule, impact, where, why in browser.execute_async_script(RUN, rules_):
                found[f"{path} {width} {scheme}: {rule} ({impact}) at {where}"] = why
    assert not found
    assert len(backgrounds) == 2


def test_an_inline_script_would_be_stopped(browser: Any, served: Any) -> None:
    """The policy's own control: what `quiet` looks for does show up when something is blocked."""
    root, app_context = served
    enter(browser, root, app_context)
    blocked = browser.execute_script(
        "try { document.body.innerHTML = '<b id=owned>'; return false } catch (error) { return error.name }"
    )
    assert blocked == "TypeError"  # Trusted Types
    assert any("Trusted" in line["message"] for line in browser.get_log("browser"))
