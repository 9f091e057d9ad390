"""Emacs Lisp: a variable more."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_the_last_line_stays_the_last() -> None:
    after = text_after("init.el", '(setq api-key "x")\n(provide (quote init))\n', "stripe-key")
    assert after.count("\n(setq ") == 3
    assert after.endswith('")\n(provide (quote init))\n')


def test_a_variable_within_a_form_is_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("init.el", '(use-package a\n  :config\n  (setq api-key "x"))\n', "stripe-key")


def test_characters_that_look_like_brackets_are_refused() -> None:
    with pytest.raises(PlantError, match="as it stands"):
        text_after("init.el", '(setq api-key "x")\n(insert ?\\()\n', "stripe-key")
