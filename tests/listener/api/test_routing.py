"""Declaring: a route without a permission cannot be written, and what it declares is what the guard reads."""

from __future__ import annotations

import pytest

from canaries.accounts.permissions import Permission
from listener.api.routing import Resource


def test_the_permission_is_no_option() -> None:
    with pytest.raises(TypeError, match="needs"):
        Resource("x", "").on("GET", "/x")  # type: ignore[call-arg]


def test_what_is_declared_is_said() -> None:
    from flask import Flask

    from listener.api.guard import rule_of

    resource = Resource("x", "")

    @resource.on(
        "POST", "/x/<string:id_>", needs=Permission.SCAN, takes="application/octet-stream", status=204
    )
    def look(id_: str) -> str:
        """Look."""
        return ""

    app = Flask("x")
    app.register_blueprint(resource.blueprint)
    declared = rule_of(app.view_functions["x.look"])
    assert declared is not None
    assert (declared.needs, declared.takes, declared.open) == (
        Permission.SCAN,
        "application/octet-stream",
        False,
    )
    assert look("a") == ""
