"""For whom browsers make passkeys here: the host under which this console was opened, where that is a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from canaries.accounts import passkeys
from canaries.core.errors import TraplineError
from listener.console.pages import app_context

if TYPE_CHECKING:
    from canaries.accounts.passkeys import RelyingParty


def party() -> RelyingParty | None:
    """Of this request; None where browsers know no passkeys. Its host was checked by `listener.console.security`."""
    return passkeys.relying_party(app_context().origin or f"{request.scheme}://{request.host}")


def required() -> RelyingParty:
    """The same. Raises TraplineError."""
    found = party()
    if found is None:
        raise TraplineError(
            "browsers make passkeys for host names alone",
            hint="open the console under its name, or localhost",
        )
    return found


def elsewhere() -> str:
    """Where to open the console for passkeys: the same port as ``localhost``; empty where that is not needed."""
    if party() is not None or app_context().origin:
        return ""
    port = request.host.rpartition(":")[2]
    return f"{request.scheme}://localhost:{port}"
