"""Sensors' keys: who signed is known, and nothing else passes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.sensors.keys import RefusedReportError, decoded, new_key, read_keys, signature, signer_of

KEYS = {"web": b"a" * 64, "mail": b"b" * 64}


def test_who_signed_is_told() -> None:
    for name, key in KEYS.items():
        assert signer_of(KEYS, signature(name, key, "/report", b"{}"), "/report", b"{}") == name


def test_the_signature_is_what_any_language_makes() -> None:
    """``printf '/report\\n{}' | openssl dgst -sha256 -hmac KEY``."""
    assert signature("web", b"key", "/report", b"{}") == (
        "Sensor web:e9463a8cb25d0b24112ed658ad373d0f2ec8c1bb640c85d1b8f3eb2e8c6cdf0f"
    )


@pytest.mark.parametrize(
    ("path", "body", "name", "key"),
    [
        ("/sends", b"{}", "web", KEYS["web"]),
        ("/report", b"{} ", "web", KEYS["web"]),
        ("/report", b"{}", "mail", KEYS["web"]),
        ("/report", b"{}", "gone", b""),
    ],
)
def test_another_path_body_name_or_key_is_refused(path: str, body: bytes, name: str, key: bytes) -> None:
    with pytest.raises(RefusedReportError) as caught:
        signer_of(KEYS, signature(name, key, path, body), "/report", b"{}")
    assert caught.value.status == 401


@given(st.text(max_size=200))
def test_any_header_is_refused(text: str) -> None:
    with pytest.raises(RefusedReportError):
        signer_of(KEYS, text, "/report", b"{}")


def test_keys_are_files_and_others_are_passed_over(tmp_path: Path) -> None:
    assert read_keys(tmp_path / "none") == {}
    (tmp_path / "web").write_text(new_key() + "\n")
    (tmp_path / ".web.draft").write_text("x")
    assert [len(key) for key in read_keys(tmp_path).values()] == [64]


def test_what_cannot_be_decoded_is_a_refusal() -> None:
    with pytest.raises(RefusedReportError, match="this is nothing: "):
        decoded(msgspec.json.Decoder(str), b'"\xff"', "this is nothing")
    assert decoded(msgspec.json.Decoder(str), b'"x"', "") == "x"
