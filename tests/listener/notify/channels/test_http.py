from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries.core.clock import FixedClock
from listener.notify.channels import DeliveryError
from listener.notify.channels._http import Receiver, post, public
from tests import steady

LOCAL = ("127.0.0.1", "localhost", "hook.example")


def resolves_to(*found: str) -> Any:
    return lambda _host, _port: list(found)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "no address",
    ],
)
def test_an_address_that_is_not_public(address: str) -> None:
    assert public(address) is False


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"])
def test_a_public_address(address: str) -> None:
    assert public(address) is True


@pytest.mark.parametrize(
    ("host", "permanent"),
    [("127.0.0.1", True), ("[::1]", True), ("localhost", False), ("hook.example", False)],
)
def test_a_private_address_is_refused_and_never_connected_to(
    http_receiver: Any, host: str, permanent: bool
) -> None:
    receiver = Receiver.of(f"https://{host}:{http_receiver.port}/sEcReT", ())
    resolve = resolves_to(host.strip("[]") if permanent else "127.0.0.1")
    with pytest.raises(DeliveryError, match="allow list") as caught:
        post(receiver, b"{}", {}, resolve=resolve)
    assert caught.value.permanent is permanent
    assert "sEcReT" not in str(caught.value)
    assert http_receiver.requests == []


def test_a_host_allowed_by_name_is_reached_whatever_its_address(http_receiver: Any) -> None:
    receiver = Receiver.of(f"http://hook.example:{http_receiver.port}/x?y=1", LOCAL)
    assert post(receiver, b"{}", {}, allow=LOCAL, resolve=resolves_to("127.0.0.1")) == "HTTP 200"
    path, headers, body = http_receiver.requests[0]
    assert (path, body) == ("/x?y=1", b"{}")
    assert headers["host"] == f"hook.example:{http_receiver.port}"


def test_the_name_is_resolved_once_so_a_second_answer_cannot_differ(http_receiver: Any) -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    receiver = Receiver.of(f"http://hook.example:{http_receiver.port}/", LOCAL)
    post(receiver, b"{}", {}, allow=LOCAL, resolve=rebinding)
    assert asked == ["hook.example"]


def test_no_way_of_writing_a_private_address_gets_through(http_receiver: Any) -> None:
    receiver = Receiver.of(f"https://hook.example:{http_receiver.port}/", ())
    with pytest.raises(DeliveryError, match="allow list"):
        post(receiver, b"{}", {}, resolve=resolves_to("127.0.0.1", "::ffff:127.0.0.1", "192.0.2.1"))
    assert http_receiver.requests == []


def test_the_next_address_is_tried_when_one_refuses(http_receiver: Any) -> None:
    receiver = Receiver.of(f"http://hook.example:{http_receiver.port}/", LOCAL)
    assert (
        post(receiver, b"{}", {}, allow=LOCAL, resolve=resolves_to("127.0.0.99", "127.0.0.1")) == "HTTP 200"
    )


