"""What happened is said by bait and facet; each sentence is true of what was seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from listener.facts import Use
from listener.facts._events import happened


@pytest.mark.parametrize(
    ("fields", "sort", "name"),
    [
        ({"facet": "secret"}, "http_library", "credential_presented"),
        ({"facet": "host", "trap": "dns"}, "none", "name_looked_up"),
        ({"facet": "url", "kind": "docx"}, "office", "document_opened"),
        ({"facet": "url", "kind": "pdf"}, "browser", "document_opened"),
        ({"facet": "url", "kind": "docx"}, "preview", "link_followed"),
        ({"facet": "url", "kind": "mail-pixel"}, "image_proxy", "mail_opened"),
        ({"facet": "url", "kind": "mail-pixel"}, "http_library", "link_followed"),
        ({"facet": "url", "kind": "url"}, "ai_agent", "assistant_asked"),
        ({"facet": "url", "kind": "windows-folder"}, "none", "folder_opened"),
        ({"facet": "email", "trap": "smtp"}, "none", "mail_received"),
        ({"facet": "email", "trap": "http"}, "browser", "address_used"),
        ({"facet": "url", "kind": "url"}, "browser", "link_followed"),
    ],
)
def test_events(use: Callable[..., Use], fields: dict[str, str], sort: str, name: str) -> None:
    event = happened(use(**fields), {"client": {"sort": sort}})
    assert event.name == name
    assert event.sentence.endswith(".")
    assert "accident" not in event.sentence


def test_what_left_in_an_export_is_no_use_and_says_what_it_does_not_show(use: Callable[..., Use]) -> None:
    fields = {"facet": "email", "trap": "sensors"}
    given = happened(use(**fields, observed={"event": "export"}), {})
    used = happened(use(**fields, observed={"event": "login"}), {})
    assert (given.name, used.name) == ("record_given_out", "used_inside")
    assert "does not show where the export went" in given.limit
    assert used.limit.startswith("It does not show who used the client")
    assert happened(use(facet="secret"), {}).limit == ""
