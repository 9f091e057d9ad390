"""A real Chromium without a screen, and what a person does in it: look, press, type, copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import steady
from tests.programs import require_any

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,900"
)
_NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
"""The provider's own pages would have a style sheet from elsewhere."""


@contextmanager
def opened(downloads: Path) -> Iterator[Any]:
    """A browser that reaches nothing but this machine; the folder of its downloads is its ``downloads``."""
    binary, driver = require_any("chromium"), require_any("chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in (*FLAGS.split(), _NOBODY_ELSE):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    browser.set_page_load_timeout(steady.PATIENCE)
    browser.downloads = downloads
    try:
        yield browser
    finally:
        browser.quit()


def look(browser: Any, width: int = 1280, scheme: str = "light") -> None:
    """At this width, in this colour scheme."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def by(browser: Any, css: str) -> list[Any]:
    return list(browser.find_elements("css selector", css))


def until(condition: Callable[[], Any]) -> Any:
    """What it gives, as soon as that is true: a page that is being replaced has no answer yet."""
    from selenium.common.exceptions import StaleElementReferenceException

    def asked() -> Any:
        try:
            return condition()
        except (StaleElementReferenceException, IndexError):
            return None

    return steady.until(asked)


def said(browser: Any, css: str, words: str) -> None:
    """Type into the one field that ``css`` names."""
    [field] = until(lambda: by(browser, css))
    field.clear()
    field.send_keys(words)


def press(browser: Any, css: str) -> None:
    [button] = until(lambda: by(browser, css))
    click(browser, button)


def called(browser: Any, words: str) -> Any:
    """The first link or button that a person finds by its words, or by how they begin."""
    shown = (one for one in by(browser, "main a, main button, nav a, summary") if one.is_displayed())
    return next((one for one in shown if one.text.startswith(words)), None)


def press_called(browser: Any, words: str) -> None:
    click(browser, until(lambda: called(browser, words)))


def click(browser: Any, element: Any) -> None:
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def copied(browser: Any, css: str) -> str:
    """What the clipboard holds after this button for copying."""
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
    press(browser, css)
    until(lambda: by(browser, css)[0].text == "Copied")
    return str(
        browser.execute_async_script("navigator.clipboard.readText().then(arguments[arguments.length - 1])")
    )
