"""The wording: fixed sentences and prompt templates as files. Nothing else lives here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter

import yaml

__all__ = ["Template", "choices", "has_sentence", "label", "sentence", "template"]


@lru_cache(maxsize=1)
def _sentences() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("answers.yaml", "channels.yaml", "errors.yaml", "screens.yaml"):
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


@lru_cache(maxsize=4)
def _labels(language: str) -> dict[str, str]:
    file = resources.files("prompts") / f"screens-{language}.yaml"
    found: dict[str, str] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader) if file.is_file() else {}
    return found


def label(language: str, name: str, /, **values: object) -> str:
    """A page's own words in `language` (`zh`, `en`), filled in; in Chinese where they are not translated."""
    if name in _labels(language):
        return _labels(language)[name].strip().format(**values)
    return sentence(name, **values)


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt for a chat model, read from `name.md`.

    `purpose`, `inputs` and `version` are its front matter; `digest` is the SHA-256 of the whole file, 12 digits.
    """

    name: str
    purpose: str
    inputs: tuple[str, ...]
    version: int
    digest: str
    text: str

    def fill(self, **values: str) -> str:
        """The prompt with its inputs filled in. Raises KeyError for a missing one."""
        return self.text.format(**{name: values[name] for name in self.inputs})


@lru_cache(maxsize=16)
def template(name: str) -> Template:
    """The prompt `name`. Raises ValueError when its front matter and its text disagree about the inputs."""
    raw = (resources.files("prompts") / f"{name}.md").read_text(encoding="utf-8")
    _, front, body = raw.split("---\n", 2)
    head = yaml.load(front, yaml.CSafeLoader)
    used = {field for _, field, _, _ in Formatter().parse(body) if field}
    if used != set(head["inputs"]):
        raise ValueError(f"{name}.md: inputs {head['inputs']}, used {sorted(used)}")
    digest = hashlib.sha256(raw.encode()).hexdigest()[:12]
    return Template(name, head["purpose"], tuple(head["inputs"]), int(head["version"]), digest, body.strip())
