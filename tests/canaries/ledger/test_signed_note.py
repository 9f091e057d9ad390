"""C2SP signed-note and tlog-checkpoint, against published examples, against openssl, against tampering."""

from __future__ import annotations

import base64
import contextlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from canaries.ledger import signed_note
from canaries.ledger.signed_note import (
    Checkpoint,
    NoteError,
    compact,
    mend,
    open_checkpoint,
    sign_checkpoint,
    verifier,
)
from tests import steady
from tests.programs import needs

# The worked example of the specification (c2sp.org/signed-note).
SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example of the reference implementation, with its private key (golang.org/x/mod/sumdb/note).
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = GO_TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG = signed_note.verifier("log.example/one", KEY)


def test_the_published_examples_verify() -> None:
    assert (
        signed_note.verify(SPEC_NOTE, [signed_note.Verifier.parse(SPEC_VKEY)])
        == "This is an example message.\n"
    )
    assert signed_note.verify(GO_NOTE, [signed_note.Verifier.parse(GO_VKEY)]) == GO_TEXT


def test_signing_gives_the_published_note_byte_for_byte() -> None:
    key = Ed25519PrivateKey.from_private_bytes(GO_SEED)
    assert signed_note.sign(GO_TEXT, "PeterNeumann", key) == GO_NOTE
    assert str(signed_note.verifier("PeterNeumann", key)) == GO_VKEY


def test_every_flipped_bit_of_a_note_is_noticed() -> None:
    trusted = [signed_note.Verifier.parse(SPEC_VKEY)]
    data = SPEC_NOTE.encode()
    for place in range(len(data) * 8):
        changed = bytearray(data)
        changed[place // 8] ^= 1 << place % 8
        try:
            note = changed.decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises(signed_note.NoteError):
            signed_note.verify(note, trusted)


def test_unknown_keys_are_ignored_and_a_failing_known_key_rejects() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    note = signed_note.sign("text\n", "log.example/one", KEY)
    signature = signed_note.sign("text\n", "witness.example", stranger).rpartition("\n\n")[2]
    assert signed_note.verify(note + signature, [LOG]) == "text\n"
    wrong = signed_note.sign("other\n", "log.example/one", KEY).rpartition("\n\n")[2]
    with pytest.raises(signed_note.NoteError, match="does not fit"):
        signed_note.verify(note + wrong, [LOG])
    with pytest.raises(signed_note.NoteError, match="no trusted key"):
        signed_note.verify(note, [signed_note.verifier("log.example/one", stranger)])


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "", "return\r\n"])
def test_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(signed_note.NoteError):
        signed_note.sign(text, "log.example/one", KEY)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b"])
def test_names_that_are_no_key_names_are_refused(name: str) -> None:
    with pytest.raises(signed_note.NoteError):
        signed_note.sign("text\n", name, KEY)


@pytest.mark.parametrize(
    "vkey",
    [
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ],
)
def test_a_mangled_vkey_is_refused(vkey: str) -> None:
    with pytest.raises(signed_note.NoteError):
        signed_note.Verifier.parse(vkey)


def test_a_checkpoint_goes_there_and_back() -> None:
    checkpoint = signed_note.Checkpoint("log.example/one", 7, bytes(range(32)))
    note = signed_note.sign_checkpoint(checkpoint, KEY)
    assert signed_note.open_checkpoint(note, LOG) == checkpoint
    assert note == signed_note.sign_checkpoint(checkpoint, KEY)


@pytest.mark.parametrize("size", ["07", "-1", "+1", "1 ", "", "0x1", "\u0661"])
def test_a_checkpoint_size_has_one_spelling(size: str) -> None:
    root = base64.b64encode(bytes(32)).decode()
    with pytest.raises(signed_note.NoteError):
        signed_note.Checkpoint.parse(f"log.example/one\n{size}\n{root}\n")


def test_a_checkpoint_of_another_log_is_refused() -> None:
    note = signed_note.sign(
        signed_note.Checkpoint("log.example/two", 1, bytes(32)).text, "log.example/one", KEY
    )
    with pytest.raises(signed_note.NoteError, match="another log"):
        signed_note.open_checkpoint(note, LOG)


@pytest.mark.parametrize(
    "line", ["— other", "- other AAAAAAA=", "— other AAAAAAA= more", "— o+ther AAAAAAA=", "— other AAAAAA=="]
)
def test_one_malformed_line_among_good_ones_is_refused(line: str) -> None:
    good = signed_note.sign("text\n", "log.example/one", KEY)
    assert signed_note.verify(good + "— other AAAAAAA=\n", [LOG]) == "text\n"
    with pytest.raises(signed_note.NoteError, match="a signature line is malformed"):
        signed_note.verify(f"{good}{line}\n", [LOG])


@given(st.text())
def test_rubbish_is_refused_and_nothing_else_happens(note: str) -> None:
    with pytest.raises(signed_note.NoteError):
        signed_note.verify(note, [LOG])
    with pytest.raises(signed_note.NoteError):
        signed_note.Verifier.parse(note)


@needs("openssl")
def test_stock_openssl_agrees(tmp_path: Path) -> None:
    text, _, line = signed_note.sign("checked elsewhere\n", "log.example/one", KEY).rpartition("\n\n")
    (tmp_path / "text").write_text(text + "\n", "utf-8")
    (tmp_path / "signature").write_bytes(base64.b64decode(line.split(" ")[2])[4:])
    public = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key.pem").write_bytes(public)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "text"]
    done = subprocess.run([*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_checkpoint_in_one_line_is_the_note_again() -> None:
    key = Ed25519PrivateKey.from_private_bytes(steady.key("one line"))
    checkpoint = Checkpoint("trapline/log/0", 26, bytes(32))
    note = sign_checkpoint(checkpoint, key)
    line = compact(note)
    assert "\n" not in line
    assert mend(f"Subject: hit\n\n> Checkpoint: {line}  \n> more words\n".encode()) == note
    assert open_checkpoint(mend(line.encode()), verifier("trapline/log/0", key)) == checkpoint


@given(st.integers(0, 250), st.sampled_from(["\n", "\r\n", "\n> ", " "]))
def test_a_break_anywhere_in_root_or_signature_does_no_harm(place: int, broken: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(steady.key("one line"))
    note = sign_checkpoint(Checkpoint("trapline/log/0", 26, bytes(32)), key)
    line = compact(note)
    start = line.index("=") - 43
    at = start + place % (len(line) - start)
    assert mend(f"{line[:at]}{broken}{line[at:]}\n".encode()) == note


@given(st.text(max_size=300))
def test_rubbish_is_no_checkpoint(text: str) -> None:
    with contextlib.suppress(NoteError):
        mend(text.encode())


def test_a_text_without_a_signature_is_not_mended() -> None:
    with pytest.raises(NoteError, match="no signature line"):
        mend(b"trapline/log/0\n9\n" + b"x" * 44 + b"\n")


@pytest.mark.parametrize(
    "lines", [[], ["", "3", "{root}"], ["a", "3", "{root}", "more"], ["a", "3", "{root}", "", ""]]
)
def test_a_checkpoint_is_an_origin_a_size_and_a_root(lines: list[str]) -> None:
    root = base64.b64encode(bytes(32)).decode()
    assert signed_note.Checkpoint.parse(f"a\n3\n{root}\n").size == 3
    with pytest.raises(signed_note.NoteError, match="expected origin, size and root"):
        signed_note.Checkpoint.parse("".join(f"{line}\n" for line in lines).replace("{root}", root))
