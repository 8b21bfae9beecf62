"""A suite's own files: a library that holds them beside what is held already, in a folder apart."""

from __future__ import annotations

import shutil
from pathlib import Path

from ingest.pipeline import Progress, ingest_paths
from vectorstore.database import guarded
from vectorstore.library import Library

_NOT_KNOWLEDGE = shutil.ignore_patterns("state.db*", "versions", "uploads", "evals", "suites")


def library_beside(files: Path, held: Path, home: Path, model: str | None, progress: Progress) -> Library:
    """A library in `home` with everything in the folder `files` and what the data folder `held` knows.

    `model` is the embedding (None: the default). Raises InputError for a file that cannot be read, StoreError.
    """
    with guarded(home):
        shutil.copytree(held, home, dirs_exist_ok=True, ignore=_NOT_KNOWLEDGE)
    library = Library(home, model=model)
    for _, error in ingest_paths(library, [files], progress).failed:
        raise error
    return library
