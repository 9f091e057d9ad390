"""Whom to write to about a network: asks the registry that gave it out, over RDAP (RFC 9082, 9083), only when told.

A registry learns from a question which network somebody looks at, and when. So it is asked for a network of 256
addresses (IPv4) or of a site (IPv6), never for one address; slowly; through a proxy where one is named; and says
nothing of the product. Which registry is asked, IANA's lists say (RFC 9224); an answer may refer to another registry
on those lists, and to no other host. What comes back is text of whoever registered the network, and is treated so.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from canaries.core.errors import TraplineError
from canaries.core.text import visible
from listener.network_data.json_answer import json_object

BOOTSTRAP = "https://data.iana.org/rdap/"
"""IANA's lists of registries, ``ipv4.json`` and ``ipv6.json``."""
PAUSE = 1.0
"""Seconds between two questions: registries block whoever asks faster."""
PREFIXES = {4: 24, 6: 48}
"""So much of an address is told."""
_LARGEST = 512 * 1024
_SECONDS = 20
_REDIRECTS = 3
_DEPTH = 6
_WORDS = 200
_ADDRESSES = 5
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_HANDLE = re.compile(r"[ -~]{1,80}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class RdapError(TraplineError):
    """A registry cannot be asked, or what it says is no answer; one sentence."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registry says of a network. Every text is printable and bounded."""

    asked: str
    """The network that was asked for: ``198.51.100.0/24``."""
    server: str
    """Host name of the registry that answered."""
    handle: str
    """The registry's name of its record."""
    name: str
    first: str
    """First and last address of what is registered; empty where the record has none."""
    last: str
    country: str
    """Of the registration: two letters, or empty. Not where anybody is."""
    abuse: tuple[str, ...]
    """Mail addresses of the record's abuse contact; none where it has none."""


def network_of(address: str) -> Network:
    """The network that is asked for in place of ``address``. Raises ValueError."""
    ip = ipaddress.ip_address(address)
    return ipaddress.ip_network(f"{ip}/{PREFIXES[ip.version]}", strict=False)


class Registries:
    """Asks registries, one question after the other."""

    def __init__(
        self,
        *,
        bootstrap: str = BOOTSTRAP,
        proxy: str = "",
        verify: bool | str = True,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """``verify``: a CA bundle where the lists and registries are the operator's own."""
        self._bootstrap, self._proxy, self._verify, self._wait = bootstrap, proxy, verify, wait
        self._lists: dict[int, list[tuple[Network, str]]] = {}
        self._asked = 0

    def ask(self, network: Network) -> Registration:
        """The registration that covers ``network``. Raises RdapError."""
        server = self._server(network)
        url = urljoin(server, f"ip/{network.with_prefixlen}")
        content, host = self._get(url, frozenset(_hosts(self._lists[network.version])))
        return _registration(network, host, content)

    def _server(self, network: Network) -> str:
        """Base URL of the registry, of the most specific range that IANA lists (RFC 9224, 5)."""
        if network.version not in self._lists:
            url = urljoin(self._bootstrap, f"ipv{network.version}.json")
            content, _ = self._get(url, frozenset({urlsplit(self._bootstrap).netloc}))
            self._lists[network.version] = list(_services(content))
        found = [
            (span.prefixlen, server)
            for span, server in self._lists[network.version]
            if span.version == network.version and network.subnet_of(span)  # type: ignore[arg-type]
        ]
        if not found:
            raise RdapError(f"no registry is listed for {network}")
        return max(found)[1]

    def _get(self, url: str, hosts: frozenset[str]) -> tuple[dict[str, Any], str]:
        """(a JSON object, the host that gave it). Redirects lead to ``hosts`` alone."""
        import requests

        with requests.Session() as session:
            session.trust_env = (
                False  # a proxy is named in the command, never taken from the environment unseen
            )
            session.proxies = {"https": self._proxy} if self._proxy else {}
            session.headers.update(
                {"User-Agent": "Mozilla/5.0", "Accept": "application/rdap+json, application/json"}
            )
            for _ in range(_REDIRECTS + 1):
                parts = urlsplit(url)
                if parts.scheme != "https" or parts.netloc not in hosts:
                    raise RdapError("the registry refers to a host that IANA does not list")
                if self._asked:
                    self._wait(PAUSE)
                self._asked += 1
                try:
                    with session.get(
                        url, stream=True, timeout=_SECONDS, allow_redirects=False, verify=self._verify
                    ) as answer:
                        if answer.is_redirect:
                            url = urljoin(url, answer.headers["Location"])
                            continue
                        return _object(answer, parts.hostname or ""), parts.hostname or ""
                except (requests.RequestException, ValueError) as error:
                    raise RdapError(f"{parts.hostname} cannot be asked: {type(error).__name__}") from None
        raise RdapError("the registry's referrals lead on and on")


def _object(answer: Any, host: str) -> dict[str, Any]:
    if answer.status_code == 429:
        raise RdapError(f"{host} takes no more questions for now (429); ask again later")
    if answer.status_code != 200:
        raise RdapError(f"{host} answered {answer.status_code}")
    until = time.monotonic() + _SECONDS
    return json_object(answer, host, largest=_LARGEST, until=until, refusal=RdapError)


def _services(content: dict[str, Any]) -> Iterator[tuple[Network, str]]:
    """(range, base URL) of each listed registry that speaks HTTPS; what is malformed is passed over."""
    for service in _list(content.get("services")):
        spans, urls = ([*_list(service)[:2], [], []])[:2]
        base = next((url for url in _list(urls) if isinstance(url, str) and url.startswith("https://")), "")
        for span in _list(spans) if base else ():
            try:
                yield ipaddress.ip_network(span), base if base.endswith("/") else f"{base}/"
            except (ValueError, TypeError):
                continue


def _hosts(listed: Sequence[tuple[Network, str]]) -> Iterator[str]:
    for _, base in listed:
        try:
            yield urlsplit(base).netloc
        except ValueError:
            continue


def _registration(network: Network, host: str, content: dict[str, Any]) -> Registration:
    if content.get("objectClassName") != "ip network":
        raise RdapError(f"{host} answered with something else than a network")
    handle, country = content.get("handle"), content.get("country")
    return Registration(
        asked=network.with_prefixlen,
        server=host,
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        name=_words(content.get("name")),
        first=_address(content.get("startAddress")),
        last=_address(content.get("endAddress")),
        country=country if isinstance(country, str) and re.fullmatch("[A-Z]{2}", country) else "",
        abuse=tuple(dict.fromkeys(_abuse(content, _DEPTH)))[:_ADDRESSES],
    )


def _abuse(holder: dict[str, Any], depth: int) -> Iterator[str]:
    """Mail addresses (jCard, RFC 7095) of every entity with the role *abuse* (RFC 9083, 10.2.4), nested ones too."""
    for entity in _list(holder.get("entities")) if depth else ():
        if not isinstance(entity, dict):
            continue
        if "abuse" in _list(entity.get("roles")):
            for field in _list(_second(entity.get("vcardArray"))):
                name, _, _, value = ([*_list(field), "", "", "", ""])[:4]
                if name == "email" and isinstance(value, str) and _MAIL.fullmatch(value.strip()):
                    yield value.strip()
        yield from _abuse(entity, depth - 1)


def _second(value: object) -> object:
    return value[1] if isinstance(value, list) and len(value) > 1 else []


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: object) -> str:
    return visible(value, limit=_WORDS) if isinstance(value, str) else ""


def _address(value: object) -> str:
    try:
        return str(ipaddress.ip_address(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""
