"""Views: what was put between is gone, and every byte knows where it stood."""

from __future__ import annotations

import base64
import quopri

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.presence import Presence
from canaries.scan.views import views

NEEDLE = b"wJ/lrXUt+nFEMI@K7MDE-Zk39aXQ7vT2mLw8R"


def seen(content: bytes, needle: bytes = NEEDLE) -> list[int]:
    """Places in ``content`` at which a view shows ``needle``."""
    return [
        view.place(view.content.index(needle))
        for view in views(content, Presence(content))
        if needle in view.content
    ]


FORMS = {
    "utf-16": ("a " + NEEDLE.decode()).encode("utf-16-le"),
    "percent twice": b"q=" + NEEDLE.replace(b"/", b"%252F").replace(b"@", b"%2540"),
    "html": b"<p>" + NEEDLE.replace(b"@", b"&#64;").replace(b"/", b"&#x2F;"),
    "json": b'{"a":"' + NEEDLE.replace(b"/", b"\\/").replace(b"@", b"\\u0040"),
    "full width": b"x " + NEEDLE.decode().translate({n: n + 0xFEE0 for n in range(0x30, 0x7B)}).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_shown_plain(form: str) -> None:
    content = FORMS[form]
    places = seen(content)
    assert places
    assert places[0] == 4 if form == "utf-16" else places[0] in (2, 3, 6)


def test_wrapped_base64_is_joined() -> None:
    encoded = base64.encodebytes(b"x" * 50 + NEEDLE + b"y" * 50)
    inner = base64.b64encode(b"x" * 50 + NEEDLE)[66:116]
    assert inner not in encoded
    (place,) = seen(b"From: a\n\n" + encoded, inner)
    assert (b"From: a\n\n" + encoded)[place : place + 5] == inner[:5]


def test_soft_line_breaks_are_joined() -> None:
    content = quopri.encodestring(b"a" * 60 + NEEDLE + b"\n")
    assert NEEDLE not in content
    assert seen(content)


def test_plain_text_is_looked_at_once() -> None:
    content = b"id,name\n1,anna meyer\n" * 100
    assert len(list(views(content, Presence(content)))) == 1


@given(st.binary(max_size=400))
def test_every_place_is_one_of_the_original(content: bytes) -> None:
    for view in views(content, Presence(content)):
        for place in range(0, len(view.content), 7):
            assert 0 <= view.place(place) < len(content)


@given(
    st.lists(
        st.sampled_from(
            [b"%25", b"40", b"&#64;", b"\\/", b"=\n", b"\0", b"ab", b"\xef\xbc\xa1", b"&;", b"\\u0"]
        )
    )
)
def test_what_no_escape_changed_stands_where_it_stood(parts: list[bytes]) -> None:
    content = b"".join(parts) + b"~end"
    for view in views(content, Presence(content)):
        assert view.content.endswith(b"~end")
        assert content[view.place(len(view.content) - 4) :] == b"~end"


PIECES = [
    (b"%41", b"A"),
    (b"%2541", b"A"),
    (b"%25252f", b"/"),
    (b"%25", b"%"),
    (b"&amp;", b"&"),
    (b"&#x2F;", b"/"),
    (b"\\u00e9", "é".encode()),
    (b"\\/", b"/"),
    (b"\xef\xbc\xa1", b"A"),
    (b"\xc2\xad", b""),
    (b"\xe2\x80\x8b", b""),
    (b"~plain~", b"~plain~"),
    (b"\n", b"\n"),
]
"""As it stands in a file, and in the view without escapes."""


@given(st.lists(st.sampled_from(PIECES)))
def test_every_byte_of_the_view_without_escapes_is_what_stands_at_its_place(
    pieces: list[tuple[bytes, bytes]],
) -> None:
    written = b"|".join(source for source, _ in pieces)
    escaped = [view for view in views(written, Presence(written)) if view.name == "escaped"]
    if not escaped:
        assert all(source == text for source, text in pieces)
        return
    (view,) = escaped
    assert view.content == b"|".join(text for _, text in pieces)
    # where each piece begins in the view, and in what was written
    shown = np.cumsum([0, *(len(text) + 1 for _, text in pieces)])[: len(pieces)]
    stands = np.cumsum([0, *(len(source) + 1 for source, _ in pieces)])[: len(pieces)]
    filled = [number for number, (_, text) in enumerate(pieces) if text]
    assert view.places(shown[filled]).tolist() == stands[filled].tolist()
    assert view.places(shown[1:] - 1).tolist() == (stands[1:] - 1).tolist()


@given(
    content=st.lists(
        st.sampled_from(rb"\|/|u|x|'|0|40|0040|64|?| |%|25|&|#|;|amp|=|<|>|b|]]>|TJ|) -1 (".split(b"|")),
        max_size=40,
    ).map(b"".join)
)
def test_any_mixture_of_escapes_is_survived(content: bytes) -> None:
    assert next(view.name for view in views(content, Presence(content))) == ""


JOINED = {
    "vCard": b"EMAIL;TYPE=INTERNET;X-A=some-long-parameter-of-it:" + NEEDLE[:20] + b"\r\n " + NEEDLE[20:],
    "two runs of a document": b"<w:r><w:t>"
    + NEEDLE[:9]
    + b'</w:t></w:r><w:r w:rsid="00"><w:t>'
    + NEEDLE[9:]
    + b"</w:t></w:r>",
    "CDATA": b"<a><![CDATA[" + NEEDLE[:9] + b"]]><![CDATA[" + NEEDLE[9:] + b"]]></a>",
    "kerning": b"BT [(" + NEEDLE[:9] + b") -12.5 (" + NEEDLE[9:] + b")] TJ ET",
    "soft hyphen": NEEDLE[:9] + b"\xc2\xad" + NEEDLE[9:],
    "zero width": NEEDLE[:9] + b"\xe2\x80\x8b" + NEEDLE[9:],
    "octal": b"".join(b"\\%03o" % code for code in NEEDLE),
    "CSS": b"".join(b"\\%x " % code for code in NEEDLE),
    "RTF": b"".join(b"\\'%02x" % code for code in NEEDLE),
    "RTF, unicode": b"".join(b"\\u%d?" % code for code in NEEDLE),
    "JSON in JSON": NEEDLE.replace(b"@", b"\\\\u0040").replace(b"/", b"\\\\/"),
    "references without an end": b"".join(b"&#%d" % code for code in NEEDLE),
    "quoted-printable without breaks": b"".join(b"=%02X" % code for code in NEEDLE),
}


@pytest.mark.parametrize("form", JOINED)
def test_what_was_parted_is_joined(form: str) -> None:
    assert NEEDLE not in JOINED[form]
    assert seen(b"before " + JOINED[form] + b" after\n")


SOME = (
    *(
        b"a",
        b"=\n",
        b"=41=42",
        b"=43=44",
        b"%41",
        b"%2541",
        b"&#65;",
        b"&amp;",
        b"\\u0041",
        b"\\\\x41",
        b"\\/",
    ),
    *(b"\\", b"\xef\xbc\xa1", b"\xc2\xad", b"\xe2\x80\x8b", b"a" * 60 + b"\n ", b"b" * 55 + b"\r\n\t", b"\n"),
    *(b"<b>", b"</b>", b"<![CDATA[", b"]]>", b"<", b"(ab) -20 (cd)", b"]TJ"),
)


@given(st.lists(st.sampled_from(SOME), max_size=20).map(b"".join))
def test_it_is_the_same_whether_much_or_little_is_replaced(content: bytes) -> None:
    filler = b" " + b"x" * 40 * len(content)
    much = {view.name: view.content for view in views(content + b" ", Presence(content + b" "))}
    little = {view.name: view.content for view in views(content + filler, Presence(content + filler))}
    assert little == {name: shown + filler[1:] for name, shown in much.items()}


@pytest.mark.parametrize(("content", "shown"), [(b"a=41=42=43=44b", True), (b"a=41=42=43b=44", False)])
def test_several_escapes_in_a_row_are_quoted_printable(content: bytes, shown: bool) -> None:
    assert any(view.name == "soft" for view in views(content, Presence(content))) is shown
