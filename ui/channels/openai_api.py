"""The OpenAI-compatible API: any chat page or bot that speaks it answers with us once its base URL is set.

No user id comes with a request: `messages` is the whole history. What a conversation remembers is therefore kept
under a digest of what its user has said so far, which the next request repeats.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from assistant import Answer, KepuChain
from assistant.plain import plain_text
from assistant.privacy import mask
from ui.access import Access
from ui.asking import explained
from ui.faults import explain
from vectorstore.errors import InputError
from vectorstore.state import StateStore

MODEL = "kepu"
_REPLAYED = 3
"""Earlier questions that are gone through again when a client has cut the beginning of a conversation off."""


class Part(BaseModel):
    """A part of a message in list form; only text is read."""

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """One message of the history."""

    role: str
    content: str | list[Part] | None = None

    @property
    def said(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(p.text for p in self.content if p.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to hold besides its text."""

    include_usage: bool = False


class Completion(BaseModel):
    """The body of a request. Whatever else it holds (tools, temperatures, penalties) is accepted and ignored."""

    messages: list[Message]
    model: str = MODEL
    stream: bool | None = False
    stream_options: StreamOptions | None = None

    @property
    def asked(self) -> list[str]:
        """What the user has said, in order."""
        return [m.said for m in self.messages if m.role == "user"]


def openai_router(chain: KepuChain, store: StateStore, access: Access) -> APIRouter:
    """`/v1/models` and `/v1/chat/completions`."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(access.admit)])

    @router.get("/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [_model()]}

    @router.get("/models/{name}")
    def model(name: str) -> dict[str, Any]:
        return _model()

    @router.post("/chat/completions", response_model=None)
    def complete(body: Completion, request: Request) -> Response:
        if not body.asked:
            raise HTTPException(400, explain(InputError("no_user_message")))
        with explained(400):
            answer = _answer(chain, store, request.state.caller, body.asked)
        if body.stream:
            usage = bool(body.stream_options and body.stream_options.include_usage)
            return StreamingResponse(_chunks(body, answer, usage), media_type="text/event-stream")
        return JSONResponse(_whole(body, answer))

    return router


def add_openai_errors(app: FastAPI) -> None:
    """Errors under `/v1` in the form that clients of that API read; elsewhere as they were."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if not request.url.path.startswith("/v1/"):
            return await http_exception_handler(request, error)
        return JSONResponse(_error(str(error.detail), error.status_code), error.status_code, error.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if not request.url.path.startswith("/v1/"):
            return await request_validation_exception_handler(request, error)
        where = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return JSONResponse(_error(where, 400), 400)


def _error(said: str, status: int) -> dict[str, Any]:
    kind = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    return {"error": {"message": said, "type": kind.get(status, "invalid_request_error"), "param": None, "code": None}}


def _answer(chain: KepuChain, store: StateStore, caller: str, asked: list[str]) -> Answer:
    """The answer to the last question, in the state that the questions before it have led to."""
    before = asked[:-1]
    state = store.get(_digest(caller, before)) if before else {}
    if before and not state:
        state = _replayed(chain, store, before[-_REPLAYED:])
    session = _digest(caller, asked)
    store.put(session, state)
    return chain.invoke({"question": asked[-1], "session": session})


def _replayed(chain: KepuChain, store: StateStore, before: list[str]) -> dict[str, Any]:
    session = f"openai-{uuid4().hex}"
    for question in before:
        with explained(400):
            chain.invoke({"question": question, "session": session}, {"configurable": {"deadline": 0}})
    state = store.get(session)
    store.forget(session)
    return state


def _digest(caller: str, asked: list[str]) -> str:
    return "openai-" + sha256(json.dumps([caller, *(mask(q).text for q in asked)]).encode()).hexdigest()


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


def _head(body: Completion, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "object": kind, "created": int(time.time()), "model": body.model}


def _whole(body: Completion, answer: Answer) -> dict[str, Any]:
    message = {"role": "assistant", "content": plain_text(answer), "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(body, answer)}


def _chunks(body: Completion, answer: Answer, usage: bool) -> Iterator[str]:
    """The answer line by line. It is finished before: what was once streamed cannot be taken back."""
    head = _head(body, "chat.completion.chunk")
    deltas: list[dict[str, str]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": line} for line in plain_text(answer).splitlines(keepends=True)]
    for delta in deltas:
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]})
    if usage:
        yield _event({**head, "choices": [], "usage": _usage(body, answer)})
    yield "data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _usage(body: Completion, answer: Answer) -> dict[str, int]:
    """Characters stand for tokens: nothing is counted by a model, and clients need a number of at least 1."""
    asked, said = sum(len(m.said) for m in body.messages), max(1, len(plain_text(answer)))
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
