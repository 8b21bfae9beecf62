"""WeCom application: the callback at `/wecom`, always sealed; its passive replies are plain text."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from ui.channels.callbacks import (
    Clock,
    check_fresh,
    echo_sealed,
    open_sealed,
    refused_by_status,
    sealed_xml,
    unread,
)
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
        return echo_sealed(account, request.query_params)

    @router.post("/wecom")
    async def receive(request: Request) -> Response:
        query, body = request.query_params, await request.body()
        with refused_by_status():
            check_fresh(query.get("timestamp", ""), clock())
            opened = open_sealed(account, query, read_fields(body).get("Encrypt", ""))
            message = read_message(opened.message)
        request.state.user = alias(account.token, message.sender)
        said = await _answer(message, letters)
        if not said:
            return PlainTextResponse("")
        xml = write_text(message, said, int(clock()))
        return Response(sealed_xml(account, xml, opened.key), media_type="application/xml")

    return router


async def _answer(message: Message, letters: Correspondence) -> str:
    """What to reply to a message or an event; "" for nothing."""
    if message.kind == "text":
        return await letters.reply(_letter(message, message.content))
    if message.kind != "event":
        return unread(message.kind)
    if message.event == "click" and message.event_key:
        return await letters.reply(_letter(message, message.event_key))
    if message.event in ("subscribe", "enter_agent"):
        return letters.welcome()
    return ""


def _letter(message: Message, said: str) -> Letter:
    return Letter(_CHANNEL, message.to, message.sender, message.identity, said)
