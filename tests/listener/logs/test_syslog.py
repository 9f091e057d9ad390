"""Lines of syslog: each form that is found in files."""

from __future__ import annotations

import pytest

from listener.logs._syslog import sound, syslog_line
from listener.logs.syslog import SyslogFile

OLD = b"Nov 27 08:00:00 db1 sshd[811]: Accepted password for alice"
NEW = (
    b'<38>1 2026-11-27T08:00:00.5Z db1 sshd 811 ID47 [a@1 b="\\]\\""][c@1 d="e"] \xef\xbb\xbf'
    b"Accepted password for alice"
)
JOURNAL = (
    b'{"__REALTIME_TIMESTAMP":"1795766400000000","_HOSTNAME":"db1","SYSLOG_IDENTIFIER":"sshd","_PID":"811",'
    b'"MESSAGE":"Accepted password for alice"}'
)
FORMS = {
    "Nov 27 08:00:00": OLD,
    "2026-11-27T07:00:00.123456Z": b"2026-11-27T08:00:00.123456+01:00 db1 sshd[811]: Accepted password for alice",
    "2026-11-27T08:00:00.500000Z": NEW,
    "2026-11-27T08:00:00.000000Z": JOURNAL,
}


@pytest.mark.parametrize("at", FORMS)
def test_every_form(at: str) -> None:
    line = syslog_line(FORMS[at])
    assert line is not None
    assert (line.at, line.host, line.program, line.process) == (at, "db1", "sshd", "811")
    assert line.message == "Accepted password for alice"
    assert sound(FORMS[at] + b"\nnoise\n" + FORMS[at] + b"\n") == 2


def test_bytes_in_the_journal_and_what_is_none() -> None:
    line = syslog_line(b'{"MESSAGE":[104,105,255,true,9999]}')
    assert line is not None
    assert line.message.startswith("hi")
    assert syslog_line(b'{"__REALTIME_TIMESTAMP":"1"}') is None
    assert syslog_line(b"noise without a head") is None
    far = syslog_line(b'{"__REALTIME_TIMESTAMP":"99999999999999999999","MESSAGE":"m"}')
    assert far is not None
    assert far.at == ""


def test_a_line_of_a_program() -> None:
    found = SyslogFile().record(OLD)
    assert found is not None
    assert (found.event, found.request) == ("message", "Accepted password for alice")
    assert found.facts == {"host": "db1", "program": "sshd", "process": "811"}
    assert SyslogFile().record(b"noise") is None
    assert SyslogFile().sound(OLD + b"\nnoise") == 1
