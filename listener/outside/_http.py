"""One GET of a JSON object from a service outside: bounded in time and size, no redirects, through the named proxy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from listener.network_data.json_answer import json_object
from listener.outside import OutsideError, OutsideSettings

SECONDS = 20.0
"""For a whole exchange; a server that drips is left then."""
LARGEST = 256 * 1024
_LONGEST_WAIT = 7 * 86_400


def get(
    url: str, settings: OutsideSettings, *, headers: Mapping[str, str], parameters: Mapping[str, str]
) -> tuple[int, dict[str, Any]]:
    """(200 or 404, the object). Raises OutsideError; a refused key and a spent allowance are told apart."""
    import requests

    host = urlsplit(url).hostname or ""
    if urlsplit(url).scheme != "https":
        raise OutsideError(f"{host} is asked over https:// only", ends=True)
    with requests.Session() as session:
        session.trust_env = False  # a proxy is named in the settings, never taken from the environment unseen
        session.proxies = {"https": settings.proxy} if settings.proxy else {}
        plain = {"User-Agent": "Mozilla/5.0", "Accept": "application/json", "Accept-Encoding": "identity"}
        session.headers.update({**plain, **headers})
        began = time.monotonic()
        try:
            with session.get(
                url,
                params=dict(parameters),
                stream=True,
                timeout=SECONDS,
                allow_redirects=False,
                verify=settings.ca_file or True,
            ) as answer:
                _judge(answer.status_code, answer.headers.get("Retry-After", ""), host)
                until = began + SECONDS
                return answer.status_code, json_object(
                    answer, host, largest=LARGEST, until=until, refusal=OutsideError
                )
        except (requests.RequestException, OSError) as error:
            raise OutsideError(f"{host} cannot be asked: {type(error).__name__}") from None


def _judge(status: int, later: str, host: str) -> None:
    if status in (401, 403):
        raise OutsideError(f"{host} refuses the key ({status})", ends=True)
    if status == 429:
        seconds = min(int(later), _LONGEST_WAIT) if later.isascii() and later.isdecimal() else 3600
        raise OutsideError(f"{host} takes no more questions for now ({status})", again=seconds)
    if status not in (200, 404):
        raise OutsideError(f"{host} answered {status}")
