"""What a language model of OpenAI's API says, whole or as a stream of events.

platform.openai.com/docs/api-reference: chat completions, responses, and the streaming events of both. No answer ever
calls a tool: that would run something on the visitor's machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from canaries.crypto.seeded_random import BASE62, HEX, SeededRandom
from listener.personas import Answer

Headers = tuple[tuple[str, str], ...]
_USAGE = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}


def forces_a_tool(asked: dict[str, Any]) -> bool:
    """Whether the answer would have to be the call of a tool (``tool_choice``: required, or one by name)."""
    choice = asked.get("tool_choice", asked.get("function_call"))
    return choice == "required" or isinstance(choice, dict)


def in_form(asked: dict[str, Any], reply: str) -> str:
    """``reply``, or an empty object where JSON must be answered."""
    form = asked.get("response_format")
    if not isinstance(form, dict):
        form = asked.get("text")
        form = form.get("format") if isinstance(form, dict) else None
    wants = isinstance(form, dict) and form.get("type") in ("json_object", "json_schema")
    return "{}" if wants else reply


def chat(asked: dict[str, Any], reply: str, now: int, once: SeededRandom, headers: Headers) -> Answer:
    """A chat completion, or one of the older sort where ``prompt`` was asked."""
    older = "prompt" in asked and "messages" not in asked
    name = "text_completion" if older else "chat.completion"
    base = {
        "id": f"{'cmpl' if older else 'chatcmpl'}-{once.text('id', BASE62, 29)}",
        "created": now,
        "model": asked["model"],
        "service_tier": "default",
        "system_fingerprint": f"fp_{once.text('fingerprint', HEX, 10)}",
    }
    if asked.get("stream"):
        return _events(_chunks(asked, base, name, reply, older=older), headers)
    if older:
        choice: dict[str, Any] = {"text": reply, "index": 0, "logprobs": None, "finish_reason": "stop"}
    else:
        message: dict[str, Any] = {"role": "assistant", "content": reply, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    document = {**base, "object": name, "choices": [choice], "usage": _USAGE}
    return Answer.of_json(200, document, *headers, name="chat")


def _chunks(asked: dict[str, Any], base: dict[str, Any], name: str, reply: str, *, older: bool) -> list[str]:
    """One event a word, the reason of the end, the usage where that is wanted, and the mark of the end."""
    options = asked.get("stream_options")
    counted = isinstance(options, dict) and bool(options.get("include_usage"))
    deltas: list[tuple[dict[str, Any], str | None]] = []
    if not older:
        deltas.append(({"role": "assistant", "content": "", "refusal": None}, None))
    deltas += [({"content": word}, None) for word in re.findall(r"\s*\S+", reply)]
    deltas.append(({}, "stop"))
    chunks: list[dict[str, Any]] = []
    for delta, end in deltas:
        shown = {"text": delta.get("content", "")} if older else {"delta": delta}
        choice = {"index": 0, **shown, "logprobs": None, "finish_reason": end}
        usage = {"usage": None} if counted else {}
        chunks.append({**base, "object": name if older else f"{name}.chunk", "choices": [choice], **usage})
    if counted:
        chunks.append({**base, "object": f"{name}.chunk", "choices": [], "usage": _USAGE})
    return [*(f"data: {_compact(chunk)}\n\n" for chunk in chunks), "data: [DONE]\n\n"]


def response(asked: dict[str, Any], reply: str, now: int, once: SeededRandom, headers: Headers) -> Answer:
    """A response of the newer API."""
    text = {"type": "output_text", "text": reply, "annotations": [], "logprobs": []}
    said = {
        "id": f"msg_{once.text('message', HEX, 48)}",
        "type": "message",
        "status": "completed",
        "content": [text],
        "role": "assistant",
    }
    tools = asked.get("tools")
    document = {
        "id": f"resp_{once.text('id', HEX, 48)}",
        "object": "response",
        "created_at": now,
        "status": "completed",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": None,
        "model": asked["model"],
        "output": [said],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": tools if isinstance(tools, list) else [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": 9,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 9,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 18,
        },
        "metadata": {},
    }
    if not asked.get("stream"):
        return Answer.of_json(200, document, *headers, name="response")
    return _events(_response_events(document, said, text), headers)


def _response_events(document: dict[str, Any], said: dict[str, Any], text: dict[str, Any]) -> list[str]:
    begun = {**document, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": said["id"], "output_index": 0, "content_index": 0}
    nothing = {**text, "text": ""}
    events: list[tuple[str, dict[str, Any]]] = [
        ("created", {"response": begun}),
        ("in_progress", {"response": begun}),
        (
            "output_item.added",
            {"output_index": 0, "item": {**said, "status": "in_progress", "content": []}},
        ),
        ("content_part.added", {**place, "part": nothing}),
    ]
    events += [
        ("output_text.delta", {**place, "delta": word, "logprobs": []})
        for word in re.findall(r"\s*\S+", text["text"])
    ]
    events += [
        ("output_text.done", {**place, "text": text["text"], "logprobs": []}),
        ("content_part.done", {**place, "part": text}),
        ("output_item.done", {"output_index": 0, "item": said}),
        ("completed", {"response": document}),
    ]
    return [
        f"event: response.{kind}\n"
        f"data: {_compact({'type': f'response.{kind}', 'sequence_number': number, **event})}\n\n"
        for number, (kind, event) in enumerate(events)
    ]


def _compact(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def _events(lines: Iterable[str], headers: Headers) -> Answer:
    """Server-sent events (WHATWG HTML, section 9.2), all at once."""
    kind = ("Content-Type", "text/event-stream; charset=utf-8")
    return Answer(200, (kind, *headers), "".join(lines).encode(), "stream")
