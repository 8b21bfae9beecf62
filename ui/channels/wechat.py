"""The WeChat Official Account: verification, plain and secure mode, one reply a message however often it comes.

Protocol: the vendor's documents of message callbacks. A reply must be there within five seconds; the same message is
delivered up to three times, and whichever delivery is still open gets the one reply that was made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from assistant import Answer, KepuChain
from prompts import choices, sentence
from ui.channels import plain
from ui.channels.crypto import Crypto, Envelope, EnvelopeError, is_signed
from ui.faults import explain
from vectorstore.deliveries import Deliveries
from vectorstore.errors import KepuError
from vectorstore.state import StateStore

DEADLINE = 4.5
"""Seconds within which the first delivery is replied to; WeChat drops the connection after five."""
_MODEL_SECONDS = 3.5
_LOOK_EVERY = 0.05
_SILENT = "success"


@dataclass(frozen=True, slots=True)
class Account:
    """What the settings say of the account: its token, id and keys (the old one while a key is being changed)."""

    token: str
    appid: str = ""
    aes_key: str = ""
    aes_key_old: str = ""

    def keys(self) -> list[Crypto]:
        """The envelopes it reads, the present key first. Raises ValueError when a key is none."""
        return [Crypto(self.token, key, self.appid) for key in (self.aes_key, self.aes_key_old) if key]


@dataclass(frozen=True, slots=True)
class Message:
    """One message or event: who, to whom, what kind, its fields."""

    sender: str
    account: str
    kind: str
    fields: dict[str, str]

    @property
    def key(self) -> str:
        """What tells it from others; deliveries of the same message have the same."""
        told = self.fields.get("MsgId") or "-".join(self.fields.get(n, "") for n in ("CreateTime", "Event", "EventKey"))
        return f"wechat:{self.account}:{self.sender}:{told}"[:200]

    @property
    def session(self) -> str:
        """The conversation: one an account and user."""
        return f"wechat:{self.account}:{self.sender}"[:128]


def wechat_router(chain: KepuChain, sessions: StateStore, deliveries: Deliveries, account: Account) -> APIRouter:
    """`/wechat`: GET proves the address, POST takes messages. Raises ValueError when a key in the settings is none."""
    router = APIRouter()
    keys = account.keys()

    @router.get("/wechat")
    def verify(signature: str, timestamp: str, nonce: str, echostr: str) -> PlainTextResponse:
        if not is_signed(signature, account.token, timestamp, nonce):
            raise HTTPException(403)
        return PlainTextResponse(echostr)

    @router.post("/wechat")
    async def receive(request: Request) -> Response:
        said = request.query_params
        if not is_signed(said.get("signature", ""), account.token, said.get("timestamp", ""), said.get("nonce", "")):
            raise HTTPException(403)
        message, key = _open(await request.body(), dict(said), keys)
        reply = await run_in_threadpool(_reply_once, chain, sessions, deliveries, message)
        return Response(_sealed(reply, message, key), media_type="text/xml" if reply != _SILENT else "text/plain")

    return router


def _open(body: bytes, query: dict[str, str], keys: list[Crypto]) -> tuple[Message, Crypto | None]:
    """The message and the key that opened it. A plain one is refused once there is a key: it is not signed."""
    root = _parsed(body)
    encrypted = root.findtext("Encrypt") or ""
    if not keys:
        return _message(root), None
    for key in keys if encrypted else ():
        try:
            opened = key.decrypt(encrypted, query.get("msg_signature", ""), query["timestamp"], query["nonce"])
        except EnvelopeError:
            continue
        return _message(_parsed(opened.encode())), key
    raise HTTPException(403)


def _parsed(body: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise HTTPException(400) from error
    return root


def _message(root: Element) -> Message:
    fields = {child.tag: child.text or "" for child in root}
    missing = [n for n in ("FromUserName", "ToUserName", "MsgType") if not fields.get(n)]
    if missing:
        raise HTTPException(400)
    return Message(fields["FromUserName"], fields["ToUserName"], fields["MsgType"], fields)


def _reply_once(chain: KepuChain, sessions: StateStore, deliveries: Deliveries, message: Message) -> str:
    """The reply, made by the first delivery; the others wait for it. Never later than the deadline."""
    begun = time.monotonic()
    if deliveries.claim(message.key):
        try:
            reply = _reply(chain, sessions, message)
        except KepuError as error:
            deliveries.release(message.key)
            return explain(error)
        deliveries.keep(message.key, reply)
        return reply
    while time.monotonic() - begun < DEADLINE:
        if (kept := deliveries.reply(message.key)) is not None:
            return kept
        time.sleep(_LOOK_EVERY)
    return _SILENT


def _reply(chain: KepuChain, sessions: StateStore, message: Message) -> str:
    """What is said to a message; `success` stands for nothing."""
    if message.kind == "event":
        return _to_event(chain, sessions, message)
    if message.kind == "text":
        return _to_text(chain, sessions, message, message.fields.get("Content", "").strip())
    if message.kind == "voice" and (heard := message.fields.get("Recognition", "").strip()):
        return _to_text(chain, sessions, message, heard)
    known = message.kind if message.kind in ("voice", "image") else "other"
    return sentence(f"wechat_{known}")


def _to_event(chain: KepuChain, sessions: StateStore, message: Message) -> str:
    event = message.fields.get("Event", "").lower()
    if event == "subscribe":
        return "\n".join([sentence("wechat_welcome"), *plain.links(choices("page_examples"))])
    if event == "unsubscribe":
        for name in (message.session, _rest_of(message)):
            sessions.forget(name)
        return _SILENT
    asked = message.fields.get("EventKey", "").strip()
    return _to_text(chain, sessions, message, asked) if event == "click" and asked else _SILENT


def _to_text(chain: KepuChain, sessions: StateStore, message: Message, asked: str) -> str:
    rest: list[str] = sessions.get(_rest_of(message)).get("pieces", [])
    if asked == sentence("wechat_continue") and rest:
        return _piece(sessions, message, rest)
    config: Any = {"configurable": {"deadline": _MODEL_SECONDS}}
    answer = chain.invoke({"question": asked, "session": message.session}, config)
    return _piece(sessions, message, _pieces(answer))


def _pieces(answer: Answer) -> list[str]:
    """An answer in pieces that each fit beside the link that fetches the next; things to tap under the last."""
    more = plain.link(sentence("wechat_continue"))
    under = "\n".join(plain.links(answer.suggestions))
    room = plain.TEXT_BYTES - len(more.encode()) - 1
    pieces = plain.cut(plain.escape(plain.said_of(answer)), room)
    last = f"{pieces[-1]}\n{under}" if under else pieces[-1]
    fits = len(last.encode()) <= plain.TEXT_BYTES
    return [*pieces[:-1], last] if fits else [*pieces, under]


def _piece(sessions: StateStore, message: Message, pieces: list[str]) -> str:
    """The first of some pieces; the others are kept until they are asked for."""
    first, *rest = pieces
    name = _rest_of(message)
    if rest:
        sessions.put(name, {"pieces": rest})
        return f"{first.rstrip()}\n{plain.link(sentence('wechat_continue'))}"
    sessions.forget(name)
    return first


def _rest_of(message: Message) -> str:
    return f"{message.session}:rest"[:128]


def _sealed(reply: str, message: Message, key: Crypto | None) -> str:
    if reply == _SILENT:
        return _SILENT
    now = str(int(time.time()))
    xml = (
        f"<xml><ToUserName>{_cdata(message.sender)}</ToUserName><FromUserName>{_cdata(message.account)}</FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType>{_cdata('text')}</MsgType><Content>{_cdata(reply)}</Content></xml>"
    )
    return xml if key is None else envelope_xml(key.encrypt(xml, now, now))


def envelope_xml(sealed: Envelope) -> str:
    """An encrypted reply as WeChat and WeCom take it."""
    return (
        f"<xml><Encrypt>{_cdata(sealed.encrypted)}</Encrypt><MsgSignature>{_cdata(sealed.signature)}</MsgSignature>"
        f"<TimeStamp>{sealed.timestamp}</TimeStamp><Nonce>{_cdata(sealed.nonce)}</Nonce></xml>"
    )


def _cdata(said: str) -> str:
    """Text inside XML; the end mark of CDATA cannot stand in it."""
    return f"<![CDATA[{said.replace(']]>', ']]]]><![CDATA[>')}]]>"
