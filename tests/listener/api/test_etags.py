"""If-Match: asked for, compared, and told of nothing but what may be edited."""

from __future__ import annotations

import pytest
from flask import Flask

from listener.api import etags
from listener.api.problems import ApiError


def test_the_state_that_was_seen_is_asked_for() -> None:
    tag = etags.tag_of({"memo": "a"})
    assert tag != etags.tag_of({"memo": "b"})
    app = Flask("x")
    for sent, status in (
        (None, 428),
        ('"another"', 412),
        (f'"{tag}x"', 412),
        (f'W/"{tag}"', 412),
        (f'"{tag}"', 0),
        ("*", 0),
    ):
        with app.test_request_context(headers={"If-Match": sent} if sent else {}):
            if not status:
                etags.require_match(tag)
                continue
            with pytest.raises(ApiError) as refused:
                etags.require_match(tag)
            assert refused.value.status == status
    assert etags.headers(tag) == {"ETag": f'"{tag}"'}
