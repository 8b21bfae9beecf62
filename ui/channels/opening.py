"""Which channels are open: those whose settings are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter
from pydantic import SecretStr

from assistant import KepuChain
from ui.channels.callbacks import envelope
from ui.channels.correspondence import Correspondence
from ui.settings import Settings
from vectorstore.state import StateStore


@dataclass(slots=True)
class Channels:
    """The routers of the open channels, and the letters that they are answering."""

    routers: list[APIRouter] = field(default_factory=list)
    letters: list[Correspondence] = field(default_factory=list)

    async def finish(self) -> None:
        """Waits until everything that was begun is answered and kept."""
        for correspondence in self.letters:
            await correspondence.finish()


def open_channels(chain: KepuChain, store: StateStore, settings: Settings) -> Channels:
    """The channels of the settings. Raises InputError `bad_setting` for a key that is none."""
    channels = Channels()
    openers: tuple[Callable[[Channels, KepuChain, StateStore, Settings], None], ...] = (_open_wechat,)
    for opener in openers:
        opener(channels, chain, store, settings)
    return channels


def _open_wechat(channels: Channels, chain: KepuChain, store: StateStore, settings: Settings) -> None:
    if settings.wechat_token is None:
        return
    from ui.channels.wechat import wechat_router
    from ui.channels.wechat_api import CustomerService

    keys = (_plain(settings.wechat_aes_key), _plain(settings.wechat_aes_key_old))
    account = envelope(_plain(settings.wechat_token), settings.wechat_appid, *keys)
    service = None
    if settings.wechat_secret:
        service = CustomerService(settings.wechat_api, settings.wechat_appid, _plain(settings.wechat_secret))
    channels.letters.append(Correspondence(chain, store))
    channels.routers.append(wechat_router(account, channels.letters[-1], service))


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
