"""A hit's body holds what was observed."""

from __future__ import annotations

from listener.evidence.reading import Reading
from listener.evidence.shapes import HitBody
from listener.evidence.sighting import Sighting
from listener.ingest.hit_body import hit_body
from listener.ingest.matcher import Match, Owner


def test_bounds_and_a_late_recognition_are_told_where_there_are_any() -> None:
    seen = Sighting(
        id="0" * 32, trap="redis", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=b"x", size=5, front="f", number=1, connection=1, clock={}, tls={"hello": b"\x16"},
    )  # fmt: skip
    match = Match(Owner("c1", "url", "path", 0, "", "", b""), ("path",))
    body = hit_body(seen, Reading({"user": "ann"}), match)
    assert body["observed"] == {"user": "ann"}
    assert (body["raw_truncated"], body["tls"]) == (True, {"hello": "16"})
    assert "recognised_at" not in body
    late = hit_body(seen, Reading({}, (), ("work",)), match, "2026-01-01T00:00:00.000000Z")
    assert late["observed"] == {"bounds": ["work"]}
    assert late["recognised_at"] == "2026-01-01T00:00:00.000000Z"


def test_the_shape_names_every_field() -> None:
    seen = Sighting(
        id="0" * 32, trap="redis", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=b"x", size=1, front="f", number=1, connection=1, clock={},
    )  # fmt: skip
    match = Match(Owner("c1", "url", "path", 0, "", "", b""), ("path",))
    assert hit_body(seen, Reading(), match).keys() == HitBody.__required_keys__
    later = hit_body(
        seen, Reading(), match, "2026-01-01T00:00:00.000000Z", follows="h1", part="act", whole_sha256="0" * 64
    )
    assert later.keys() == HitBody.__required_keys__ | HitBody.__optional_keys__
