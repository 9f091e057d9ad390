"""A request in Caddy's log."""

from __future__ import annotations

from listener.logs.caddy import CaddyLog

LINE = (
    b'{"level":"info","ts":1795766400.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":'
    b'"203.0.113.7","remote_port":"41342","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":'
    b'"alerts.test","uri":"/x?a=1\\u0026b=2","headers":{"User-Agent":["curl/8"]}},"user_id":"alice","status":200}'
)


def test_a_request() -> None:
    found = CaddyLog().record(LINE)
    assert found is not None
    assert (found.client, found.port, found.account) == ("203.0.113.7", 41342, "alice")
    assert found.request == "GET /x?a=1&b=2 HTTP/2.0"
    assert (found.at, found.user_agent) == ("2026-11-27T08:00:00.250000Z", "curl/8")
    assert found.facts == {"host": "alerts.test", "status": "200", "client_ip": "203.0.113.7"}


def test_other_times_and_what_is_none() -> None:
    said = CaddyLog().record(LINE.replace(b"1795766400.25", b'"2026/11/27 08:00:00"'))
    assert said is not None
    assert said.at == "2026/11/27 08:00:00"
    huge = CaddyLog().record(LINE.replace(b"1795766400.25", b"1e300"))
    assert huge is not None
    assert huge.at == ""
    assert CaddyLog().record(b'{"level":"info","msg":"server running"}') is None
    assert CaddyLog().sound(LINE + b"\nnoise\n") == 1
