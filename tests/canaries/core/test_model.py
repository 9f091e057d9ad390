"""The nouns: frozen, slotted, with a line under each field where it does not explain itself."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect

import pytest

from canaries.core import model
from canaries.core.model import BaitFile

NOUNS = [value for value in vars(model).values() if dataclasses.is_dataclass(value)]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_is_frozen_slotted_and_explained(noun: type) -> None:
    assert noun.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert hasattr(noun, "__slots__")
    assert inspect.getdoc(noun)


def test_a_files_hash_is_that_of_its_content() -> None:
    assert BaitFile("a", b"content").sha256 == hashlib.sha256(b"content").hexdigest()


def test_a_file_is_private_unless_said_otherwise() -> None:
    assert BaitFile("a", b"").mode == 0o600