def test_the_environments_proxy_is_not_asked(http_receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    receiver = Receiver.of(http_receiver.url, LOCAL)
    assert post(receiver, b"{}", {}, allow=LOCAL) == "HTTP 200"


def test_a_redirect_is_not_followed(http_receiver: Any) -> None:
    http_receiver.status = 307
    http_receiver.headers = {"Location": f"{http_receiver.url}/elsewhere"}
    with pytest.raises(DeliveryError, match="redirects are not followed") as caught:
        post(Receiver.of(http_receiver.url, LOCAL), b"{}", {}, allow=LOCAL)
    assert caught.value.permanent is True
    assert len(http_receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (401, True),
        (404, True),
        (410, True),
        (408, False),
        (425, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
def test_which_answers_are_final(http_receiver: Any, status: int, permanent: bool) -> None:
    http_receiver.status = status
    with pytest.raises(DeliveryError, match=f"HTTP {status}") as caught:
        post(Receiver.of(http_receiver.url, LOCAL), b"{}", {}, allow=LOCAL)
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("later", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("1" * 400, 111111111.0),
        ("Sun, 22 Nov 2026 12:01:00 +" + "9" * 20, None),
        ("1 Jan " + "9" * 30 + " 00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(
    http_receiver: Any, later: str, seconds: float | None
) -> None:
    http_receiver.status = 503
    http_receiver.headers = {"Retry-After": later}
    clock = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    with pytest.raises(DeliveryError) as caught:
        post(Receiver.of(http_receiver.url, LOCAL), b"{}", {}, allow=LOCAL, clock=clock)
    assert caught.value.retry_after == seconds


def test_a_receiver_without_tls_is_told_in_plain_words() -> None:
    with (
        raw_server([b"rubbish" * 100], 0) as port,
        pytest.raises(DeliveryError, match=r"localhost: the TLS connection failed$"),
    ):
        post(Receiver.of(f"https://localhost:{port}/", LOCAL), b"{}", {}, allow=LOCAL)


def test_tls_is_verified(https_receiver: Any) -> None:
    receiver = Receiver.of(f"https://localhost:{https_receiver.port}/", LOCAL)
    with pytest.raises(DeliveryError, match="certificate is not valid") as caught:
        post(receiver, b"{}", {}, allow=LOCAL)
    assert caught.value.permanent is False
    assert post(receiver, b"{}", {}, allow=LOCAL, ca_file=str(https_receiver.ca_file)) == "HTTP 200"


def test_tls_is_verified_for_the_name_not_the_address(https_receiver: Any) -> None:
    receiver = Receiver.of(f"https://hook.example:{https_receiver.port}/", LOCAL)
    with pytest.raises(DeliveryError, match="certificate is not valid"):
        post(
            receiver,
            b"{}",
            {},
            allow=LOCAL,
            ca_file=str(https_receiver.ca_file),
            resolve=resolves_to("127.0.0.1"),
        )
    assert https_receiver.requests == []


@contextlib.contextmanager
def raw_server(chunks: list[bytes], pause: float, sent: list[bytes] | None = None) -> Iterator[int]:
    """Answers a connection with these bytes, drip by drip, until it is closed; ``sent`` grows by each."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                stream, _ = server.accept()
                with stream:
                    stream.recv(65536)
                    for chunk in chunks:
                        stream.sendall(chunk)
                        if sent is not None:
                            sent.append(chunk)
                        time.sleep(pause)
                    stream.shutdown(socket.SHUT_WR)
                    while stream.recv(65536):  # a close with something unread would be a reset
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
    thread.join(steady.PATIENCE)


def test_a_receiver_that_drips_is_cut_off() -> None:
    drips, sent = [b"H"] * 1200, list[bytes]()
    with raw_server(drips, 0.05, sent) as port:
        with pytest.raises(DeliveryError) as caught:
            post(Receiver.of(f"http://127.0.0.1:{port}/", LOCAL), b"{}", {}, allow=LOCAL, deadline=0.2)
        assert caught.value.permanent is False
    assert len(sent) < len(drips), "it waited for the last one"


def test_a_receiver_that_drips_after_its_status_has_taken_the_alert() -> None:
    drips, sent = [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 1200], list[bytes]()
    with raw_server(drips, 0.05, sent) as port:
        receiver = Receiver.of(f"http://127.0.0.1:{port}/", LOCAL)
        assert post(receiver, b"{}", {}, allow=LOCAL, deadline=0.2) == "HTTP 200"
    assert len(sent) < len(drips), "it waited for the last one"


def test_a_status_that_came_is_read_after_the_cut_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late this side gets to reading it, and whatever comes meanwhile."""
    read = http.client.HTTPConnection.getresponse

    def late(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        time.sleep(0.5)
        return read(connection)

    monkeypatch.setattr(http.client.HTTPConnection, "getresponse", late)
    with raw_server([b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 1200], 0.05) as port:
        receiver = Receiver.of(f"http://127.0.0.1:{port}/", LOCAL)
        assert post(receiver, b"{}", {}, allow=LOCAL, deadline=0.2) == "HTTP 200"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"", "it closed the connection without an answer"),
        (b"SSH-2.0-x\r\n", "its answer is not valid HTTP"),
        (b"HTTP/1.1 abc\r\n\r\n", "its answer is not valid HTTP"),
        (b"\0" * 100, "its answer is not valid HTTP"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "its answer is not valid HTTP"),
    ],
)
def test_rubbish_for_an_answer_is_a_temporary_failure_in_plain_words(answer: bytes, says: str) -> None:
    with raw_server([answer], 0) as port, pytest.raises(DeliveryError, match=f"127.0.0.1: {says}$") as caught:
        post(Receiver.of(f"http://127.0.0.1:{port}/", LOCAL), b"{}", {}, allow=LOCAL)
    assert caught.value.permanent is False
    assert "SSH" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org/",
        "https://",
        "http://example.org/",
        "https://user:sEcReT@example.org/",
        "https://example.org:99999/sEcReT",
        "https://example.org/a b",
        "https://example.org/\r\nX: sEcReT",
        "https://[::1/sEcReT",
    ],
)
def test_a_bad_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ValueError) as caught:  # the sentence is what the user sees
        Receiver.of(url, ())
    assert "sEcReT" not in str(caught.value)


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_receiver_or_a_value_error(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org{text}"):
        with contextlib.suppress(ValueError):
            assert Receiver.of(url, ()).host
