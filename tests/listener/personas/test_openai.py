"""The real library lists models, chats, streams and gets a response; a key of another shape is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

SHAPES = {
    "models": [("GET", "/v1/models", {"authorization": f"Bearer sk-proj-{d * 40}"}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""
SAME_EVERYWHERE = True
"""The service itself answers everybody alike."""

KEY = "sk-proj-" + "a1" * 40
TALK = [{"role": "user", "content": "hi"}]


@pytest.fixture(scope="module")
def openai() -> Any:
    """Half a second of imports: only who runs these tests has them."""
    return pytest.importorskip("openai")


@pytest.fixture(params=["", "/q7f3k29xk2m5v8w1z4y6c"])
def client(openai: Any, stand_in: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    with openai.OpenAI(api_key=KEY, base_url=f"{stand_in}{request.param}/v1", max_retries=0) as made:
        yield made


def test_models(client: Any, openai: Any) -> None:
    models = [model.id for model in client.models.list()]
    assert "gpt-4o" in models
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-99")


def test_chat(client: Any) -> None:
    said = client.chat.completions.create(model="gpt-4o", messages=TALK)
    assert said.choices[0].message.content
    assert said.id.startswith("chatcmpl-")
    assert (said.model, said.created) == ("gpt-4o", 1_795_000_000)


def test_a_streamed_chat_says_the_same(client: Any) -> None:
    with client.chat.completions.create(model="gpt-4o", messages=TALK, stream=True) as stream:
        chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_response(client: Any) -> None:
    assert client.responses.create(model="gpt-4o", input="hi").output_text
    with client.responses.create(model="gpt-4o", input="hi", stream=True) as stream:
        assert list(stream)[-1].response.output_text


def test_what_costs_more_is_over_quota(client: Any, openai: Any) -> None:
    with pytest.raises(openai.RateLimitError, match="quota"):
        client.embeddings.create(model="text-embedding-3-small", input="x")


def test_no_key_no_answer(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("GET", "/v1/models")[1].status == 401
    assert ask("GET", "/v1/models", authorization="Bearer xyz")[1].status == 401
    assert ask("POST", "/v1/chat/completions", b"[" * 5000, authorization=f"Bearer {KEY}")[1].status == 400
