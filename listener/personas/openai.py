"""The OpenAI API, and Groq's in the same form: models, chat completions, responses, embeddings refused; streams too.

platform.openai.com/docs/api-reference, console.groq.com/docs/api-reference. The
answers are short and dull: a model that says little is believed.
"""

from __future__ import annotations

import json
import re
from typing import ClassVar

from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.personas._completions import Headers, chat, forces_a_tool, in_form, response

_PATHS = re.compile(
    r"(?:/openai)?(?:/v1)?/(models|chat/completions|completions|responses|embeddings|files|images/generations)(?:/([\w.:-]{1,80}))?\Z"
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
_GROQ = ("llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b", "whisper-large-v3")
_KEY = re.compile(r"sk-(?!ant-)|gsk_")
_REPLIES = (
    "Hello! How can I help you today?",
    "Sure. Could you give me a little more detail?",
    "I'm here. What would you like to do?",
    "Of course. What do you need?",
)


class OpenAI(Persona):
    name: ClassVar[str] = "openai"
    order: ClassVar[int] = 40
    kinds = frozenset({"openai-key", "groq-key"})
    segments = frozenset(
        {"openai", "v1", "models", "chat", "completions", "responses", "embeddings", "files", "images"}
    )
    prefix = re.compile(r"(?:/openai)?/v1(?:/|\Z)")
    token = _KEY

    def claims(self, request: Request) -> bool:
        path = request.service_path
        return _PATHS.match(path) is not None and (
            path.startswith(("/v1/", "/openai/v1/")) or bool(_KEY.match(request.credential))
        )

    def answer(self, request: Request) -> Answer:
        found = _PATHS.match(request.service_path)
        if found is None or not _KEY.match(request.credential):
            return _error(401, "Incorrect API key provided.", "invalid_api_key")
        once = self.identity.once("openai", request.seen)
        headers = (("x-request-id", f"req_{once.text('request', HEX, 32)}"), ("openai-version", "2020-10-01"))
        if request.method == "GET":
            groq = request.credential.startswith("gsk_")
            return self._models(found[1], found[2], headers, _GROQ if groq else _MODELS)
        try:
            asked = json.loads(request.body)
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("model"), str):
            return _error(400, "you must provide a model parameter", None)
        if found[1] not in ("chat/completions", "completions", "responses") or forces_a_tool(asked):
            return _error(
                429,
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota",
            )
        make = response if found[1] == "responses" else chat
        return make(asked, in_form(asked, self._reply(request)), request.at // 1_000_000, once, headers)

    def unknown(self, request: Request) -> Answer:
        asked = f"{request.method[:16]} {request.service_path[:200]}"
        if request.credential.startswith("gsk_"):
            docs = "Please check the URL for typos, or see the docs at https://console.groq.com/docs/"
            return _error(404, f"Unknown request URL: {asked}. {docs}", "unknown_url")
        return _error(404, f"Invalid URL ({asked})", None)

    def _models(self, what: str, name: str | None, headers: Headers, known: tuple[str, ...]) -> Answer:
        listed = self.identity.stream("openai")
        models = [
            {
                "id": model,
                "object": "model",
                "created": listed.between(model, 1_706_000_000, 1_744_000_000),
                "owned_by": "system",
            }
            for model in (known if what == "models" else ())
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


def _error(status: int, message: str, code: str | None) -> Answer:
    document = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}
    return Answer.of_json(status, document)
