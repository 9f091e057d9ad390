"""Every decoder: what it undoes is found, alone and under any two others; nothing raises; hostile input is bounded."""

from __future__ import annotations

import importlib.util
import itertools
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries import plugins
from canaries.decoders import FOLDER, USUAL, Decoder, DecodingBudget, DecodingLimits, candidates, unwrap

HERE = Path(__file__).parent
TOKENS = (b"Zk39aXQ7vT2mLw8RtYb4", b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4", b"wJ/lrXUt+nFEMI/K7MDENGbPxRfiCYzzQ8pL1s3d")


def _tests(name: str) -> ModuleType:
    """The test module of one decoder."""
    spec = importlib.util.spec_from_file_location(f"decoder_tests_{name}", HERE / f"test_{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NAMES = plugins.module_names(FOLDER)
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {}
SHORT_TEXT_ONLY: set[str] = set()
"""Wrappings of a protocol's field that holds nothing else: a user's name, a password."""
for _name in NAMES:
    _module = _tests(_name)
    WRAPPERS |= _module.WRAPPERS
    SHORT_TEXT_ONLY |= getattr(_module, "SHORT_TEXT_ONLY", set())


def found(data: bytes, budget: DecodingBudget | None = None) -> set[bytes]:
    budget = budget or DecodingBudget(USUAL, len(data))
    return {one for layer in unwrap(data, budget) for one in candidates(layer)}


def wrapped(token: bytes, *names: str) -> bytes | None:
    """``token`` in the wrappings, innermost first; None where one cannot hold what the others gave."""
    for name in names:
        if name in SHORT_TEXT_ONLY and (len(token) > 127 or not (token.isascii() and token.decode().isprintable())):
            return None
        token = WRAPPERS[name](token)
    return token
