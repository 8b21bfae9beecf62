"""One embedding interface: static vectors by default, any sentence-transformers model by name or folder."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.errors import InputError

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from vectorstore.static import StaticEmbeddings

_WHOLE_FILE_BYTES = 20_000_000


def default_folder() -> Path:
    """The default static model, a folder of this package in the sentence-transformers form."""
    return Path(str(resources.files("vectorstore") / "static-zh"))


@lru_cache(maxsize=1)
def default() -> StaticEmbeddings:
    """The default static model."""
    from vectorstore.static import StaticEmbeddings

    return StaticEmbeddings(default_folder())


@lru_cache(maxsize=2)
def load(model: str | None = None) -> Embeddings:
    """The embedding for a model name or folder; None gives the default one, which imports no torch.

    Raises InputError `embedding_missing` when the extra `models` is not installed and
    `embedding_unloadable` when the model cannot be read.
    """
    if model is None:
        return default()
    try:
        from langchain_huggingface import HuggingFaceEmbeddings

        loaded: Embeddings = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
        return loaded
    except ImportError as error:
        raise InputError("embedding_missing", model=model) from error
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise InputError("embedding_unloadable", model=model, reason=str(error).split("\n")[0]) from error


def fingerprint(model: str | None) -> str:
    """A name for the model that changes when its files do; the dense index remembers it."""
    folder = default_folder() if model is None else Path(model)
    if not folder.is_dir():
        return str(model)
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        stat = file.stat()
        digest.update(f"{file.relative_to(folder)}:{stat.st_size}".encode())
        digest.update(file.read_bytes() if stat.st_size < _WHOLE_FILE_BYTES else str(stat.st_mtime_ns).encode())
    return f"{folder.name}-{digest.hexdigest()[:12]}"
