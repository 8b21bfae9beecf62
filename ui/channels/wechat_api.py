"""Customer-service messages of an Official Account: sent only where the account may, counted as sent only when taken.

Error codes are those of WeChat's documentation: the token's are answered by fetching another one once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

_LOG = logging.getLogger(__name__)
_STALE_TOKEN = {40001, 40014, 42001}
_NOT_PERMITTED = 48001
_SECONDS = 3.0
_MARGIN = 300.0
"""Seconds before its end that a token is no longer used."""


@dataclass(slots=True)
class _Token:
    value: str = ""
    until: float = 0.0


@dataclass(slots=True)
class CustomerService:
    """Sends texts as an account. `api` is the address of WeChat's server."""

    api: str
    appid: str
    secret: str
    permitted: bool = True
    _token: _Token = field(default_factory=_Token)
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, user: str, said: str, generated: bool) -> bool:
        """Whether WeChat has accepted a text for a user; the account's lacking permission is remembered."""
        if not self.permitted:
            return False
        body: dict[str, Any] = {"touser": user, "msgtype": "text", "text": {"content": said}}
        if generated:
            body["aimsgcontext"] = {"is_ai_msg": 1}
        try:
            async with httpx.AsyncClient(base_url=self.api, timeout=_SECONDS) as client:
                code = await self._send(client, body)
        except (httpx.HTTPError, ValueError, KeyError) as error:
            _LOG.warning("customer service: %s", type(error).__name__)
            return False
        if code:
            _LOG.warning("customer service: refused with %s", code)
        if code == _NOT_PERMITTED:
            self.permitted = False
        return code == 0

    async def _send(self, client: httpx.AsyncClient, body: dict[str, Any]) -> int:
        code = await self._post(client, body)
        if code in _STALE_TOKEN:
            self._token = _Token()
            code = await self._post(client, body)
        return code

    async def _post(self, client: httpx.AsyncClient, body: dict[str, Any]) -> int:
        token = await self._fresh(client)
        # WeChat shows escapes such as \u8d23 as they stand, so the body is sent as UTF-8 (httpx does not escape).
        answer = await client.post("/cgi-bin/message/custom/send", params={"access_token": token}, json=body)
        return int(answer.json()["errcode"])

    async def _fresh(self, client: httpx.AsyncClient) -> str:
        """A token that is still good. Raises KeyError when WeChat gives none."""
        async with self._fetching:
            if time.monotonic() >= self._token.until:
                asked = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
                answer = (await client.post("/cgi-bin/stable_token", json={**asked, "force_refresh": False})).json()
                if "access_token" not in answer:
                    _LOG.warning("customer service: no token, %s", answer.get("errcode"))
                self._token = _Token(answer["access_token"], time.monotonic() + answer["expires_in"] - _MARGIN)
            return self._token.value
