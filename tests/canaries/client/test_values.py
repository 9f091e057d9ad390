"""What the client gives: secrets are not in their printed form."""

from __future__ import annotations

import base64

from canaries.client.values import RemoteBait, RemoteCanary


def test_a_bait_is_not_printed() -> None:
    said = {"id": "a", "kind": "url", "text": "the bait", "tokens": [{"facet": "path", "value": "the token"}]}
    said |= {
        "files": [
            {"path": "x", "sha256": "0", "content": base64.b64encode(b"the file").decode()},
            {"path": "y", "sha256": "0"},
        ]
    }
    bait = RemoteBait.of(said)
    assert [file.content for file in bait.files] == [b"the file", None]
    assert not [word for word in ("the bait", "the token", "the file") if word in repr(bait)]


def test_hits_may_be_unknown() -> None:
    said = dict.fromkeys(("id", "kind", "memo", "recipient", "owner", "state"), "x") | {"tags": ["a"]}
    assert RemoteCanary.of(said).hits is None
    assert RemoteCanary.of({**said, "hits": 2}).hits == 2
