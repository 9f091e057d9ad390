"""The words of a row end where the row does, in whatever form a table stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.words import words, words_beside

MARK = b"4155550134"
ROWS = {
    "CSV": b'1,theirs,theirs,+1 555 000 0000\n2,mine,"mine, and more",%b,a text\n3,theirs,x,y\n',
    "CSV with semicolons": b"theirs;x;y\nmine;%b;mine\ntheirs;x;y\n",
    "columns of psql": b" theirs | x | y\n mine   | %b | z\n theirs | x | y\n",
    "psql, expanded": b"a | theirs\n\na | mine\nb | %b\n\na | theirs\n",
    "JSON": b'[{"a": "theirs", "b": 1}, {"a": "mine", "b": {"c": "%b"}, "d": "mine"}, {"a": "theirs"}]',
    "JSON with indents": b'[\n {\n  "a": "theirs"\n },\n {\n  "a": "mine",\n  "b": "%b",\n  "d": "mine"\n }\n]',
    "JSON lines, short": b'{"a": "theirs"}\n{"a": "mine", "b": "%b"}\n{"a": "theirs"}\n',
    "SQL": b"INSERT INTO t VALUES (1,'theirs','x'),(2,'mine','%b','mine'),(3,'theirs','x');",
    "LDIF": b"cn: theirs\n\ncn: mine\ntel: %b\nsn: mine\n\ncn: theirs\n",
    "YAML": b"- a: theirs\n- a: mine\n  b: %b\n  c: mine\n- a: theirs\n",
    "vCard": b"FN:theirs\nEND:VCARD\nBEGIN:VCARD\nFN:mine\nTEL;TYPE=a,b:;;%b;;\nN:mine\nEND:VCARD\nFN:theirs\n",
    "a letter": b"mine\nTel. %b\nmine, and, or so, yours\n\ntheirs\n",
    "XML": b"<row><a>theirs</a></row>\n<row><a>mine</a>\n<b>%b</b>\n</row><row><a>theirs</a></row>",
    "HTML": b"<tr><td>theirs</td></tr><tr><td>mine</td><td>%b</td></tr><tr><td>theirs</td></tr>",
}


@pytest.mark.parametrize("name", ROWS)
def test_only_those_of_the_row_are_beside(name: str) -> None:
    content = ROWS[name] % MARK
    start = content.index(MARK)
    beside = words_beside(content, start, start + len(MARK))
    assert b"mine" in beside
    assert b"theirs" not in beside
    assert MARK not in beside


def test_a_mailbox_has_no_words() -> None:
    content = (
        b"anna.berg+x@mail.example.org "
        + MARK
        + b" <bea.berg@example.org>, Bea anna_berg7 anna.be, St. Ives."
    )
    start = content.index(MARK)
    assert words_beside(content, start, start + len(MARK)) == [b"bea", b"st", b"ives"]


def test_words_are_of_letters_and_digits_in_any_encoding() -> None:
    said = "O'Neill-Żak, Jörg".encode()
    assert words(said) == [b"o", b"neill", "Żak".encode(), "jörg".encode()]
    assert words("Jörg".encode("cp1252")) == [b"j\xf6rg"]


@given(st.binary(max_size=600), st.binary(max_size=600))
def test_whatever_stands_there_it_is_near(left: bytes, right: bytes) -> None:
    beside = words_beside(left + MARK + right, len(left), len(left) + len(MARK))
    around = left[-256:].lower() + b" " + right[:256].lower()
    assert all(word in around for word in beside)
