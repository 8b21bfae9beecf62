"""Which channels are open: those whose settings are there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter
from pydantic import SecretStr

from assistant import KepuChain
from assistant.plain import untappable
from ui.channels.callbacks import envelope
from ui.channels.correspondence import Correspondence
from ui.channels.streams import Streams
from ui.settings import Settings
from vectorstore.state import StateStore


@dataclass(slots=True)
class Channels:
    """The routers of the open channels, and what answers in them."""

    routers: list[APIRouter] = field(default_factory=list)
    answering: list[Correspondence | Streams] = field(default_factory=list)

    async def finish(self) -> None:
        """Waits until everything that was begun is answered and kept."""
        for each in self.answering:
            await each.finish()


def open_channels(chain: KepuChain, store: StateStore, settings: Settings) -> Channels:
    """The channels of the settings. Raises InputError `bad_setting` for a key that is none."""
    channels = Channels()
    openers: tuple[Callable[[Channels, KepuChain, StateStore, Settings], None], ...] = (
        _open_wechat, _open_wecom, _open_wecom_bot,
    )  # fmt: skip
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
    letters = Correspondence(chain, store)
    channels.answering.append(letters)
    channels.routers.append(wechat_router(account, letters, service))


def _open_wecom(channels: Channels, chain: KepuChain, store: StateStore, settings: Settings) -> None:
    if settings.wecom_token is None:
        return
    from ui.channels.wecom import wecom_router

    account = envelope(_plain(settings.wecom_token), settings.wecom_corpid, _plain(settings.wecom_aes_key))
    letters = Correspondence(chain, store, link=untappable)
    channels.answering.append(letters)
    channels.routers.append(wecom_router(account, letters))


def _open_wecom_bot(channels: Channels, chain: KepuChain, store: StateStore, settings: Settings) -> None:
    if settings.wecom_bot_token is None:
        return
    from ui.channels.wecom_bot import wecom_bot_router

    account = envelope(_plain(settings.wecom_bot_token), "", _plain(settings.wecom_bot_aes_key))
    streams = Streams(chain, store)
    channels.answering.append(streams)
    channels.routers.append(wecom_bot_router(account, streams))


def _plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
