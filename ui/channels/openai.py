"""The OpenAI-compatible API: bots and chat pages plug in by setting a base URL.

The whole history comes with each call and no user id, so what is remembered is kept under what was said: the same
history gives the same state, whoever says it, and one that is not known yet is gone through once more.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from assistant import Answer, KepuChain
from prompts import sentence
from ui.access import Access
from ui.faults import explain
from vectorstore.errors import KepuError
from vectorstore.state import StateStore

MODEL = "kepu"
"""The name of the only model there is."""
_REMEMBERED = 8
"""So many messages of the user are gone through at most."""


class Message(BaseModel):
    """One message; content is a string or a list of parts of which the text counts."""

    model_config = ConfigDict(extra="ignore")
    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "".join(str(part.get("text", "")) for part in self.content if part.get("type") == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether a last chunk with the usage is wanted."""

    model_config = ConfigDict(extra="ignore")
    include_usage: bool = False


class Completion(BaseModel):
    """The body of a call; tools, temperatures and unknown keys are accepted and ignored."""

    model_config = ConfigDict(extra="ignore")
    messages: list[Message]
    model: str = MODEL
    stream: bool = False
    stream_options: StreamOptions | None = None


def openai_router(chain: KepuChain, sessions: StateStore, access: Access) -> APIRouter:
    """`/v1/models` and `/v1/chat/completions`."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(access.admit)])

    @router.get("/models")
    def models() -> dict[str, Any]:
        entry = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
        return {"object": "list", "data": [entry]}

    @router.post("/chat/completions", response_model=None)
    def complete(body: Completion) -> Response:
        said = [m.text.strip() for m in body.messages if m.role == "user" and m.text.strip()]
        if not said:
            return _fault(sentence("openai_no_question"))
        try:
            answer = _answer(chain, sessions, said[-_REMEMBERED:])
        except KepuError as error:
            return _fault(explain(error))
        if body.stream:
            wants_usage = body.stream_options is not None and body.stream_options.include_usage
            return StreamingResponse(_chunks(answer, body, wants_usage), media_type="text/event-stream")
        message = {"role": "assistant", "content": answer.text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return JSONResponse({**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(body, answer)})

    return router


def _answer(chain: KepuChain, sessions: StateStore, said: Sequence[str]) -> Answer:
    """The answer to the last of some messages, said one after another."""
    before, now = _session(said[:-1]), _session(said)
    if before and not sessions.get(before):
        _answer(chain, sessions, said[:-1])
    sessions.put(now, sessions.get(before) if before else {})
    return chain.invoke({"question": said[-1], "session": now})


def _session(said: Sequence[str]) -> str:
    """A name for what was said; "" for nothing."""
    return f"said-{hashlib.sha256(json.dumps(said).encode()).hexdigest()}" if said else ""


def _chunks(answer: Answer, body: Completion, wants_usage: bool) -> Iterator[str]:
    head = _head(body, "chat.completion.chunk")

    def chunk(delta: dict[str, str], finish: str | None = None) -> str:
        return _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]})

    yield chunk({"role": "assistant", "content": ""})
    lines = answer.text.split("\n")
    for n, line in enumerate(lines):
        yield chunk({"content": line + ("\n" if n < len(lines) - 1 else "")})
    yield chunk({}, "stop")
    if wants_usage:
        yield _event({**head, "choices": [], "usage": _usage(body, answer)})
    yield "data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _head(body: Completion, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": body.model}


def _usage(body: Completion, answer: Answer) -> dict[str, int]:
    """Characters stand for tokens: there is no tokenizer, and nothing is billed."""
    asked, said = sum(len(m.text) for m in body.messages), max(1, len(answer.text))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _fault(said: str) -> Response:
    body = {"error": {"message": said, "type": "invalid_request_error", "param": None, "code": None}}
    return JSONResponse(body, 400)
