"""HOCON: blocks of the application, not of its libraries."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_a_librarys_block_is_no_place() -> None:
    old = 'db {\n  default {\n    password = "x"\n  }\n}\n'
    assert text_after("application.conf", old, "postgres-url").startswith(old)


def test_an_applications_own_block_is_one() -> None:
    after = text_after("application.conf", 'shop {\n  api-key = "x"\n}\n', "stripe-key")
    assert after.endswith('"\n}\n')
    assert "stripe-secret-key" in after


def test_a_text_of_several_lines_is_refused() -> None:
    with pytest.raises(PlantError, match="several lines"):
        text_after("application.conf", 'a = """\napi-key = "x"\n"""\n', "stripe-key")
