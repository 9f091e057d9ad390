"""Signs of typesetters, and emphasis within a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "LaTeX": lambda data: (
        data[:7] + b"\\allowbreak " + data[7:].replace(b"-", b"{-}").replace(b"_", b"\\textunderscore{}")
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"LaTeX"}


@pytest.mark.parametrize(
    "written",
    [
        b"sk{-}proj\\mbox{-}Zk3\\_9aX\\allowbreak{}Q7vT",
        b"sk\\char`\\-proj\\symbol{45}Zk3\\textunderscore 9aXQ\\-7vT",
        b"\\fBsk\\(hyproj\\(hyZk\\fP3\\(ul9aX\\:Q7vT",
        b"\\&sk-proj\\f[B]-Zk3\\f[]_9aXQ7vT",
        b"sk-pr{zwsp}oj-Zk3_9aXQ7vT",
        b"sk-pr**oj**-Zk3_9aXQ7vT",
        b"sk-pr'''oj'''-Zk3_9aXQ7vT",
        b"sk-pr[b]oj[/b]-Zk3[color=red]_9aXQ7[/color]vT",
    ],
)
def test_typesetters(written: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"sk-proj-Zk3_9aXQ7vT" in texts(written)


def test_powers_and_docstrings_are_left_alone() -> None:
    written = b"x = a**2 + {**b} # '''c'''"
    layers = unwrap(written, DecodingBudget(USUAL, len(written)))
    assert not any("typesetting" in layer.way for layer in layers)
