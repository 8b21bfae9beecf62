"""Callbacks of WeChat and WeCom: what arrives is checked, opened and refused by status; replies are sealed alike."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import HTTPException

from ui.channels.crypto import Envelope, read_key, sign
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


def sealed_reply(agreed: Envelope, said: str, key: bytes) -> str:
    """A reply sealed and signed, as XML."""
    timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**9))
    sealed = agreed.seal(said, key)
    return write_sealed(sealed, sign(agreed.token, timestamp, nonce, sealed), timestamp, nonce)
