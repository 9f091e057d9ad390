"""The document, and the API held against it by schemathesis."""

from __future__ import annotations

import re
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.listener.api.conftest import Desk, Story

schemathesis.serializer.alias("application/x-ndjson", "text/plain")


def test_the_document_is_openapi_3_1_and_names_every_permission(desk: Desk) -> None:
    found = desk.ask("", "GET", "/openapi.json").json
    assert found is not None
    assert found["openapi"] == "3.1.0"
    operations = [one for path in found["paths"].values() for one in path.values() if isinstance(one, dict)]
    assert len(operations) > 40
    assert all(one["x-permission"] and one["summary"] for one in operations)
    assert all("default" in one["responses"] for one in operations)


def test_the_page_shows_every_operation_and_needs_no_script(desk: Desk) -> None:
    page = desk.ask("", "GET", "/docs").text
    found = desk.ask("", "GET", "/openapi.json").json or {}
    count = sum(len([one for one in path if one != "parameters"]) for path in found["paths"].values())
    assert len(re.findall(r"<h3><code>(?:GET|POST|PATCH|DELETE) /", page)) == count
    assert "<script" not in page
    assert desk.ask("", "GET", "/docs.css").mimetype == "text/css"


def test_schemathesis_finds_no_failure(desk: Desk, story: Story) -> None:
    """A few requests of every operation, right and wrong ones, as an admin; what the document says must hold.

    Whether right data is always taken is not asked: that a kind exists and an id is somebody's no schema says.
    """
    schema = schemathesis.openapi.from_wsgi("/openapi.json", desk.app)
    schema.config.base_url = None
    headers = {"Authorization": f"Bearer {desk.token('admin')}"}
    seen = 0
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]

        @settings(
            max_examples=3,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy()
            | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
        )
        def hold(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        hold()
        seen += 1
    assert seen > 40
