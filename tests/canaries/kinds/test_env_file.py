"""The .env with several canaries."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from canaries.core.errors import MintError, NotFoundError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_it_carries_its_parts_and_a_tracking_url(mint: Mint, base_url: str) -> None:
    bait = mint("env-file", base_url=base_url)
    assert [kind for kind, _ in bait.parts] == ["sms-gateway", "stripe-key", "openai-key", "postgres-url"]
    assert bait.files[0].path == ".env"
    assert bait.files[0].content.decode() == bait.text
    assert bait.files[0].mode == 0o600
    assert re.search(rf"^[A-Z_]+_URL={re.escape(bait.row['url'])}$", bait.text, re.MULTILINE)


def test_every_line_is_a_setting_a_comment_or_empty(mint: Mint) -> None:
    for number in range(100):
        text = mint("env-file", number=number).text
        names = []
        for line in text.splitlines():
            found = re.fullmatch(r"([A-Z][A-Z0-9_]*)=\S+|#.+|", line)
            assert found, line
            names += [found[1]] if found[1] else []
        assert len(set(names)) == len(names), "a name stands once"
        assert "\n\n\n" not in text
        assert "{" not in text


def test_no_two_look_alike(mint: Mint) -> None:
    """Order, headings and harmless settings all differ: there is no skeleton to search for."""
    texts = [mint("env-file", number=number).text for number in range(60)]
    skeletons = {tuple(re.findall(r"^([A-Z_]+)=|^(#.*)", text, re.MULTILINE)) for text in texts}
    assert len(skeletons) == 60
    assert len({text.splitlines()[0] for text in texts}) > 25
    comments = [set(re.findall(r"^#.*", text, re.MULTILINE)) for text in texts]
    assert sum(map(len, comments)) > 60 * 3
    assert not set.intersection(*comments)


def test_the_parts_are_made_from_streams_of_their_own(mint: Mint) -> None:
    bait = mint("env-file")
    sites = [part.tokens[-1].value for _, part in bait.parts]
    assert len({*sites, bait.tokens[0].value}) == 5


def test_the_parts_can_be_chosen(mint: Mint) -> None:
    bait = mint("env-file", {"parts": ("github-token",)})
    assert [kind for kind, _ in bait.parts] == ["github-token"]
    assert "GITHUB_TOKEN=ghp_" in bait.text
    assert "TWILIO" not in bait.text


def test_it_may_carry_none(mint: Mint) -> None:
    assert mint("env-file", {"parts": ()}).parts == ()


@pytest.mark.parametrize("parts", [("user",), ("aws-key",), ("env-file",), ("openai-key", "openai-key")])
def test_what_cannot_stand_in_an_env_is_refused(mint: Mint, parts: tuple[str, ...]) -> None:
    with pytest.raises(MintError):
        mint("env-file", {"parts": parts})


def test_an_unknown_part_is_refused(mint: Mint) -> None:
    with pytest.raises(NotFoundError, match="no kind"):
        mint("env-file", {"parts": ("nonsense",)})
