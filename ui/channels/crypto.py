"""The envelope that WeChat and WeCom put around a message: a signature over four strings, AES-256-CBC inside.

Plaintext of a sealed message: 16 random bytes, its length (four bytes, big-endian), the message, the receiver's id,
padded as in PKCS#7 to blocks of 32 bytes; the initialisation vector is the first half of the key.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
from dataclasses import dataclass
from hashlib import sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from vectorstore.errors import Forged, InputError

_BLOCK = 32
_RANDOM = 16
_HEAD = _RANDOM + 4


def read_key(encoded: str) -> bytes:
    """The 32 bytes of an EncodingAESKey of 43 characters. Raises InputError `bad_setting`."""
    try:
        key = base64.b64decode(encoded + "=", validate=True)
    except ValueError:
        key = b""
    if len(key) != _BLOCK:
        raise InputError("bad_setting", reason="EncodingAESKey")
    return key


def sign(token: str, *parts: str) -> str:
    """The signature over a token and the strings that go with a message."""
    return sha1("".join(sorted([token, *parts])).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Opened:
    """A message taken out of its envelope, and the key that opened it: the answer is sealed with the same."""

    message: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is agreed with the platform: the token, who the receiver is, the keys in force (the present one first)."""

    token: str
    receiver: str
    keys: tuple[bytes, ...] = ()

    def check(self, signature: str, *parts: str) -> None:
        """Raises Forged when a signature is not the one over `parts`."""
        if not hmac.compare_digest(sign(self.token, *parts).encode(), signature.encode()):
            raise Forged

    def open(self, sealed: str) -> Opened:
        """The message in `sealed`. Raises Forged when no key opens it, or when it is for somebody else."""
        try:
            raw = base64.b64decode(sealed, validate=True)
        except ValueError as error:
            raise Forged from error
        for key in self.keys:
            message = self._opened(raw, key)
            if message is not None:
                return Opened(message, key)
        raise Forged

    def _opened(self, raw: bytes, key: bytes) -> bytes | None:
        if not raw or len(raw) % (algorithms.AES.block_size // 8):
            return None
        decryptor = _cipher(key).decryptor()
        padded = decryptor.update(raw) + decryptor.finalize()
        fill = padded[-1]
        if not 1 <= fill <= _BLOCK or not hmac.compare_digest(padded[-fill:], bytes([fill]) * fill):
            return None
        plain = padded[:-fill]
        if len(plain) < _HEAD:
            return None
        end = _HEAD + int(struct.unpack(">I", plain[_RANDOM:_HEAD])[0])
        return plain[_HEAD:end] if plain[end:] == self.receiver.encode() and end <= len(plain) else None

    def seal(self, message: str, key: bytes, random: bytes = b"") -> str:
        """`message` sealed with `key`; `random` is 16 bytes, drawn when none are given."""
        said = message.encode()
        plain = (random or secrets.token_bytes(_RANDOM)) + struct.pack(">I", len(said)) + said + self.receiver.encode()
        fill = _BLOCK - len(plain) % _BLOCK
        encryptor = _cipher(key).encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()).decode()


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
