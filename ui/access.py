"""Who may call the API: holders of a key; without any key only a direct call from this machine."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address

from fastapi import HTTPException
from starlette.requests import HTTPConnection

from prompts import sentence

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""Headers that a proxy adds: a call that carries one comes from somebody else."""
_DIGEST = "sha256:"


class Access:
    """The keys in force, kept as digests. A key is given in plain, or as `sha256:` and its hexadecimal digest."""

    def __init__(self, keys: list[str]) -> None:
        self._digests = [
            k.removeprefix(_DIGEST).lower() if k.startswith(_DIGEST) else sha256(k.encode()).hexdigest() for k in keys
        ]

    def caller(self, request: HTTPConnection) -> str | None:
        """Who calls: a name for the key's holder, "" for a direct call from this machine, None for anybody else."""
        if not self._digests:
            return "" if is_direct(request) else None
        given = sha256(_key(request).encode()).hexdigest()
        known = [d for d in self._digests if hmac.compare_digest(d, given)]
        return f"key-{known[0][:12]}" if known else None

    def admit(self, request: HTTPConnection) -> None:
        """A dependency that notes the caller in `request.state.caller`.

        Raises HTTPException 401 for a missing or wrong key, 403 where only this machine may call.
        """
        request.state.caller = self.caller(request)
        if request.state.caller is not None:
            return
        if self._digests:
            raise HTTPException(401, sentence("key_wrong"), {"WWW-Authenticate": "Bearer"})
        raise HTTPException(403, sentence("key_unset"))


def is_direct(request: HTTPConnection) -> bool:
    """Whether a call was made on this machine, to this machine, and was not passed on by a proxy."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    return _is_loopback(request.client.host) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _key(request: HTTPConnection) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key", "")
