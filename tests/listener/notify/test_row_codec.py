from __future__ import annotations

from listener.notify.channels import Alert
from listener.notify.row_codec import Progress, RowCodec

ALERT = Alert(
    id="1" * 32, event="first", at="2026-11-22T12:00:00.000000Z", tags=("a",), facts={"x": {"y": [1]}}
)
PROGRESS = Progress(done=("a@example.org",), plain=True, since="x", incidents=("aa",))


def test_an_alert_and_its_progress_come_back_for_their_own_row_only() -> None:
    codec = RowCodec(bytes(32))
    assert codec.open("row", codec.seal("row", ALERT)) == ALERT
    assert codec.open_progress("row", codec.seal_progress("row", PROGRESS)) == PROGRESS
    assert codec.open("other", codec.seal("row", ALERT)) is None
    assert codec.open_progress("other", codec.seal_progress("row", PROGRESS)) == Progress()
    assert codec.open("row", codec.seal_progress("row", PROGRESS)) is None
    assert codec.open("row", None) is None
    assert codec.open_progress("row", None) == Progress()


def test_an_alert_of_release_0_1_still_opens() -> None:
    codec = RowCodec(bytes(32))
    old = b'{"id":"1","event":"first","at":"x","canary":"aa","hits":3,"facts":{},"sources":1}'
    alert = codec.open("row", codec._locker.seal(old, b"row"))
    assert alert is not None
    assert (alert.hits, alert.severity, alert.places) == (3, "", ())
