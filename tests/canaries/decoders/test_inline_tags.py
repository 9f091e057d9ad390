"""Words with tags in them."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from canaries.decoders import USUAL, DecodingBudget, candidates, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "inline tags": lambda data: (
        b"<p>key: " + b"<b>".join(html.escape(part.decode()).encode() for part in halves(data)) + b"</b></p>"
    ),
    "runs of Word": lambda data: (
        b"<w:p><w:r><w:t>"
        + b'</w:t></w:r><w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">'.join(
            html.escape(part.decode()).encode() for part in halves(data)
        )
        + b"</w:t></w:r></w:p>"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"inline tags", "runs of Word"}


def halves(data: bytes) -> tuple[bytes, bytes]:
    return data[: len(data) // 2], data[len(data) // 2 :]


@pytest.mark.parametrize(
    "written",
    [
        b"<td>Zk39aXQ7<wbr>vT2mLw8R<wbr/>tYb4</td><td>x</td>",
        b"<k>Zk39aXQ7<!-- a note -->vT2mLw8RtYb4</k>",
        b"<k><![CDATA[Zk39aXQ7]]><![CDATA[vT2mLw8RtYb4]]></k><m>x</m>",
        b'<li>Zk39aXQ7<span class="a">vT2mLw8R</span>tYb4<li>x',
        b"<text:p>Zk39aXQ7<text:span text:style-name='T1'>vT2mLw8RtYb4</text:span></text:p><text:p>x</text:p>",
        b"<p>" + b"some words " * 900 + b" Zk39aXQ7<i>vT2mLw8R</i>tYb4 " + b"and others " * 900,
    ],
)
def test_a_word_is_whole_and_its_neighbour_apart(written: bytes) -> None:
    data = written
    layers = unwrap(data, DecodingBudget(USUAL, len(data)))
    assert b"Zk39aXQ7vT2mLw8RtYb4" in {one for layer in layers for one in candidates(layer)}


def test_cells_and_paragraphs_end_a_word(texts: Callable[[bytes], set[bytes]]) -> None:
    for tag in (b"td", b"p", b"w:p", b"br", b"name"):
        assert not any(b"Zk39aXQ7vT2mLw8R" in text for text in texts(b"Zk39aXQ7<%s>vT2mLw8R" % tag))
