"""The envelope of WeChat and WeCom messages: signature, AES-256-CBC, the receiver's id inside.

Scheme and test vectors: the vendors' documents of message encryption (msg_signature, EncodingAESKey).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_KEY_CHARACTERS = 43
_RANDOM = 16
_LENGTH = 4


class EnvelopeError(ValueError):
    """A message that is not from whom it says, or is damaged."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An encrypted reply with what proves it."""

    encrypted: str
    signature: str
    timestamp: str
    nonce: str


def sign(*parts: str) -> str:
    """The signature over a token and other parts: SHA-1 of the parts in order of their characters."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Whether a signature is right."""
    return secrets.compare_digest(signature.encode(), sign(*parts).encode())


class Crypto:
    """Decrypts and encrypts for one receiver (appid or corp id). Raises ValueError when the key is none."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        if len(aes_key) != _KEY_CHARACTERS:
            raise ValueError("an EncodingAESKey has 43 characters")
        self._token, self._receiver = token, receiver.encode()
        self._key = base64.b64decode(aes_key + "=")

    def decrypt(self, encrypted: str, signature: str, timestamp: str, nonce: str) -> str:
        """The message inside. Raises EnvelopeError when signature, padding or receiver are wrong."""
        if not is_signed(signature, self._token, timestamp, nonce, encrypted):
            raise EnvelopeError("signature")
        try:
            raw = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher().decryptor()
            padded = decryptor.update(raw) + decryptor.finalize()
            content = padded[_RANDOM : -_padding(padded)]
            (size,) = struct.unpack(">I", content[:_LENGTH])
            message, receiver = content[_LENGTH : _LENGTH + size], content[_LENGTH + size :]
            said = message.decode()
        except (binascii.Error, ValueError, struct.error) as error:
            raise EnvelopeError("damaged") from error
        if not secrets.compare_digest(receiver, self._receiver):
            raise EnvelopeError("receiver")
        return said

    def encrypt(self, said: str, timestamp: str, nonce: str, salt: bytes | None = None) -> Envelope:
        """A reply; `salt` are the 16 random bytes at its beginning."""
        message = said.encode()
        head = (salt or secrets.token_bytes(_RANDOM)) + struct.pack(">I", len(message))
        content = head + message + self._receiver
        missing = _BLOCK - len(content) % _BLOCK
        encryptor = self._cipher().encryptor()
        raw = encryptor.update(content + bytes([missing]) * missing) + encryptor.finalize()
        encrypted = base64.b64encode(raw).decode()
        return Envelope(encrypted, sign(self._token, timestamp, nonce, encrypted), timestamp, nonce)

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:_RANDOM]))


def _padding(padded: bytes) -> int:
    size = padded[-1]
    if not 1 <= size <= _BLOCK or padded[-size:] != bytes([size]) * size:
        raise ValueError("padding")
    return size
