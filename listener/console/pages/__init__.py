"""The contract of a page area: one file in this folder with a Flask blueprint called ``page``.

Each of its views says by `listener.console.permits.needs` which permission an account needs for it.

An area shows itself in the navigation by ``NAV = (order, "Title", "endpoint")``; one without it is reached from others.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from canaries.accounts.challenges import Challenges
from canaries.core.errors import TraplineError
from listener.console.stream import Slots

if TYPE_CHECKING:
    from canaries.accounts.openid import OpenidProvider
    from canaries.installation.home import Home
    from listener.console.auth import Doorkeeper

FOLDER = __name__

MOST_WORDS = 4000
"""Characters of a note, a reason, an assessment."""


@dataclass(frozen=True, slots=True)
class AppContext:
    """What every page works with."""

    home: Home
    doorkeeper: Doorkeeper
    stop: threading.Event
    """Set when the console closes: streams end."""
    streams: Slots = field(default_factory=Slots)
    """Who follows the hits."""
    challenges: Challenges = field(default_factory=Challenges)
    """Of passkeys, and of what a provider answers."""
    openid: OpenidProvider | None = None
    """Who vouches for operators, where the settings name a provider."""
    origin: str = ""
    """``https://trapline.example.net``, of the settings; empty: scheme and host of the request."""


def app_context() -> AppContext:
    """The context of the running console; its home acts in the name of the account that asks."""
    found = cast("AppContext", current_app.extensions["trapline"])
    return replace(found, home=g.home) if "home" in g else found


def words(field: str, noun: str) -> str:
    """What the operator wrote into ``field``. Raises TraplineError where it is empty or too long."""
    text = request.form.get(field, "").replace("\r\n", "\n").strip()
    if not text:
        raise TraplineError(
            f"{noun} is missing", hint="go back and write a sentence: it is kept with your name"
        )
    if len(text) > MOST_WORDS:
        raise TraplineError(f"{noun} is longer than {MOST_WORDS} characters", hint="go back and shorten it")
    return text
