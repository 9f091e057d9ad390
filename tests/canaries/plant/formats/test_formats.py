"""Bait in a hundred everyday files: an entry of the file's own, and everything that was there as it was."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from collections import Counter
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.core.errors import PlantError
from canaries.core.model import Bait, Token, Value
from canaries.plant.files.splicing import digest, pieces, without
from canaries.plant.formats import FileFormat, Wish, compose, known, unchanged
from canaries.plant.formats._names import LABELS
from canaries.plant.formats._text import document
from canaries.plant.formats._values import values_of
from tests.canaries.plant.formats import readers
from tests.canaries.plant.formats.forms import Form, bait, forms, planted
from tests.every import every

TAKEN = [form for form in forms() if not form.refused]
REFUSED = [form for form in forms() if form.refused]


def label(form: Form) -> str:
    return f"{form.path}-{form.kind}"


def test_there_are_a_hundred_of_them() -> None:
    assert len(TAKEN) >= 100


@every("form", TAKEN, label)
def test_every_old_byte_stays(form: Form) -> None:
    composed, after = planted(form.path, form.raw, form.kind)
    made = pieces(form.raw, composed.splices)
    assert made
    assert without(after, made, digest(after)) == form.raw


@every("form", TAKEN, label)
def test_it_comes_out_exactly_after_others_have_edited_elsewhere(form: Form) -> None:
    composed, after = planted(form.path, form.raw, form.kind)
    made = pieces(form.raw, composed.splices)
    for edit in (
        lambda raw: b"first\n" + raw,
        lambda raw: raw + b"last\n",
        lambda raw: b"a\n" + raw + b"z\n",
    ):
        assert without(edit(after), made, digest(after)) == edit(form.raw)


@every("form", TAKEN, label)
def test_what_was_edited_in_the_bait_itself_is_left_alone(form: Form) -> None:
    composed, after = planted(form.path, form.raw, form.kind)
    made = pieces(form.raw, composed.splices)
    longest = max(made, key=lambda one: len(one.added))
    middle = longest.at + len(longest.added) // 2
    with pytest.raises(PlantError, match="bait"):
        without(after[:middle] + b"edited" + after[middle:], made, digest(after))


@pytest.mark.parametrize("name", dict.fromkeys(name for form in TAKEN for name in form.readers))
def test_real_readers_find_every_old_value_and_do_by_themselves_what_they_did(
    name: str, tmp_path: Path
) -> None:
    reader = readers.reader(name)
    lost = []
    for number, form in enumerate(form for form in TAKEN if name in form.readers):
        path = tmp_path / str(number) / form.path
        path.parent.mkdir(parents=True)
        path.write_bytes(form.raw)
        before = reader(path)
        assert before
        composed, after = planted(form.path, form.raw, form.kind)
        path.write_bytes(after)
        if readers.kept(before, reader(path)) != {}:
            lost.append((label(form), composed.said))
    assert lost == []


@every("form", REFUSED, label)
def test_what_is_not_understood_or_acted_upon_is_refused_with_what_can_be_done(form: Form) -> None:
    with pytest.raises(PlantError) as refused:
        planted(form.path, form.raw, form.kind)
    assert refused.value.hint
    assert not any(token.value in refused.value.sentence for token in bait(form.kind).tokens)


def test_a_file_that_is_broken_is_refused() -> None:
    broken = {
        "a.json": "{",
        "a.yml": "a: [",
        "a.toml": "a =",
        "a.xml": "<a>",
        "a.ini": "?? no",
        ".env": "what is this",
        "a.py": "x = (",
        ".pgpass": "a:b",
        "a.tf": "locals {",
        "a.ipynb": "{}",
    }
    for name, text in broken.items():
        with pytest.raises(PlantError, match="as it stands"):
            planted(name, text.encode(), "stripe-key")


@every("form", TAKEN, label)
def test_what_goes_in_follows_the_files_line_ends(form: Form) -> None:
    text = form.raw.replace(b"\r\n", b"\n")
    if form.path.endswith((".ipynb",)) or (b"\\\n" in text and form.format in ("hash_comments",)):
        return
    plain = planted(form.path, text, form.kind)[1]
    dos = planted(form.path, text.replace(b"\n", b"\r\n"), form.kind)[1]
    assert dos == plain.replace(b"\n", b"\r\n")


@every("form", [form for form in TAKEN if form.format not in ("crontab",)], label)
def test_a_file_without_a_final_newline_stays_one(form: Form) -> None:
    text = form.raw.rstrip(b"\r\n")
    after = planted(form.path, text, form.kind)[1]
    assert not after.endswith(b"\n")


@every("form", TAKEN, label)
def test_a_token_that_accuses_is_in_it(form: Form) -> None:
    composed, _ = planted(form.path, form.raw, form.kind)
    text = composed.added
    for word in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            text += base64.b64decode(word + "=" * (-len(word) % 4)).decode("latin-1")
        except ValueError:
            continue
    strong = [token.value for token in bait(form.kind).tokens if not token.weak]
    strong += [token.value for _, part in bait(form.kind).parts for token in part.tokens if not token.weak]
    assert any(value in text for value in strong)


def test_no_two_copies_need_the_same_word() -> None:
    names = {planted(".env", b"A=1\n", "stripe-key", seed=seed)[0].said for seed in range(40)}
    assert len(names) >= 6


def test_planting_again_beside_itself_takes_another_name() -> None:
    raw = b"A=1\n"
    for seed in range(4):
        opened = document(PurePath(".env"), raw)
        composed = compose(opened, bait("stripe-key", seed + 1), "stripe-key", chance=random.Random(1))
        raw = raw[: composed.splices[0].at] + composed.splices[0].added + raw[composed.splices[0].at :]
    keys = re.findall(rb"^(\w+)=", raw, re.MULTILINE)
    assert len(keys) == len(set(keys)) == 13


def test_formats_are_named_once_and_say_what_they_are() -> None:
    every = known()
    assert not [name for name, count in Counter(one.name for one in every).items() if count > 1]
    assert all(one.title for one in every)
    assert [one.rank for one in every] == sorted(one.rank for one in every)


@every("one", known(), lambda one: one.name)
def test_each_format_has_its_collection(one: FileFormat) -> None:
    assert forms(one.name.replace("-", "_"))


def test_an_override_of_the_format_is_taken_at_its_word() -> None:
    composed, _ = planted("strange.name", b"A=1\n", "stripe-key", name="dotenv")
    assert composed.format == "dotenv"
    with pytest.raises(PlantError, match="no file format"):
        planted("strange.name", b"A=1\n", "stripe-key", name="cobol")


def test_order_is_part_of_what_a_file_says() -> None:
    assert unchanged({("a",): 1, ("b",): 2}, {("a",): 1, ("c",): 0, ("b",): 2})
    assert not unchanged({("a",): 1, ("b",): 2}, {("b",): 2, ("a",): 1})
    assert not unchanged({("a",): 1}, {("a",): 2})
    assert not unchanged({("a",): 1}, {})


def test_the_same_chance_gives_the_same_plan() -> None:
    for form in TAKEN:
        first, second = (planted(form.path, form.raw, form.kind)[1] for _ in range(2))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


@pytest.mark.parametrize("one", known(), ids=lambda one: one.name)
@given(text=st.text(alphabet="aA1_ \t\n\"'`=:#;[]{}()<>/\\$%&|*!?,.-~@+\xe9\u2028\0", max_size=80))
def test_any_text_is_read_or_refused_with_a_reason(one: FileFormat, text: str) -> None:
    reason = "read"
    try:
        one.read(text)
    except ValueError as error:
        reason = str(error)
    assert reason


@given(
    form=st.sampled_from(TAKEN),
    cut=st.tuples(st.floats(0, 1), st.integers(0, 12)),
    added=st.text(alphabet="\"'`=:#[]{}()<>\\\n\t $*&!%@,x1", max_size=6),
)
def test_a_damaged_file_is_planted_into_without_harm_or_refused(
    form: Form, cut: tuple[float, int], added: str
) -> None:
    text = form.raw.decode().replace("\r\n", "\n")
    at = int(cut[0] * len(text))
    damaged = (text[:at] + added + text[at + cut[1] :]).encode()
    try:
        composed, after = planted(form.path, damaged, form.kind)
    except PlantError:
        return
    assert without(after, pieces(damaged, composed.splices), digest(after)) == damaged


def test_an_entry_in_which_nothing_accuses_is_not_planted() -> None:
    silent = Bait((Token("secret", "s3cret-x1y2"),), "", values=(Value("ACME_KEY", "secret", "other"),))
    with pytest.raises(PlantError, match="no place"):
        compose(document(PurePath(".env"), b"A=1\n"), silent, "acme", chance=random.Random(1))


@every("word", LABELS, str)
def test_no_name_has_the_same_word_twice(word: str) -> None:
    wish = Wish(values_of("mysql", bait("mysql")), False, LABELS)
    assert wish.free(lambda label: f"{word}_{label}", ()) != f"{word}_{word}"
