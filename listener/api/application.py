"""The API as a WSGI application, mounted under ``/api/v1`` by `listener.serve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from canaries import __version__
from canaries.core import plugins, render
from canaries.core.errors import TraplineError
from listener.api import document, guard, problems, routes
from listener.api.fields import ProblemShape
from listener.api.guard import ApiContext
from listener.api.jobs import JobBoard
from listener.api.problems import ApiError
from listener.api.rates import RateLimiter

if TYPE_CHECKING:
    from canaries.installation.home import Home

MOUNT = "/api/v1"


class _Api(Api):  # type: ignore[misc]  # flask-smorest has no types
    """With this API's shape of refusals in the document."""

    ERROR_SCHEMA = ProblemShape


def create_api(home: Home, *, limiter: RateLimiter | None = None) -> Flask:
    """The API of ``home``. ``app.extensions["trapline-api"]`` is its `ApiContext`; close its ``jobs`` at the end."""
    _ = home.store, home.reader, home.writer  # opened here once, not by several threads at a time
    app = Flask("listener.api", template_folder=str(render.folder() / "api"), static_folder=None)
    app.config.update(
        API_TITLE="Trapline",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        PROPAGATE_EXCEPTIONS=False,
        MAX_CONTENT_LENGTH=guard.MOST_BODY,
    )
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.url_map.merge_slashes = (
        False  # a redirect would repeat the Host that somebody sent, and is no problem
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["trapline-api"] = ApiContext(home, JobBoard(home), limiter or RateLimiter())
    guard.install(app)
    made = _Api(app, spec_kwargs=document.spec_kwargs(MOUNT))
    # behind flask-smorest, so that these answer and not its own
    app.register_error_handler(ApiError, problems.of_problem)
    app.register_error_handler(HTTPException, problems.of_http)
    app.register_error_handler(TraplineError, problems.of_trapline)
    app.register_error_handler(RecursionError, problems.of_depth)
    app.register_error_handler(Exception, problems.of_anything)
    for module in plugins.modules(routes.FOLDER):
        made.register_blueprint(module.resource.blueprint)
    document.install(app, made)
    return app
