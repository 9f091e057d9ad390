"""Carries out the steps of a recipe: requests in one session with its cookies, commands without a shell."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from canaries.core.errors import PlantError
from canaries.plant.sign_up.recipe import Step, filled, names, texts

_SECONDS = 30
_ANSWER = 1 << 20
"""Bytes of an answer that are looked at."""


class UnreachableError(PlantError):
    """Nobody could ask: no connection, no program, no variable."""


def carry_out(steps: Sequence[Step], values: Mapping[str, str]) -> None:
    """All steps in their order. Raises PlantError where one does not succeed; its sentence has no value in it."""
    import requests

    known = dict(values)
    for step in steps:
        known |= _environment(step)
    with requests.Session() as session:
        session.trust_env = False
        for number, step in enumerate(steps, 1):
            answer = _request(session, step, known, number) if step.url else _command(step, known, number)
            for name, pattern in step.take.items():
                if not (found := re.search(pattern, answer)):
                    raise PlantError(f"step {number}: take.{name} finds nothing in the answer")
                known[name] = found[1]


def _environment(step: Step) -> dict[str, str]:
    wanted = {name for text in texts(step) for name in names(text) if name.startswith("env:")}
    if missing := sorted(name for name in wanted if name[4:] not in os.environ):
        raise UnreachableError(f"the recipe needs the environment variable {missing[0][4:]}")
    return {name: os.environ[name[4:]] for name in wanted}


def _request(session: Any, step: Step, known: dict[str, str], number: int) -> str:
    import requests

    given: dict[str, Any] = {"headers": {name: filled(one, known) for name, one in step.headers.items()}}
    if step.form:
        given["data"] = {name: filled(one, known) for name, one in step.form.items()}
    if step.json:
        given["json"] = _deep(step.json, known)
    method = step.method or ("POST" if step.form or step.json else "GET")
    try:
        with session.request(
            method, filled(step.url, known), timeout=_SECONDS, allow_redirects=False, stream=True, **given
        ) as answer:
            status, content = answer.status_code, answer.raw.read(_ANSWER, decode_content=True)
    except (requests.RequestException, OSError, ValueError) as error:
        raise UnreachableError(
            f"step {number}: the application cannot be asked ({type(error).__name__})"
        ) from None
    if status not in step.expect if step.expect else status >= 400:
        raise PlantError(f"step {number}: the application answered {status}")
    return bytes(content).decode("utf-8", "replace")


def _command(step: Step, known: dict[str, str], number: int) -> str:
    words = [filled(word, known) for word in step.command]
    try:
        done = subprocess.run(
            words,
            input=filled(step.stdin, known).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise UnreachableError(f"step {number}: {words[0]} cannot be run ({type(error).__name__})") from None
    if done.returncode not in (step.expect or (0,)):
        raise PlantError(f"step {number}: {words[0]} ended with status {done.returncode}")
    return done.stdout[:_ANSWER].decode("utf-8", "replace")


def _deep(value: Any, known: dict[str, str]) -> Any:
    if isinstance(value, str):
        return filled(value, known)
    if isinstance(value, dict):
        return {name: _deep(one, known) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_deep(one, known) for one in value]
    return value
