"""Places and the kinds that suit them: every kind has a place, every place has kinds."""

from __future__ import annotations

import pytest

from canaries.core.errors import NotFoundError
from canaries.mint.suiting import PLACES, every_kind, place, suiting


def test_every_kind_is_found_at_some_place() -> None:
    found = {kind.name for name in PLACES for kind in suiting(name)}
    assert found == {kind.name for kind in every_kind()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(
            ("repository", "git-remote"),
            ("config", "stripe-key"),
            ("database", "user"),
            ("laptop", "ssh-key"),
        ),
        *(("share", "xlsx"), ("document", "docx"), ("list", "email-address"), ("page", "url"), ("ci", "jwt")),
        ("paper", "qr"),
    ],
)
def test_a_place_offers_what_lies_there(name: str, kind: str) -> None:
    names = [one.name for one in suiting(name)]
    assert (kind in names) == (kind != "jwt")
    assert 0 < len(names) < len(every_kind())


def test_a_place_that_there_is_not() -> None:
    with pytest.raises(NotFoundError, match="no sort of place"):
        place("moon")
