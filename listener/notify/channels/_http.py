"""One HTTP request to a receiver outside, guarded against being turned inward.

The name is resolved once, every address is judged, and the connection goes to a judged address (no second look-up that
could answer differently: DNS rebinding). Private, loopback, link-local and other non-public addresses are refused
unless the settings allow that host by name. Redirects are answers, not instructions; proxies from the environment are
not asked; TLS is verified against the host's name. Errors name the host only: the path of a webhook URL is often
its secret.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from canaries.core.clock import Clock, SystemClock
from listener.notify.channels import DeliveryError

TIMEOUT = 10.0
"""Seconds for each step (connect, TLS, each read)."""
DEADLINE = 20.0
"""Seconds for the whole exchange: a receiver that drips its answer is cut off."""
_RETRYABLE = {408, 425, 429}
"""4xx that ask to come again (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4)."""
_MALFORMED = {400, 413, 422}
"""What is said of a message rather than of the sender (RFC 9110, 15.5.1, 15.5.14, 15.5.21): a plainer one may pass."""
_READ = 65_536
"""Bytes of an answer that are looked at."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_CAUSES: Mapping[type[Exception], str] = {
    TimeoutError: "no answer in time",
    socket.gaierror: "the name does not resolve",
    ConnectionRefusedError: "connection refused",
    ConnectionError: "it closed the connection without an answer",
    ssl.SSLError: "the TLS connection failed",
    http.client.HTTPException: "its answer is not valid HTTP",
}
"""The first that fits is said."""

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where to post, checked once."""

    parts: SplitResult
    host: str
    port: int
    tls: bool

    @classmethod
    def of(cls, url: str, allow: tuple[str, ...]) -> Receiver:
        """From a URL. Raises ValueError, without the URL in it: it may be a secret."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise ValueError("url is not a URL") from None
        if parts.scheme not in ("https", "http") or not host:
            raise ValueError("url must start with https:// and name a host")
        if parts.username or parts.password:
            raise ValueError("url must not carry a user name or password")
        if any(not 0x20 < ord(char) < 0x7F for char in url):
            raise ValueError("url must be plain ASCII without spaces")
        if parts.scheme == "http" and host not in allow:
            raise ValueError("url must start with https://, unless its host is in allow")
        return cls(parts, host, port or (443 if parts.scheme == "https" else 80), parts.scheme == "https")

    @property
    def target(self) -> str:
        """Path and query, as sent."""
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a satisfied receiver answered."""

    status: int
    body: bytes
    """Its beginning: hostile."""

    @property
    def receipt(self) -> str:
        """For the ledger."""
        return f"HTTP {self.status}"

    def json(self) -> dict[str, Any]:
        """The answer as a JSON object; empty where it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def addresses(host: str, port: int) -> list[str]:
    """Every address of ``host``, in the resolver's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def public(address: str) -> bool:
    """Whether this address is a public one, also where IPv6 wraps an IPv4 address (mapped, 6to4, NAT64)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast


def post(
    receiver: Receiver,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allow: tuple[str, ...] = (),
    ca_file: str = "",
    clock: Clock | None = None,
    resolve: Resolve = addresses,
    deadline: float = DEADLINE,
) -> str:
    """Send ``body``; the receipt (``HTTP 200``) comes back. Raises DeliveryError."""
    reply = exchange(
        receiver,
        body,
        headers,
        allow=allow,
        ca_file=ca_file,
        clock=clock,
        resolve=resolve,
        deadline=deadline,
    )
    return reply.receipt


