"""What version 0.1 appended is known again by its SHA-256."""

from __future__ import annotations

import hashlib

import pytest

from canaries.plant.files.old_appends import appended

SNIPPET = "A_KEY=x\n# note\nB=y\\\n"


@pytest.mark.parametrize(
    "written",
    [
        b"A_KEY=x\n# note\nB=y\\\n",
        b"\r\nA_KEY=x\r\n# note\r\nB=y\\",
        b"# A_KEY=x\n# note\n# B=y\n",
        b"// A_KEY=x\n// # note\n// B=y\n",
        "A_KEY=x\n# note\nB=y\\\n".encode("utf-16-le"),
    ],
)
def test_it_is_made_again(written: bytes) -> None:
    assert appended(SNIPPET, hashlib.sha256(written).hexdigest()) == written


def test_anything_else_is_not_guessed() -> None:
    assert appended(SNIPPET, hashlib.sha256(b"other").hexdigest()) is None
