"""WeCom 智能机器人: JSON in the same envelope; an answer is a stream that the platform asks for until it is finished.

Each answer's `content` is the whole text so far, at most 20,480 UTF-8 bytes, in Markdown.
"""

from __future__ import annotations

import json
import time
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field, ValidationError

from prompts import choices, sentence
from ui.channels.callbacks import (
    Clock,
    check_fresh,
    echo_sealed,
    open_sealed,
    refused_by_status,
    seal_reply,
    unread,
)
from ui.channels.crypto import Envelope
from ui.channels.streams import Streams
from ui.logs import alias
from vectorstore.errors import InputError

_Text = Annotated[str, Field(max_length=4096)]


class _Said(BaseModel):
    content: str = ""


class _From(BaseModel):
    userid: _Text = ""


class _Stream(BaseModel):
    id: _Text = ""


class BotMessage(BaseModel):
    """What the platform sends: a message, an event, or the question how far a stream has come."""

    msgid: _Text = ""
    aibotid: _Text = ""
    chatid: _Text = ""
    msgtype: _Text
    sender: _From = Field(default_factory=_From, alias="from")
    text: _Said = Field(default_factory=_Said)
    voice: _Said = Field(default_factory=_Said)
    stream: _Stream = Field(default_factory=_Stream)
    event: dict[str, Any] = Field(default_factory=dict)

    @property
    def said(self) -> str:
        """The text, or what was understood of a voice."""
        return self.text.content or self.voice.content


def wecom_bot_router(account: Envelope, streams: Streams, clock: Clock = time.time) -> APIRouter:
    """`/wecom/bot`."""
    router = APIRouter()

    @router.get("/wecom/bot")
    def verify(request: Request) -> Response:
        return echo_sealed(account, request.query_params)

    @router.post("/wecom/bot")
    async def receive(request: Request) -> Response:
        query, body = request.query_params, await request.body()
        with refused_by_status():
            check_fresh(query.get("timestamp", ""), clock())
            opened = open_sealed(account, query, _sealed(body))
            message = _read(opened.message)
        request.state.user = alias(account.token, message.sender.userid)
        reply = await _answer(message, streams)
        return JSONResponse(_seal(account, reply, opened.key)) if reply else PlainTextResponse("")

    return router


def _sealed(body: bytes) -> str:
    try:
        sealed = str(json.loads(body)["encrypt"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("malformed_message") from error
    if not sealed.isascii():  # json takes half a surrogate pair, which no signature can be made over
        raise InputError("malformed_message")
    return sealed


def _read(raw: bytes) -> BotMessage:
    try:
        return BotMessage.model_validate_json(raw)
    except ValidationError as error:
        raise InputError("malformed_message") from error


def _seal(account: Envelope, reply: dict[str, Any], key: bytes) -> dict[str, str | int]:
    sealed = seal_reply(account, json.dumps(reply, ensure_ascii=False), key)
    return {
        "encrypt": sealed.message, "msgsignature": sealed.signature, "timestamp": int(sealed.timestamp),
        "nonce": sealed.nonce,
    }  # fmt: skip


async def _answer(message: BotMessage, streams: Streams) -> dict[str, Any] | None:
    """The reply: how far the stream has come, a greeting, or None for nothing."""
    if message.msgtype == "stream":
        return _stream(message.stream.id, *await streams.look(message.stream.id))
    if message.msgtype == "event":
        if message.event.get("eventtype") != "enter_chat":
            return None
        welcome = "\n".join((sentence("chat_welcome"), *(f"- {example}" for example in choices("chat_examples"))))
        return {"msgtype": "text", "text": {"content": welcome}}
    if not message.msgid:
        return None
    if not message.said:
        return _stream(message.msgid, unread(message.msgtype), True)
    user = f"{message.chatid}/{message.sender.userid}"
    stream = streams.open((message.aibotid, user, message.msgid), user, message.said)
    return _stream(stream, *await streams.look(stream))


def _stream(stream: str, content: str, finished: bool) -> dict[str, Any]:
    return {"msgtype": "stream", "stream": {"id": stream, "finish": finished, "content": content}}
