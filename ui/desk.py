"""Opens what every door needs: the library of the data folder, filled on first use, and the chain over it."""

from __future__ import annotations

from pathlib import Path

from assistant import KepuChain
from ingest.pipeline import Progress, ingest_builtin
from ui.settings import Settings
from vectorstore.library import Library


def open_library(settings: Settings) -> Library:
    """The library of the data folder. Raises StoreError when the folder cannot be used."""
    return Library(Path(settings.home).expanduser(), model=settings.embedding)


def open_filled(settings: Settings, progress: Progress) -> Library:
    """The library; the built-in notice and tables are ingested first when nothing has been yet."""
    library = open_library(settings)
    if library.knowledge.version() == 0:
        ingest_builtin(library, progress)
    return library


def open_chain(settings: Settings, library: Library) -> KepuChain:
    """The chain with the clock and the home region of the settings."""
    return KepuChain(library, settings.clock, settings.home_region)
