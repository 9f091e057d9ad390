"""Planting costs as much more as the file is longer, and no more: whatever is said in it again and again.

What is compared is the processor time of this thread for a file and for one of eight times its length, the least of
several tries each. A loaded machine adds to both, and only what fails in every try is a finding.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import PurePath

from canaries.core.errors import PlantError
from canaries.plant.formats import compose
from canaries.plant.formats._text import document
from tests.canaries.plant.formats.forms import Form, bait, forms
from tests.every import every, in_part_and_whole

_SMALL = 3_000
"""Characters of the shorter file."""
_TIMES = 8
_MOST = 16
"""What grows with the square takes 64 times as long, what grows with the length 8 times."""
_TRIES = 6
_HOSTILE = (" ", "(", '"', "#", "a:")
"""Bits of which a long line, a deep nest or an endless comment is made."""
ONE_EACH = [next(iter(found)) for _, found in groupby(forms(), key=lambda form: (form.format, form.refused))]


def shapes(form: Form) -> Iterator[tuple[str, str, str]]:
    """Files as (head, what stands in the middle again and again, tail)."""
    text = form.raw.decode()
    lines = text.splitlines(keepends=True)
    yield "", text, ""
    settings = [number for number, line in enumerate(lines) if re.search(r"\w[\"']?\s*[=:\s].*\w", line)]
    for number in {*settings[-1:], *settings[len(settings) // 2 :][:1]}:
        yield "".join(lines[:number]), lines[number], "".join(lines[number:])
    for bit in _HOSTILE:
        yield text, bit, ""


def cost(form: Form, shape: tuple[str, str, str], size: int) -> float:
    """Seconds of this thread."""
    head, middle, tail = shape
    opened = document(PurePath(form.path), (head + middle * (size // len(middle)) + tail).encode())
    began = time.thread_time()
    with suppress(PlantError):
        compose(opened, bait(form.kind), form.kind, chance=random.Random(3))
    return time.thread_time() - began


@in_part_and_whole
@every("form", ONE_EACH, lambda form: f"{form.format}-{form.path}")
def test_what_planting_costs_grows_with_the_file_and_no_faster(form: Form, whole: bool) -> None:
    cost(form, ("", form.raw.decode(), ""), 1)  # what is loaded at first use
    found = list(shapes(form))
    turn = ONE_EACH.index(form)
    for shape in found if whole else {found[0], found[1 + turn % (len(found) - 1)]}:
        small = large = float("inf")
        for _ in range(_TRIES):
            small = min(small, cost(form, shape, _SMALL))
            large = min(large, cost(form, shape, _SMALL * _TIMES))
            if large < _MOST * small:
                break
        assert large < _MOST * small, f"{shape[1]!r} again and again: {small:.4f} s, and {large:.4f} s"
