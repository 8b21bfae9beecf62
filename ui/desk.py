"""Opens what every door needs: the library of the data folder, filled on first use, and the chain over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant import KepuChain
from ui.settings import Settings
from vectorstore.errors import InputError
from vectorstore.inbox import Inbox
from vectorstore.library import Library
from vectorstore.state import StateStore

if TYPE_CHECKING:
    from assistant.wording import Worder
    from ingest.pipeline import Progress

_POSTGRESQL = "postgresql://"


def data_folder(settings: Settings) -> Path:
    """The data folder."""
    return Path(settings.home).expanduser()


def open_library(settings: Settings) -> Library:
    """The library of the data folder. Raises StoreError when the folder cannot be used."""
    return Library(data_folder(settings), model=settings.embedding, chroma=settings.chroma_url)


def open_filled(settings: Settings, progress: Progress) -> Library:
    """The library; the built-in notice, cards and tables are ingested first when nothing has been yet."""
    library = open_library(settings)
    if library.knowledge.version() == 0:
        from ingest.pipeline import ingest_builtin

        ingest_builtin(library, progress)
    return library


def open_sessions(settings: Settings) -> StateStore:
    """The store of conversations and exchanges: in the data folder, or in PostgreSQL for several machines.

    Raises InputError `bad_setting` for another kind of address, `driver_missing` without the driver's package.
    """
    url = settings.state_url.get_secret_value() if settings.state_url else None
    if url and not url.startswith(_POSTGRESQL):
        raise InputError("bad_setting", reason="KEPU_STATE_URL")
    try:
        return StateStore(data_folder(settings), url and url.replace(_POSTGRESQL, "postgresql+psycopg://", 1))
    except ImportError as error:
        raise InputError("driver_missing") from error


def open_inbox(settings: Settings) -> Inbox:
    """What was not answered and what people thought of answers."""
    return Inbox(data_folder(settings))


def open_worder(settings: Settings) -> Worder | None:
    """What words answers by the chat model of the settings; None without an address or when turned off.

    Raises InputError `model_missing` when its package is not installed, `bad_setting` when the model has no name.
    """
    if settings.llm_base_url is None or settings.llm_mode == "off":
        return None
    if settings.llm_model is None:
        raise InputError("bad_setting", reason="KEPU_LLM_MODEL")
    try:
        from assistant.model import open_model
        from assistant.wording import Mode, Worder

        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
        model = open_model(settings.llm_base_url, settings.llm_model, key, settings.llm_deadline)
    except ImportError as error:
        raise InputError("model_missing") from error
    return Worder(model, settings.llm_model, Mode(settings.llm_mode), settings.llm_deadline)


def open_chain(settings: Settings, library: Library, inbox: Inbox | None = None) -> KepuChain:
    """The chain with the clock, conversations, home region, department and chat model of the settings.

    With an `inbox`, questions that are not answered are noted there.
    """
    sessions, unit = open_sessions(settings), settings.department or ""
    return KepuChain(library, settings.clock, sessions, settings.home_region, unit, inbox, open_worder(settings))
