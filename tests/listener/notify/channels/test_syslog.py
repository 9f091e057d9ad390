"""RFC 5424 by a reader of its own, over TLS (RFC 5425), TCP (RFC 6587) and UDP (RFC 5426)."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from canaries.core import settings
from canaries.core.errors import SettingsError
from listener.notify.channels import Alert, DeliveryError
from listener.notify.channels.syslog import Syslog, SyslogSettings, record
from tests import steady
from tests.hooks import Way

# RFC 5424, 6: PRI VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA SP MSG
FRAME = re.compile(
    rb"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([!-~]{1,255}) ([!-~]{1,48})"
    rb" ([!-~]{1,128}) ([!-~]{1,32}) - (.*)\Z",
    re.DOTALL,
)


@dataclass
class Collector:
    """A server that reads octet-counted frames."""

    port: int
    frames: list[bytes] = field(default_factory=list)
    close: Callable[[], None] = lambda: None
    arrived: threading.Event = field(default_factory=threading.Event)

    def texts(self) -> list[str]:
        assert self.arrived.wait(steady.PATIENCE)
        return [body(frame) for frame in self.frames]


def body(frame: bytes) -> str:
    match = FRAME.match(frame)
    assert match, frame
    return match[7].removeprefix(b"\xef\xbb\xbf").decode()


def serve(context: ssl.SSLContext | None) -> Collector:
    server = socket.create_server(("127.0.0.1", 0))
    collector = Collector(server.getsockname()[1], close=server.close)

    def read(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            while True:
                size = b""
                while (char := stream.read(1)).isdigit():
                    size += char
                if char != b" ":
                    return
                collector.frames.append(stream.read(int(size)))
                collector.arrived.set()

    def run() -> None:
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            with plain, contextlib.suppress(OSError):
                if context is None:
                    read(plain)
                    continue
                with context.wrap_socket(plain, server_side=True) as secure:
                    read(secure)

    threading.Thread(target=run, daemon=True).start()
    return collector


def way(request: pytest.FixtureRequest) -> Way:
    collector = serve(None)
    request.addfinalizer(collector.close)
    made = {"host": "127.0.0.1", "port": collector.port, "transport": "tcp"}

    def gone() -> None:
        collector.close()
        made["port"] = 1

    return Way(made, collector.texts, gone)


def test_over_tls_the_collector_is_verified(server_tls: tuple[ssl.SSLContext, Path], alert: Alert) -> None:
    context, ca_file = server_tls
    collector = serve(context)
    made = SyslogSettings("localhost", collector.port, ca_file=str(ca_file))
    receipt = Syslog(made).send(alert)
    assert collector.arrived.wait(steady.PATIENCE)
    assert receipt == f"{len(collector.frames[0])} bytes by tls"
    with pytest.raises(DeliveryError, match="certificate is not valid"):
        Syslog(SyslogSettings("localhost", collector.port)).send(alert)
    collector.close()


def test_over_udp_a_message_is_a_datagram(alert: Alert) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(steady.PATIENCE)
        Syslog(SyslogSettings("127.0.0.1", server.getsockname()[1], transport="udp")).send(alert)
        assert FRAME.match(server.recv(65_536))


def test_the_header_has_facility_severity_and_event(alert: Alert) -> None:
    match = FRAME.match(
        record(dataclasses.replace(alert, severity="critical"), SyslogSettings("x", hostname="web1"))
    )
    assert match is not None
    assert [part.decode() for part in match.groups()[:6]] == [
        str(10 * 8 + 2),
        alert.at,
        "web1",
        "trapline",
        "-",
        "first",
    ]


@pytest.mark.parametrize("form", ["text", "cef", "ocsf"])
@pytest.mark.parametrize("char", ["a", "\n", "|", "=", "\\", '"', "\u202e", "\U0001f600", "é"])
def test_no_text_of_a_visitor_makes_a_message_too_long_or_a_line(alert: Alert, form: Any, char: str) -> None:
    huge: dict[str, Any] = dict.fromkeys(
        ("client", "request", "memo", "source", "facet", "kind", "organisation", "note"), char * 9000
    )
    made = SyslogSettings("x", format=form)
    packet = record(dataclasses.replace(alert, places=(char * 9000,), **huge), made)
    assert len(packet) <= made.max_bytes
    text = body(packet)
    assert "\n" not in text
    if form == "ocsf":
        json.loads(text)
    if form == "cef":
        assert re.match(r"CEF:0\|(?:(?:[^|\\]|\\[\\|])*\|){6}(?:\w+=(?:[^=\\]|\\[\\=])*)*\Z", text), text


def test_ocsf_is_a_detection_finding(alert: Alert) -> None:
    value = json.loads(body(record(alert, SyslogSettings("x", format="ocsf", max_bytes=8192))))
    assert (value["class_uid"], value["category_uid"], value["type_uid"]) == (2004, 2, 200401)
    assert value["severity_id"] == 4
    assert value["finding_info"]["uid"] == "aabb"
    assert value["evidences"] == [{"src_endpoint": {"ip": "203.0.113.9", "port": 40123}}]
    assert value["time"] == 1_795_348_800_000


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"port": 0}, "port must be"),
        ({"max_bytes": 100}, "max_bytes must be"),
        ({"hostname": "a b"}, "hostname must be"),
        ({"transport": "pigeon"}, "none of tls, tcp, udp"),
    ],
)
def test_bad_settings_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        settings.bind(SyslogSettings, {"host": "x"} | change, "channels.s")
