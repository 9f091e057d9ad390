"""How a snippet joins a text file: nothing that was there is touched, and formats that would break are refused."""

from __future__ import annotations

import codecs
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.plant.files.join import join

SNIPPET = "SMS_URL=https://k3v9.example.net\nSMS_KEY=SK0123456789abcdef\n"


@pytest.mark.parametrize(
    ("before", "added"),
    [
        (b"", b"A=1\nB=2\n"),
        (b"X=0\n", b"A=1\nB=2\n"),
        (b"X=0", b"\nA=1\nB=2"),
        (b"X=0\r\nY=0\r\n", b"A=1\r\nB=2\r\n"),
        (b"X=0\r\nY=0", b"\r\nA=1\r\nB=2"),
        (codecs.BOM_UTF8 + b"X=0\n", b"A=1\nB=2\n"),
        (codecs.BOM_UTF16_LE + "X=0\r\n".encode("utf-16-le"), "A=1\r\nB=2\r\n".encode("utf-16-le")),
        (codecs.BOM_UTF16_BE + "X=0".encode("utf-16-be"), "\nA=1\nB=2".encode("utf-16-be")),
        (b"caf\xe9=1\n", b"A=1\nB=2\n"),
    ],
    ids=["empty", "lf", "no newline", "crlf", "crlf, no newline", "bom", "utf-16 le", "utf-16 be", "latin-1"],
)
def test_encoding_line_endings_and_last_newline_are_kept(before: bytes, added: bytes) -> None:
    assert join(".env", before, "A=1\nB=2\n").added == added


def test_a_mark_is_not_written_twice() -> None:
    joined = join("notes.txt", codecs.BOM_UTF8 + b"x\n", "bait\n")
    assert codecs.BOM_UTF8 not in joined.added


def test_a_file_that_is_not_utf8_takes_no_letters_it_might_not_have() -> None:
    with pytest.raises(PlantError, match="cannot hold"):
        join("notes.txt", b"caf\xe9\n", "clé=1\n")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("package.json", b"{}"),
        ("settings", b'{"a": [1, 2]}\n'),
        ("list", b"[1]"),
        ("web.config", b"<?xml version='1.0'?><a/>"),
        ("page", b"<!DOCTYPE html><p>"),
        ("people.csv", b"name,mail\n"),
        ("image", b"\x89PNG\r\n\0\0"),
        ("old.gz", b"\x1f\x8b\x08"),
        ("broken", codecs.BOM_UTF16_LE + b"\x00\xd8"),
        ("run", b"do this \\\n"),
    ],
)
def test_what_an_appended_line_would_break_is_refused_with_a_hint(name: str, content: bytes) -> None:
    with pytest.raises(PlantError) as caught:
        join(name, content, SNIPPET)
    assert caught.value.hint


def test_a_line_that_would_override_the_one_in_use_becomes_a_comment() -> None:
    joined = join(".env", b"SMS_KEY=the-real-one\n", SNIPPET)
    assert joined.added == b"# SMS_URL=https://k3v9.example.net\n# SMS_KEY=SK0123456789abcdef\n"
    assert "SMS_KEY" in joined.manner
    assert joined.assigns == ()


def test_what_is_no_assignment_is_a_comment_in_an_env_file() -> None:
    assert join(".env.local", b"A=1\n", '{"name": "Mara"}\n').added == b'# {"name": "Mara"}\n'
    assert join("notes.txt", b"A=1\n", '{"name": "Mara"}\n').added == b'{"name": "Mara"}\n'


def test_new_variables_are_named() -> None:
    assert join(".env", b"OTHER=1\n", SNIPPET).assigns == ("SMS_URL", "SMS_KEY")


@pytest.mark.parametrize(
    ("name", "mark"),
    [("deploy.yaml", "# "), ("main.py", "# "), ("app.js", "// "), ("dump.sql", "-- "), ("Dockerfile", "# ")],
)
def test_code_takes_comments_only(name: str, mark: str) -> None:
    added = join(name, b"x: 1\n", SNIPPET).added.decode()
    assert all(line.startswith(mark) for line in added.splitlines())


def test_toml_takes_what_leaves_every_table_as_it_was() -> None:
    before = b"[a]\nx = 1\n"
    joined = join("conf.toml", before, '[b]\nkey = "v"\n')
    assert joined.manner == "as it is"
    assert tomllib.loads((before + joined.added).decode()) == {"a": {"x": 1}, "b": {"key": "v"}}


@pytest.mark.parametrize("snippet", ["KEY=unquoted\n", "y = 2\n", "[a]\ny = 2\n"])
def test_toml_takes_comments_where_a_table_would_change(snippet: str) -> None:
    before = b"[a]\nx = 1\n"
    joined = join("conf.toml", before, snippet)
    assert tomllib.loads((before + joined.added).decode()) == {"a": {"x": 1}}


def test_a_profile_joins_a_credentials_file_unless_it_has_that_profile() -> None:
    before = b"[default]\naws_access_key_id = REAL\n"
    assert join("credentials", before, "[backup]\naws_access_key_id = BAIT\n").manner == "as it is"
    assert join("credentials", before, "[default]\naws_access_key_id = BAIT\n").added.startswith(
        b"# [default]"
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\\"), max_size=200)


@given(
    text=TEXT,
    form=st.sampled_from([("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE)]),
    name=st.sampled_from([".env", "notes.txt", "a.yaml", "b.ini", "c.toml", "d.sql", "README"]),
)
def test_what_is_appended_comes_off_again_and_holds_the_whole_snippet(
    text: str, form: tuple[str, bytes], name: str
) -> None:
    encoding, mark = form
    before = mark + text.encode(encoding)
    try:
        joined = join(name, before, SNIPPET)
    except PlantError:
        return
    after = before + joined.added
    assert after.decode(encoding).startswith((mark + text.encode(encoding)).decode(encoding))
    lines = joined.added.decode(joined.encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for wanted in SNIPPET.splitlines():
        assert any(line.endswith(wanted) for line in lines)


@given(st.binary(max_size=300))
def test_any_bytes_are_joined_or_refused(before: bytes) -> None:
    try:
        joined = join("thing", before, SNIPPET)
    except PlantError:
        return
    assert b"SK0123456789abcdef" in joined.added.replace(b"\0", b"")
