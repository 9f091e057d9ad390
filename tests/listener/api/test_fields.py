"""What bodies consist of: bounded, storable, nothing that is not named."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from listener.api.fields import ID, RequestBody, kind_name, named, page_of, reason, words


class Sample(RequestBody):
    memo = words(5)
    id = named(ID)
    kind = kind_name()
    why = reason()


@pytest.mark.parametrize(
    "bad",
    [
        {"memo": "123456"},
        {"memo": "\ud800"},
        {"memo": "\0"},
        {"memo": 5},
        {"id": "0" * 15},
        {"id": "0" * 16 + "\n"},
        {"id": "G" * 16},
        {"kind": "AWS"},
        {"why": ""},
        {"surprise": 1},
        {"__class__": "x"},
    ],
)
def test_what_does_not_fit_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Sample().load({"why": "x", **bad})


def test_what_fits_is_taken() -> None:
    said = {"memo": "12345", "id": "0123456789abcdef", "kind": "aws-key", "why": "x"}
    assert Sample().load(said) == said
    assert set(page_of(Sample, "SamplePage")().fields) == {"items", "next"}
