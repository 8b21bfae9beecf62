"""Traditional characters: converted for reading only; what comes out is the original (form 27)."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from vectorstore.text import simplified


class Original:
    """A text in simplified characters (`simple`) from which the words of the original can be told again."""

    def __init__(self, text: str) -> None:
        converted = simplified(text)
        self.simple = converted if len(converted) == len(text) else text
        self._text = "".join(text.split())
        self._plain = "".join(self.simple.split())
        self._signs = dict(zip(self._plain, self._text, strict=True))

    @property
    def is_traditional(self) -> bool:
        """Whether the text has at least a few traditional characters."""
        return sum(a != b for a, b in zip(self._plain, self._text, strict=True)) > 0.02 * len(self._text)

    def restore(self, record: Any) -> Any:
        """A record with every string in the original's characters; paths and dates are left alone."""
        if isinstance(record, str):
            return self._words(record)
        if isinstance(record, tuple):
            return tuple(self.restore(each) for each in record)
        if is_dataclass(record) and not isinstance(record, type):
            kept = {"path", "parent", "role", "issued"}
            values = {f.name: getattr(record, f.name) for f in fields(record) if f.name not in kept}
            return replace(record, **{name: self.restore(value) for name, value in values.items()})
        return record

    def _words(self, words: str) -> str:
        at = self._plain.find(words)
        if words and at >= 0:
            return self._text[at : at + len(words)]
        return "".join(self._signs.get(sign, sign) for sign in words)
