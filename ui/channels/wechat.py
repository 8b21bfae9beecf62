"""WeChat Official Account: the callback at `/wechat`, in plaintext or sealed, answered within the five seconds."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.datastructures import QueryParams

from ui.channels.callbacks import Clock, check_fresh, open_sealed, refused_by_status, sealed_xml, unread
from ui.channels.correspondence import Correspondence, Letter, Push
from ui.channels.crypto import Envelope, Opened
from ui.channels.messages import Message, read_fields, read_message, write_text
from ui.channels.wechat_api import CustomerService
from ui.logs import alias
from vectorstore.errors import Forged

DONE = "success"
"""What WeChat takes as: received, nothing to show."""
_CHANNEL = "wechat"


def wechat_router(
    account: Envelope, letters: Correspondence, service: CustomerService | None = None, clock: Clock = time.time
) -> APIRouter:
    """`/wechat`. `service` sends on what comes too late for a reply, where the account may."""
    router = APIRouter()

    @router.get("/wechat")
    def verify(request: Request) -> Response:
        query = request.query_params
        with refused_by_status():
            account.check(query.get("signature", ""), query.get("timestamp", ""), query.get("nonce", ""))
        return PlainTextResponse(query.get("echostr", ""))

    @router.post("/wechat")
    async def receive(request: Request) -> Response:
        body = await request.body()
        with refused_by_status():
            opened = open_message(account, request.query_params, body, clock())
            message = read_message(opened.message)
        request.state.user = alias(account.token, message.sender)
        said = await answer(message, letters, service)
        if not said:
            return PlainTextResponse(DONE)
        xml = write_text(message, said, int(clock()))
        return Response(sealed_xml(account, xml, opened.key) if opened.key else xml, media_type="application/xml")

    return router


def open_message(account: Envelope, query: QueryParams, body: bytes, now: float) -> Opened:
    """The message of a delivery; its key is empty when it came in plaintext.

    A signature of a plaintext delivery does not cover the message, so that none is taken once a key is set. Raises
    Forged, or InputError `malformed_message`.
    """
    check_fresh(query.get("timestamp", ""), now)
    if query.get("encrypt_type", "raw") != "aes":
        if account.keys:
            raise Forged
        account.check(query.get("signature", ""), query.get("timestamp", ""), query.get("nonce", ""))
        return Opened(body, b"")
    return open_sealed(account, query, read_fields(body).get("Encrypt", ""))


async def answer(message: Message, letters: Correspondence, service: CustomerService | None) -> str:
    """What to reply to a message or an event; "" for nothing."""
    if message.kind == "event":
        return await _event(message, letters, service)
    if message.kind == "text" or (message.kind == "voice" and message.content):
        return await letters.reply(_letter(message, message.content), _push(message, service))
    return unread(message.kind)


async def _event(message: Message, letters: Correspondence, service: CustomerService | None) -> str:
    if message.event == "unsubscribe":
        await letters.forget(_letter(message, ""))
    if message.event == "CLICK" and message.event_key:
        return await letters.reply(_letter(message, message.event_key), _push(message, service))
    return letters.welcome() if message.event in ("subscribe", "SCAN") else ""


def _letter(message: Message, said: str) -> Letter:
    return Letter(_CHANNEL, message.to, message.sender, message.identity, said, message.menu)


def _push(message: Message, service: CustomerService | None) -> Push | None:
    if service is None:
        return None

    async def push(said: str, generated: bool) -> bool:
        return await service.send(message.sender, said, generated)

    return push
