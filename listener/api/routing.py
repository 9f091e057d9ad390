"""How a route is declared. The permission it needs is an argument without a default: none can be forgotten.

canaries = Resource("canaries", "Bait, and who it belongs to.")

@canaries.on("GET", "/canaries/<id:id_>", needs=Permission.CANARIES_READ, gives=CanaryShape)
def one(id_: str) -> ...
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask_smorest import Blueprint
from marshmallow import RAISE, Schema
from webargs.flaskparser import FlaskParser

from canaries.accounts.permissions import Permission
from listener.api.guard import Rule

JSON = "application/json"
View = TypeVar("View", bound=Callable[..., Any])


class _Parser(FlaskParser):
    """Bodies that Python itself refuses for another reason than their grammar are refused like any other."""

    def _raw_load_json(self, req: Any) -> Any:
        try:
            return super()._raw_load_json(req)
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise
        except ValueError:  # a number of more than 4300 digits
            raise json.JSONDecodeError("a number is too long", "number", 0) from None


class _Blueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    ARGUMENTS_PARSER = _Parser()


class Resource:
    """The routes of one file."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.blueprint = _Blueprint(name, name, description=description)

    def on(
        self,
        method: str,
        rule: str,
        *,
        needs: Permission | None,
        gives: type[Schema] | None = None,
        status: int = 200,
        takes: type[Schema] | str | None = None,
        asks: type[Schema] | None = None,
        headers: dict[str, str] | None = None,
        binary: str = "",
    ) -> Callable[[View], View]:
        """Declare a route. ``needs`` None: any valid token. ``takes``: the body's shape, or another media type;
        ``asks``: the query's. ``headers``: request headers with what they are for. ``binary``: media type of an answer
        that is no JSON. The view gets body, then query, then the path's parts by name.
        """

        def declare(view: View) -> View:
            media = takes if isinstance(takes, str) else JSON if takes else ""
            made: Any = view
            if gives is not None:
                made = self.blueprint.response(status, gives)(made)
            elif binary:
                shape = (
                    {"type": "string"}
                    if binary.startswith("text/")
                    else {"type": "string", "format": "binary"}
                )
                made = self.blueprint.response(status, shape, content_type=binary)(made)
            else:
                made = self.blueprint.response(status)(made)
            if asks is not None:
                made = self.blueprint.arguments(asks, location="query", unknown=RAISE)(made)
            if isinstance(takes, type):
                made = self.blueprint.arguments(takes, location="json")(made)
            parameters = [
                {"in": "header", "name": name, "description": why, "schema": {"type": "string"}}
                for name, why in (headers or {}).items()
            ]
            said: dict[str, Any] = {"parameters": parameters} if parameters else {}
            said["x-permission"] = needs.value if needs else "any token"
            if isinstance(takes, str):
                body = {"type": "string"} if "json" in takes else {"type": "string", "format": "binary"}
                said["requestBody"] = {"required": True, "content": {takes: {"schema": body}}}
            made = self.blueprint.doc(**said)(made)
            made.rule = Rule(needs, takes=media, conditional="If-Match" in (headers or {}))
            endpoint = f"{view.__name__}"
            self.blueprint.route(rule, methods=[method], endpoint=endpoint)(made)
            return view

        return declare
