"""A model's answer whole and in events, of both APIs, as the real library reads them; never the call of a tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from listener.personas._completions import forces_a_tool, in_form

KEY = "sk-proj-" + "a" * 40
TOOLS: list[Any] = [{"type": "function", "function": {"name": "run", "parameters": {"type": "object"}}}]
TALK: list[Any] = [{"role": "user", "content": "hello"}]


@pytest.fixture
def client(stand_in: str) -> Iterator[Any]:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(api_key=KEY, base_url=f"{stand_in}/v1", max_retries=0) as made:
        yield made


def test_a_stream_says_what_the_whole_answer_says(client: Any) -> None:
    whole = client.chat.completions.create(model="gpt-4o", messages=TALK).choices[0].message.content
    options = {"include_usage": True}
    chunks = list(
        client.chat.completions.create(model="gpt-4o", messages=TALK, stream=True, stream_options=options)
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1])
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage.total_tokens == 18
    assert whole


def test_a_response_as_events(client: Any) -> None:
    with client.responses.stream(model="gpt-4o", input="hello") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert "response.output_text.delta" in kinds
    assert final.output_text


def test_tools_may_be_offered_and_are_never_called(client: Any) -> None:
    openai = pytest.importorskip("openai")
    answer = client.chat.completions.create(model="gpt-4o", messages=TALK, tools=TOOLS)
    assert answer.choices[0].message.tool_calls is None
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="gpt-4o", messages=TALK, tools=TOOLS, tool_choice="required")


def test_the_older_completions(client: Any) -> None:
    assert client.completions.create(model="gpt-3.5-turbo-instruct", prompt="x").choices[0].text
    texts = [c.choices[0].text for c in client.completions.create(model="x", prompt="x", stream=True)]
    assert "".join(texts)


def test_json_where_json_is_asked_for() -> None:
    assert in_form({"response_format": {"type": "json_object"}}, "Hello") == "{}"
    assert in_form({"text": {"format": {"type": "json_schema"}}}, "Hello") == "{}"
    assert in_form({"response_format": "x", "text": 3}, "Hello") == "Hello"


def test_what_forces_a_tool() -> None:
    assert forces_a_tool({"tool_choice": {"type": "function"}})
    assert forces_a_tool({"function_call": {"name": "x"}})
    assert not forces_a_tool({"tool_choice": "auto"})