def exchange(
    receiver: Receiver,
    body: bytes,
    headers: Mapping[str, str],
    *,
    method: str = "POST",
    target: str = "",
    allow: tuple[str, ...] = (),
    ca_file: str = "",
    clock: Clock | None = None,
    resolve: Resolve = addresses,
    deadline: float = DEADLINE,
) -> Reply:
    """Send ``body`` and read the beginning of what a satisfied receiver answers. Raises DeliveryError.

    ``target``: path and query in place of the receiver's own.
    """
    try:
        with (
            contextlib.closing(_connect(receiver, allow, ca_file, resolve)) as stream,
            _until(stream, deadline) as sent,
        ):
            connection = http.client.HTTPConnection(receiver.host, receiver.port)
            connection.sock = stream
            named = {"Host": receiver.parts.netloc, **headers}
            connection.request(method, target or receiver.target, body, named)
            sent.set()
            answer = connection.getresponse()
            status, later = answer.status, answer.getheader("Retry-After")
            said = answer.read(_READ) if 200 <= status < 300 else b""
            answer.close()
    except ssl.SSLCertVerificationError as error:
        reason = f"{receiver.host}: its certificate is not valid ({error.verify_message})"
        raise DeliveryError(reason, permanent=False) from None
    except (OSError, http.client.HTTPException) as error:
        reason = f"{receiver.host}: {_cause(error)}"
        raise DeliveryError(reason, permanent=False) from None
    _judge(receiver.host, status, later, clock or SystemClock())
    return Reply(status, said)


def _connect(receiver: Receiver, allow: tuple[str, ...], ca_file: str, resolve: Resolve) -> socket.socket:
    """A connection to one of the host's permitted addresses. Raises DeliveryError, OSError."""
    found = resolve(receiver.host, receiver.port)
    good = found if receiver.host in allow else [address for address in found if public(address)]
    if not good:
        literal = receiver.host in found  # a name may point elsewhere tomorrow, an address never will
        raise DeliveryError(
            f"{receiver.host} is not a public address; name it in the channel's allow list to permit it",
            permanent=literal,
        )
    problem: OSError | None = None
    for address in good:
        try:
            plain = socket.create_connection((address, receiver.port), timeout=TIMEOUT)
        except OSError as error:
            problem = error
            continue
        return _secure(plain, receiver.host, ca_file) if receiver.tls else plain
    raise problem or OSError("no address")


def _secure(plain: socket.socket, host: str, ca_file: str) -> socket.socket:
    try:
        return ssl.create_default_context(cafile=ca_file or None).wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@contextlib.contextmanager
def _until(stream: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """Cut the connection after ``seconds``, however busily the other side drips. To set: that everything is sent."""
    sent = threading.Event()

    def cut() -> None:
        # Linux resets a connection that gets more once both ways are shut: the status that came would be lost
        with contextlib.suppress(OSError):  # already closed: nothing left to cut
            stream.shutdown(socket.SHUT_RD if sent.is_set() else socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield sent
    finally:
        timer.cancel()


def _judge(host: str, status: int, later: str | None, clock: Clock) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        reason = (
            f"{host} answered HTTP {status}: it has moved, and redirects are not followed; correct its URL"
        )
        raise DeliveryError(reason, permanent=True)
    raise DeliveryError(
        f"{host} answered HTTP {status}",
        permanent=400 <= status < 500 and status not in _RETRYABLE,
        retry_after=_seconds(later, clock),
        malformed=status in _MALFORMED,
    )


def _seconds(later: str | None, clock: Clock) -> float | None:
    """Retry-After (RFC 9110, 10.2.3): seconds, or a date. None where it is neither."""
    if later is None:
        return None
    if later.strip().isascii() and later.strip().isdigit():
        return float(later.strip()[:9])
    try:
        moment: Any = parsedate_to_datetime(later)
        return max(0.0, float((moment - clock.now()).total_seconds()))
    except (TypeError, ValueError, OverflowError):
        return None


def _cause(error: Exception) -> str:
    """What went wrong, in our words: never what the other side wrote."""
    for sort, words in _CAUSES.items():
        if isinstance(error, sort):
            return words
    said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
    return f"the connection failed ({said})"


def send_json(
    url: str,
    content: Mapping[str, Any],
    *,
    allow: tuple[str, ...],
    ca_file: str,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> Reply:
    """Send ``content`` as JSON of ASCII characters. Raises DeliveryError."""
    body = json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()
    named = {"Content-Type": "application/json", **(headers or {})}
    return exchange(Receiver.of(url, allow), body, named, method=method, allow=allow, ca_file=ca_file)


def header_safe(value: str, name: str) -> None:
    """Raise ValueError, without the value in it, where it cannot stand in a header."""
    if not value.isascii() or not value.isprintable() or value != value.strip():
        raise ValueError(f"{name} must be plain ASCII without line breaks")
