"""Logs: one JSON object a line on standard output, holding nothing that a person has said or is called.

A fault is told by its kind and where it happened; its message is left out, because it may repeat what was asked.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered; "" outside of one."""
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_INNERMOST = 6
"""So many of the places that a fault went through are told."""


class JsonLines(logging.Formatter):
    """A record as one JSON object: when, how grave, from where, in which request, what, and the fields given."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
            "request": REQUEST.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = _fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def set_up() -> None:
    """Sends every log of this process to standard output as JSON lines; of other libraries from warnings on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for ours in ("ui", "assistant"):
        logging.getLogger(ours).setLevel(logging.INFO)


def request_id(given: str) -> str:
    """The id of a request: the one that a proxy has given it when it is a plain one, else a new one."""
    return given if _GIVEN.fullmatch(given) else uuid4().hex


def alias(secret: str, user: str) -> str:
    """A name for a user in logs, the same each time; without the secret of the channel nobody can tell whose it is."""
    return hmac.new(secret.encode(), user.encode(), sha256).hexdigest()[:16]


def _fault(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_INNERMOST:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "places": places}
