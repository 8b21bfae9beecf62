"""Messages of WeChat and WeCom as XML: read without trust, written so that no text breaks them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from vectorstore.errors import InputError

LARGEST = 1 << 16
"""Bytes of a message; the longest text a user can send is a tenth of it."""
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 does not allow."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a user has sent or done. `kind` is text, image, voice, event …; unnamed fields are "".
    `content` is the text, or what the platform has understood of a voice.

    `id` is the platform's number of the message (events have none), `menu` comes back with a tapped link.
    """

    to: str
    sender: str
    created: str
    kind: str
    id: str
    content: str
    menu: str
    event: str
    event_key: str

    @property
    def identity(self) -> tuple[str, ...]:
        """What is the same each time the platform delivers it, and for no other message of the account."""
        if self.id:
            return (self.to, self.sender, self.id)
        return (self.to, self.sender, self.created, self.event, self.event_key)


def read_fields(raw: bytes) -> dict[str, str]:
    """The fields of an XML message by name. Raises InputError `malformed_message`."""
    if len(raw) > LARGEST:
        raise InputError("malformed_message")
    try:
        root = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise InputError("malformed_message") from error
    return {child.tag: child.text or "" for child in root}


def read_message(raw: bytes) -> Message:
    """The message. Raises InputError `malformed_message` also when it does not say from whom, to whom, what."""
    fields = read_fields(raw)
    said = fields.get("Content") or fields.get("Recognition", "")
    message = Message(
        to=fields.get("ToUserName", ""), sender=fields.get("FromUserName", ""), created=fields.get("CreateTime", ""),
        kind=fields.get("MsgType", ""), id=fields.get("MsgId", ""), content=said, menu=fields.get("bizmsgmenuid", ""),
        event=fields.get("Event", ""), event_key=fields.get("EventKey", ""),
    )  # fmt: skip
    if not (message.to and message.sender and message.kind and (message.id or message.created)):
        raise InputError("malformed_message")
    return message


def write_text(message: Message, said: str, now: int) -> str:
    """A text in reply to `message`; `now` is in seconds since the epoch."""
    return (
        f"<xml><ToUserName>{_data(message.sender)}</ToUserName><FromUserName>{_data(message.to)}</FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType>{_data('text')}</MsgType><Content>{_data(said)}</Content></xml>"
    )


def write_sealed(sealed: str, signature: str, timestamp: str, nonce: str) -> str:
    """A sealed reply."""
    return (
        f"<xml><Encrypt>{_data(sealed)}</Encrypt><MsgSignature>{_data(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_data(nonce)}</Nonce></xml>"
    )


def _data(said: str) -> str:
    return "<![CDATA[" + _FORBIDDEN.sub("", said).replace("]]>", "]]]]><![CDATA[>") + "]]>"
