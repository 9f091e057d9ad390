"""The document, and the API held against it by schemathesis."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from canaries.accounts import accounts, tokens
from listener.api.application import MOUNT
from tests.every import in_part_and_whole
from tests.listener.api.conftest import Desk, Story


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


QUICK = settings(
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _id_of(path: str, desk: Desk, story: Story) -> str:
    """Of something that is there."""
    found = {
        "canaries": story.own,
        "placements": story.own_place,
        "hits": story.hit,
        "incidents": story.incident,
    }
    if "tokens" in path:
        return tokens.create(desk.home, accounts.find(desk.home, "second"), "to revoke")[0].id
    return {**found, "ledger": story.entry}.get(path.split("/")[1], "0123456789abcdef")


@in_part_and_whole
def test_schemathesis_finds_no_failure(whole: bool, desk: Desk, story: Story) -> None:
    """A request of every operation or a few, right and wrong ones, as an admin; what the document says must hold.

    Whether right data is always taken is not asked: that a kind exists and an id is somebody's no schema says.
    """
    import schemathesis

    schemathesis.serializer.alias("application/x-ndjson", "text/plain")
    mounted = DispatcherMiddleware(NotFound(), {MOUNT: desk.app})  # where the document says that it is
    schema = schemathesis.openapi.from_wsgi(f"{MOUNT}/openapi.json", mounted)
    headers = {"Authorization": f"Bearer {desk.token('admin')}"}
    seen: Counter[str] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]

        ids = {
            "id_": _id_of(operation.path, desk, story),
            "name": "ops" if "channels" in operation.path else "second",
        }
        _hold(operation, ids, headers, seen, 2 if whole else 1)
    assert seen["2"] > (60 if whole else 30), f"it hardly came as far as an answer: {seen}"


def _hold(
    operation: Any, ids: dict[str, str], headers: dict[str, str], seen: Counter[str], count: int
) -> None:
    """So many right requests about what is there, and as many wrong ones."""
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    def ask(case: Any, known: dict[str, str]) -> None:
        case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        answer = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        seen[f"{answer.status_code // 100}"] += 1

    @settings(QUICK, max_examples=count)
    @given(case=operation.as_strategy())
    def right(case: Any) -> None:
        ask(case, ids)

    @settings(QUICK, max_examples=count)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def wrong(case: Any) -> None:
        ask(case, {})

    right()
    wrong()
