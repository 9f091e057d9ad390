"""The nouns: frozen, passed over by the garbage collector, with a line under what does not explain itself."""

from __future__ import annotations

import hashlib
import inspect

import msgspec
import pytest

from canaries.core import model
from canaries.core.model import BaitFile

NOUNS = [
    value for value in vars(model).values() if inspect.isclass(value) and issubclass(value, msgspec.Struct)
]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_is_frozen_and_explained(noun: type) -> None:
    assert noun.__struct_config__.frozen  # type: ignore[attr-defined]
    assert not noun.__struct_config__.gc  # type: ignore[attr-defined]
    assert inspect.getdoc(noun)


def test_a_files_hash_is_that_of_its_content() -> None:
    assert BaitFile("a", b"content").sha256 == hashlib.sha256(b"content").hexdigest()


def test_a_file_is_private_unless_said_otherwise() -> None:
    assert BaitFile("a", b"").mode == 0o600
