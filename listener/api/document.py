"""The OpenAPI document, made from the routes, and a page that shows it. Both are open: they tell of no installation."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, render_template
from flask_smorest import Api

from listener.api.guard import Rule
from listener.api.problems import CONTENT

_INTRODUCTION = """Every request needs a token: `Authorization: Bearer TOKEN`. A token may do what its scopes name
and its account's role still allows. Refusals are problem details (RFC 9457).
Lists have cursors: pass `next` as `cursor`."""

CSS = """body{font:16px/1.5 system-ui,sans-serif;
max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;border:1px solid;padding:.5rem}
section{border-top:1px solid;padding:.5rem 0}"""


def spec_kwargs(mount: str) -> dict[str, Any]:
    """For the document's head."""
    return {
        "info": {"description": _INTRODUCTION, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": mount}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def install(app: Flask, made: Api) -> None:
    """``/openapi.json`` and ``/docs``."""

    def openapi() -> Response:
        """The OpenAPI document."""
        return Response(json.dumps(document(made)), content_type="application/json")

    def docs() -> str:
        """The same for people."""
        return render_template("document.html.j2", document=document(made), as_json=_pretty)

    def css() -> Response:
        return Response(CSS, content_type="text/css; charset=utf-8")

    for rule, view in (("/openapi.json", openapi), ("/docs", docs), ("/docs.css", css)):
        vars(view)["rule"] = Rule(None, open=True)
        app.add_url_rule(rule, view.__name__, view)


def document(made: Api) -> dict[str, Any]:
    """As it is handed out: refusals are of their own media type."""
    found: dict[str, Any] = made.spec.to_dict()
    refusal = {"$ref": "#/components/schemas/ProblemShape"}
    for path in found["paths"].values():
        for operation in path.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            answers = operation["responses"]
            for status in [one for one in answers if one == "default" or int(one) >= 400]:
                del answers[status]
            answers["default"] = {"description": "Refused.", "content": {CONTENT: {"schema": refusal}}}
    return found


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1)
