"""The console as a WSGI application."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from canaries.accounts.approvals import NeedsApprovalError
from canaries.core import plugins, render
from canaries.core.errors import AccessError, LockedError, NotFoundError, StoreError, TraplineError
from canaries.core.safe_traceback import log_error
from listener.console import pages, permits, security, view
from listener.console.auth import Doorkeeper
from listener.console.pages import AppContext

if TYPE_CHECKING:
    from canaries.accounts.openid import OpenidProvider
    from canaries.installation.home import Home


def create_app(
    home: Home, *, host: str = "127.0.0.1", origin: str = "", doorkeeper: Doorkeeper | None = None
) -> Flask:
    """The console of ``home``, answering only requests for ``host`` (``127.0.0.1:40001``; as ``localhost`` too).

    ``origin``: how browsers name it, where the settings say so (``https://trapline.example.net``).

    ``app.extensions["trapline"]`` is the `AppContext`: its ``doorkeeper`` gives out links, its ``stop`` ends streams.
    Raises HomeError or StoreError at once where the vault or the database cannot be used.
    """
    _ = home.store, home.writer, home.operator_key  # opened here once, not by several threads at a time
    with contextlib.suppress(LockedError):  # pages that read what was caught say so, until it is unlocked
        _ = home.reader
    folder = render.folder() / "console"
    app = Flask("listener.console", template_folder=str(folder), static_folder=str(folder / "static"))
    context = AppContext(
        home, doorkeeper or Doorkeeper(), threading.Event(), openid=_openid(home), origin=origin
    )
    app.extensions["trapline"] = context
    view.install(app, home.clock)
    security.install(app, host, context.doorkeeper, home)
    areas = plugins.modules(pages.FOLDER)
    for area in areas:
        app.register_blueprint(area.page)
    app.jinja_env.globals["navigation"] = sorted(area.NAV for area in areas if hasattr(area, "NAV"))
    app.jinja_env.globals.update(may=permits.may, may_reach=permits.may_reach, who=permits.actor)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(TraplineError, _failed)
    app.register_error_handler(Exception, _broken)
    return app


def _openid(home: Home) -> OpenidProvider | None:
    """Raises MissingExtraError where the settings name a provider and its extra is not installed."""
    if not home.settings.openid.issuer:
        return None
    from canaries.accounts.openid import OpenidProvider

    return OpenidProvider(home.settings.openid)


def _refused(error: HTTPException) -> tuple[str, int] | Response:
    if error.code is None or error.response is not None:
        return error.get_response()
    page = "locked.html.j2" if error.code == 401 else "error.html.j2"
    return render_template(page, title=error.name, sentence=error.description or "", hint=""), error.code


def _broken(error: Exception) -> tuple[str, int]:
    """What nobody foresaw: where it was goes to the log, without the address and without values, which are hostile."""
    log_error(error)
    sentence = "This page failed; what went wrong is in the console's log"
    return render_template("error.html.j2", title="That did not work", sentence=sentence, hint=""), 500


def _failed(error: TraplineError) -> tuple[str, int]:
    refused = 403 if isinstance(error, AccessError) else 422
    status = 404 if isinstance(error, NotFoundError) else 503 if isinstance(error, StoreError) else refused
    status = 423 if isinstance(error, LockedError) else status  # RFC 4918, 11.3
    titles = {403: "Not allowed", 404: "Not found", 422: "That did not work", 423: "The vault is locked"}
    titles[503] = "The database cannot be used"
    if isinstance(error, NeedsApprovalError):
        titles[403] = "Asked for"
    return render_template(
        "error.html.j2", title=titles[status], sentence=error.sentence, hint=error.hint or ""
    ), status
