"""Callbacks of WeChat and WeCom: what arrives is checked, opened and refused by status; replies are sealed alike."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import HTTPException
from fastapi.responses import PlainTextResponse
from starlette.datastructures import QueryParams

from prompts import sentence
from ui.channels.crypto import Envelope, Opened, read_key, sign
from ui.channels.messages import write_sealed
from ui.faults import explain
from vectorstore.errors import Forged, InputError

Clock = Callable[[], float]
_FRESH = 600.0
"""Seconds that a signed message is good for: retries come within 15, clocks differ."""
_DIGITS = 12
"""A timestamp is no longer than this for some thousand years; Python reads no number of 5,000 digits."""


@contextmanager
def refused_by_status() -> Iterator[None]:
    """403 for what is forged, 400 for what cannot be read."""
    try:
        yield
    except Forged as error:
        raise HTTPException(403, explain(error)) from error
    except InputError as error:
        raise HTTPException(400, explain(error)) from error


def envelope(token: str, receiver: str, *keys: str) -> Envelope:
    """The envelope of an account from its settings; keys that are not set are left out. Raises InputError."""
    return Envelope(token, receiver, tuple(read_key(key) for key in keys if key))


def check_fresh(timestamp: str, now: float) -> None:
    """Raises Forged for a timestamp that is no number of seconds near `now`: somebody plays an old message again."""
    plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS
    if not (plain and abs(int(timestamp) - now) <= _FRESH):
        raise Forged


def open_sealed(agreed: Envelope, query: QueryParams, sealed: str) -> Opened:
    """What a call brings sealed, its signature checked. Raises Forged."""
    agreed.check(query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", ""), sealed)
    return agreed.open(sealed)


def echo_sealed(agreed: Envelope, query: QueryParams) -> PlainTextResponse:
    """The answer to the platform's question whether this address is the account's."""
    with refused_by_status():
        return PlainTextResponse(open_sealed(agreed, query, query.get("echostr", "")).message)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A reply in its envelope, and what its signature is over."""

    message: str
    signature: str
    timestamp: str
    nonce: str


def seal_reply(agreed: Envelope, said: str, key: bytes) -> Sealed:
    """A reply sealed and signed."""
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**9))
    sealed = agreed.seal(said, key)
    return Sealed(sealed, sign(agreed.token, timestamp, nonce, sealed), timestamp, nonce)


def sealed_xml(agreed: Envelope, said: str, key: bytes) -> str:
    """A reply sealed and signed, as XML."""
    reply = seal_reply(agreed, said, key)
    return write_sealed(reply.message, reply.signature, reply.timestamp, reply.nonce)


def unread(kind: str) -> str:
    """What to say to somebody who has sent what is not text."""
    return sentence({"voice": "chat_voice", "image": "chat_image"}.get(kind, "chat_other"))
