"""Who may call the API: the holder of a key, or, without any key in the settings, this machine itself."""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import Depends, HTTPException, Request

from prompts import sentence

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_LOOPBACK = ("127.0.0.1", "::1")


def with_key(keys: tuple[str, ...]) -> Any:
    """A dependency that lets in whoever gives one of `keys`; without keys, direct calls from loopback."""

    def check(request: Request) -> None:
        if not keys:
            if not _is_direct(request):
                raise HTTPException(403, sentence("api_only_here"))
            return
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip().encode()
        given = given or request.headers.get("x-api-key", "").encode()
        if not any(secrets.compare_digest(given, key.encode()) for key in keys):
            raise HTTPException(401, sentence("api_wrong_key"), {"WWW-Authenticate": "Bearer"})

    return Depends(check)


def _is_direct(request: Request) -> bool:
    """Whether a call comes from this machine and was not passed on by a proxy."""
    here = request.client is not None and request.client.host in _LOOPBACK
    return here and not any(name in request.headers for name in _FORWARDED)
