"""Words of a name: the stronger sort first, and a legal form says nothing."""

from __future__ import annotations

import pytest

from listener.network_data.organisations import sort_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("United States Department of Defense (DoD)", "military"),
        ("Army Medical University", "military"),
        ("U.S. House of Representatives", "government"),
        ("Bundesministerium des Innern", "government"),
        ("Rijksuniversiteit Groningen", "education"),
        ("Stanford University", "education"),
        ("Verizon Wireless", "mobile"),
        ("Cable & Wireless Panama", "broadband"),
        ("Starlink", "satellite"),
        ("Proofpoint, Inc.", "mail_gateway"),
        ("Hetzner Online GmbH", "hosting"),
        ("Example Inc.", ""),
        ("", ""),
        ("x" * 100_000, ""),
    ],
)
def test_words(name: str, kind: str) -> None:
    found, words = sort_of(name)
    assert found == kind
    assert bool(words) == bool(kind)
