"""What a reader gives: the text of a file, and what stands in it that nobody sees on the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """The text in the form this package describes; `hidden` is the beginning of words that the page does not show."""

    text: str
    hidden: str = ""
