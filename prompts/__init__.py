"""The wording: fixed sentences as files. Nothing else lives here."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

__all__ = ["choices", "has_sentence", "sentence"]


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("answers.yaml", "errors.yaml", "screens.yaml"):
        raw = (resources.files("prompts") / name).read_text(encoding="utf-8")
        found.update(yaml.load(raw, yaml.CSafeLoader))
    return found


def has_sentence(name: str) -> bool:
    """Whether there is a sentence of this name."""
    return name in _sentences()


def sentence(name: str, /, **values: object) -> str:
    """The sentence `name`, filled in. Raises KeyError for an unknown name or a missing value."""
    return _sentences()[name].strip().format(**values)


def choices(name: str, /, **values: object) -> tuple[str, ...]:
    """A sentence of several lines as a tuple of its lines."""
    return tuple(sentence(name, **values).split("\n"))
