"""The OpenAI API: models, chat completions, responses, embeddings refused; streams too.

platform.openai.com/docs/api-reference. The answers are short and dull: a model that says little is believed.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import BASE62, HEX, SeededRandom
from listener.personas import Answer, Persona, Request

_PATHS = re.compile(
    r"(?:/v1)?/(models|chat/completions|completions|responses|embeddings|files|images/generations)(?:/([\w.:-]{1,80}))?\Z"
)
_MODELS = (
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-4.1",
    "gpt-4.1-mini",
    "o3-mini",
    "text-embedding-3-small",
    "whisper-1",
)
_REPLIES = (
    "Hello! How can I help you today?",
    "Sure. Could you give me a little more detail?",
    "I'm here. What would you like to do?",
    "Of course. What do you need?",
)


class OpenAI(Persona):
    name: ClassVar[str] = "openai"
    order: ClassVar[int] = 40

    def claims(self, request: Request) -> bool:
        path = request.service_path
        return _PATHS.match(path) is not None and (
            path.startswith("/v1/") or request.credential.startswith("sk-")
        )

    def answer(self, request: Request) -> Answer:
        found = _PATHS.match(request.service_path)
        if found is None or not request.credential.startswith("sk-"):
            return _error(401, "Incorrect API key provided.", "invalid_api_key")
        once = self.identity.once("openai", request.seen)
        headers = (("x-request-id", f"req_{once.text('request', HEX, 32)}"), ("openai-version", "2020-10-01"))
        if request.method == "GET":
            return self._models(found[1], found[2], headers)
        try:
            asked = json.loads(request.body)
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("model"), str):
            return _error(400, "you must provide a model parameter", None)
        if found[1] not in ("chat/completions", "completions", "responses"):
            return _error(
                429,
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota",
            )
        make = _response if found[1] == "responses" else _completion
        return make(asked, self._reply(request), request.at // 1_000_000, once, headers)

    def _models(self, what: str, name: str | None, headers: tuple[tuple[str, str], ...]) -> Answer:
        listed = self.identity.stream("openai")
        models = [
            {
                "id": model,
                "object": "model",
                "created": listed.between(model, 1_706_000_000, 1_744_000_000),
                "owned_by": "system",
            }
            for model in (_MODELS if what == "models" else ())
        ]
        if name is None:
            return Answer.of_json(200, {"object": "list", "data": models}, *headers, name="list")
        for model in models:
            if model["id"] == name:
                return Answer.of_json(200, model, *headers, name="model")
        return _error(
            404, f"The model '{name}' does not exist or you do not have access to it.", "model_not_found"
        )

    def _reply(self, request: Request) -> str:
        return self.identity.stream("openai").pick(f"reply:{len(request.body)}", _REPLIES)


def _completion(
    asked: dict[str, Any], reply: str, now: int, once: SeededRandom, headers: tuple[tuple[str, str], ...]
) -> Answer:
    base = {"id": f"chatcmpl-{once.text('id', BASE62, 29)}", "created": now, "model": asked["model"]}
    if asked.get("stream"):
        deltas: list[tuple[dict[str, str], str | None]] = [
            ({"role": "assistant", "content": reply}, None),
            ({}, "stop"),
        ]
        chunks = [
            {
                **base,
                "object": "chat.completion.chunk",
                "choices": [{"index": 0, "delta": delta, "finish_reason": end}],
            }
            for delta, end in deltas
        ]
        return _events([f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"], headers)
    message = {"role": "assistant", "content": reply, "refusal": None}
    choice = {"index": 0, "message": message, "text": reply, "logprobs": None, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    return Answer.of_json(
        200, {**base, "object": "chat.completion", "choices": [choice], "usage": usage}, *headers, name="chat"
    )


def _response(
    asked: dict[str, Any], reply: str, now: int, once: SeededRandom, headers: tuple[tuple[str, str], ...]
) -> Answer:
    text = {"type": "output_text", "text": reply, "annotations": []}
    said = {
        "type": "message",
        "id": f"msg_{once.text('message', HEX, 48)}",
        "status": "completed",
        "role": "assistant",
        "content": [text],
    }
    document = {
        "id": f"resp_{once.text('id', HEX, 48)}",
        "object": "response",
        "created_at": now,
        "status": "completed",
        "model": asked["model"],
        "output": [said],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {"input_tokens": 9, "output_tokens": 9, "total_tokens": 18},
    }
    if asked.get("stream"):
        event = {"type": "response.completed", "sequence_number": 0, "response": document}
        return _events([f"event: response.completed\ndata: {json.dumps(event)}\n\n"], headers)
    return Answer.of_json(200, document, *headers, name="response")


def _events(lines: list[str], headers: tuple[tuple[str, str], ...]) -> Answer:
    """Server-sent events (WHATWG HTML, section 9.2), all at once."""
    return Answer(
        200,
        (("Content-Type", "text/event-stream; charset=utf-8"), *headers),
        "".join(lines).encode(),
        "stream",
    )


def _error(status: int, message: str, code: str | None) -> Answer:
    document = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    return Answer.of_json(status, document)
