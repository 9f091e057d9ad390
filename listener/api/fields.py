"""What bodies and answers consist of: texts with a bound, ids, times. A field that is not named is refused."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from listener.api.paging import MOST, USUAL

ID = r"^[0-9a-f]{16}$"
INCIDENT = r"^[0-9a-f]{8,16}$"
LONG_ID = r"^[0-9a-f]{32}$"


class RequestBody(Schema):
    """Of a request: nothing but what is named, so that nobody sets what was not meant to be set."""

    class Meta:
        unknown = RAISE


def _storable(text: str) -> None:
    """No half of a surrogate pair and no NUL: neither can be stored."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValidationError("holds characters that no text has")


def _not_blank(text: str) -> None:
    """Something to read."""
    if not text.strip():
        raise ValidationError("is blank")


def words(limit: int, *, least: int = 0, **more: Any) -> fields.String:
    """A text of people, at most ``limit`` characters."""
    checks: list[Any] = [validate.Length(min=least, max=limit), _storable]
    return fields.String(validate=checks, **more)


def reason(**more: Any) -> fields.String:
    """Why it is done; kept in the ledger."""
    checks: list[Any] = [validate.Length(min=1, max=4000), _storable, _not_blank]
    return fields.String(
        validate=checks, required=True, metadata={"description": "Kept in the ledger."}, **more
    )


def named(pattern: str, **more: Any) -> fields.String:
    """A text of this form; the end is the end, not a line's end."""
    compiled = re.compile(pattern)

    def check(text: str) -> None:
        if not compiled.fullmatch(text) or text.endswith("\n"):
            raise ValidationError("is not of this form")

    metadata = {"pattern": pattern, **more.pop("metadata", {})}
    return fields.String(validate=check, metadata=metadata, **more)


def kind_name(**more: Any) -> fields.String:
    """Name of a kind of canary."""
    return named(r"^[a-z0-9][a-z0-9-]{0,47}$", **more)


class PageQuery(RequestBody):
    """Which page."""

    cursor = words(400, load_default="", metadata={"description": "`next` of the page before."})
    limit = fields.Integer(
        load_default=USUAL,
        validate=validate.Range(min=1, max=MOST),
        metadata={"description": "Items a page."},
    )


class ProblemShape(Schema):
    """RFC 9457."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    hint = fields.String()
    errors = fields.Raw()
    request = fields.String(metadata={"description": "Number of the request, also in X-Request-Id."})


def page_of(shape: type[Schema], name: str) -> type[Schema]:
    """A page of such items."""
    items = fields.List(fields.Nested(shape), required=True)
    following = fields.String(required=True, allow_none=True, metadata={"description": "Null: that was all."})
    return Schema.from_dict({"items": items, "next": following}, name=name)
