"""Linear tells who the key belongs to, in the fields asked for."""

from __future__ import annotations

import json
from typing import Any

SHAPES = {
    "graphql": [("POST", "/graphql", {"authorization": f"lin_api_{d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""An empty query is told what is wrong with it, by the parser of all the world."""

KEY = "lin_api_" + "aB3d" * 10


def said(answer: Any) -> Any:
    return json.loads(answer.body)


def test_the_viewer_in_the_fields_asked_for(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": "query { viewer { id name } issues { nodes { id } } }"}).encode()
    name, answer = ask("POST", "/graphql", body, authorization=KEY)
    assert (name, answer.status) == ("linear", 200)
    assert set(said(answer)["data"]["viewer"]) == {"id", "name"}
    assert said(answer)["data"]["issues"] == {"nodes": []}


def test_a_change_and_no_query_are_refused(ask) -> None:  # type: ignore[no-untyped-def]
    body = json.dumps({"query": 'mutation { issueCreate(input: {title: "x"}) { success } }'}).encode()
    assert (
        said(ask("POST", "/graphql", body, authorization=KEY)[1])["errors"][0]["extensions"]["code"]
        == "FORBIDDEN"
    )
    assert ask("POST", "/graphql", b"query=", authorization=KEY)[1].status == 400
