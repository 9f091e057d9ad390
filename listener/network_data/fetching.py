"""Fetching a file of network data anew, only when told: over HTTPS, bounded, and checked before it is used."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from listener.network_data import library
from listener.network_data.datasets import DataSet
from listener.network_data.readers import DataError

_CONNECT_SECONDS, _SECONDS = 20, 600
_REDIRECTS = 3
_AGENT = "Mozilla/5.0"
"""Says nothing of the product: who serves the list does not learn who keeps bait."""


def check_url(url: str) -> None:
    """Raises DataError where the URL is not one that is fetched."""
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname, parts.username or parts.password
    except ValueError:
        parts, host, secret = urlsplit(""), None, None
    if parts.scheme != "https" or not host:
        raise DataError(
            "a file is fetched over https:// only", hint="fetch it by hand, then: trapline data add FILE"
        )
    if secret:
        raise DataError("a URL with a password in it would be kept in clear", hint="fetch the file by hand")


def refresh(home: Path, known: DataSet, *, at: str, proxy: str = "", verify: bool | str = True) -> DataSet:
    """Fetch ``known`` from its origin and put it in its place. Raises DataError; the file in use stays then.

    ``verify`` is a CA bundle for servers of the operator's own.
    """
    check_url(known.origin)
    with tempfile.TemporaryDirectory(prefix="trapline-data-") as folder:
        path = Path(folder) / known.name
        _download(known.origin, path, proxy, verify)
        return library.add(
            home,
            path,
            at=at,
            schema=known.schema,
            licence=known.licence,
            origin=known.origin,
            name=known.name,
        )


def _download(url: str, path: Path, proxy: str, verify: bool | str) -> None:
    import requests

    with requests.Session() as session:
        session.trust_env = False  # a proxy is named in the command, never taken from the environment unseen
        session.proxies = {"https": proxy} if proxy else {}
        session.headers["User-Agent"] = _AGENT
        began = time.monotonic()
        for _ in range(_REDIRECTS + 1):
            check_url(url)
            try:
                with session.get(
                    url, stream=True, timeout=_CONNECT_SECONDS, allow_redirects=False, verify=verify
                ) as response:
                    target = response.headers.get("Location", "") if response.is_redirect else ""
                    if not target:
                        return _save(response, path, began)
            except requests.RequestException as error:
                raise DataError(f"{urlsplit(url).hostname} cannot be asked: {type(error).__name__}") from None
            url = requests.compat.urljoin(url, target)
    raise DataError("the URL leads on and on")


def _save(response: object, path: Path, began: float) -> None:
    import requests

    assert isinstance(response, requests.Response)  # noqa: S101  for mypy: requests is imported late
    if response.status_code != 200:
        raise DataError(f"the server answered {response.status_code}")
    size = 0
    with path.open("wb") as file:
        for part in response.iter_content(65_536):
            size += len(part)
            if size > library.LARGEST:
                raise DataError(f"the server sent more than {library.LARGEST // library.MEGABYTE} MB")
            if time.monotonic() - began > _SECONDS:
                raise DataError(f"the server took longer than {_SECONDS} seconds")
            file.write(part)
