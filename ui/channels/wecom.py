"""WeCom application: the callback at `/wecom`, always sealed; its passive replies are plain text."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from assistant.plain import with_options
from prompts import choices, sentence
from ui.channels.callbacks import Clock, check_fresh, refused_by_status, sealed_reply
from ui.channels.correspondence import Correspondence, Letter
from ui.channels.crypto import Envelope
from ui.channels.messages import Message, read_fields, read_message, write_text
from ui.logs import alias

_CHANNEL = "wecom"


def wecom_router(account: Envelope, letters: Correspondence, clock: Clock = time.time) -> APIRouter:
    """`/wecom`."""
    router = APIRouter()

    @router.get("/wecom")
    def verify(request: Request) -> Response:
        query = request.query_params
        with refused_by_status():
            sealed = query.get("echostr", "")
            signature = query.get("msg_signature", "")
            account.check(signature, query.get("timestamp", ""), query.get("nonce", ""), sealed)
            return PlainTextResponse(account.open(sealed).message)

    @router.post("/wecom")
    async def receive(request: Request) -> Response:
        query, body = request.query_params, await request.body()
        with refused_by_status():
            timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
            check_fresh(timestamp, clock())
            sealed = read_fields(body).get("Encrypt", "")
            account.check(query.get("msg_signature", ""), timestamp, nonce, sealed)
            opened = account.open(sealed)
            message = read_message(opened.message)
        request.state.user = alias(account.token, message.sender)
        said = await _answer(message, letters)
        if not said:
            return PlainTextResponse("")
        xml = write_text(message, said, int(clock()))
        return Response(sealed_reply(account, xml, opened.key), media_type="application/xml")

    return router


async def _answer(message: Message, letters: Correspondence) -> str:
    """What to reply to a message or an event; "" for nothing."""
    if message.kind == "text":
        return await letters.reply(_letter(message, message.content))
    if message.kind != "event":
        return sentence({"voice": "chat_voice", "image": "chat_image"}.get(message.kind, "chat_other"))
    if message.event == "click" and message.event_key:
        return await letters.reply(_letter(message, message.event_key))
    if message.event in ("subscribe", "enter_agent"):
        return with_options(sentence("chat_welcome"), list(choices("chat_examples")), letters.link)
    return ""


def _letter(message: Message, said: str) -> Letter:
    return Letter(_CHANNEL, message.to, message.sender, message.identity, said)
