"""Handouts: guides as a large-type A4 PDF that a volunteer leaves with an older person."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from assistant.science import source_line
from prompts import sentence
from vectorstore.database import guarded
from vectorstore.errors import InputError, UnknownName
from vectorstore.library import Snapshot
from vectorstore.records import Card

if TYPE_CHECKING:
    from fpdf import FPDF

TITLE_POINTS, TEXT_POINTS, SMALL_POINTS = 32, 22, 18
_MARGIN, _CODE_MM = 18, 32


def pick_guides(snapshot: Snapshot, ids: Sequence[str]) -> list[Card]:
    """The guides of these ids, each once.

    Raises UnknownName for an id that no card has, InputError `not_a_guide` for a card without steps.
    """
    found = []
    for name in dict.fromkeys(ids):
        card = snapshot.cards.get(name)
        if card is None:
            near = [i for i, c in snapshot.cards.items() if c.steps and (set(name.split("-")) & set(i.split("-")))]
            raise UnknownName("unknown_card", name=name, near="、".join(near[:3]) or "—")
        if not card.steps:
            raise InputError("not_a_guide", name=name)
        found.append(card)
    if not found:
        raise InputError("not_a_guide", name="")
    return found


def make_handout(cards: Sequence[Card], file: Path, address: str = "") -> None:
    """Writes the guides to `file`, each on a page of its own, with a QR code to `address` when there is one."""
    content = handout_bytes(cards, address)
    with guarded(file):
        file.write_bytes(content)


def handout_bytes(cards: Sequence[Card], address: str = "") -> bytes:
    """The PDF. Raises InputError `font_missing` when the font of the program is gone."""
    from fpdf import FPDF

    page = FPDF(format="A4")
    page.set_title("、".join(c.title for c in cards))
    page.set_margins(_MARGIN, _MARGIN)
    page.set_auto_page_break(True, margin=_MARGIN)
    try:
        page.add_font("kepu", fname=font_file())
    except FileNotFoundError as error:
        raise InputError("font_missing") from error
    for card in cards:
        page.add_page()
        _write_card(page, card, address)
    return bytes(page.output())


@lru_cache(maxsize=1)
def font_file() -> str:
    """The Chinese font that comes with the program."""
    return str(resources.files("ui") / "fonts" / "NotoSansSC.otf")


def _write_card(page: FPDF, card: Card, address: str) -> None:
    if address:
        _code(page, f"{address.rstrip('/')}/elder?{urlencode({'q': card.title})}")
    _text(page, card.title, TITLE_POINTS)
    page.ln(4)
    for n, step in enumerate(card.steps, 1):
        _text(page, f"{n}. {step.do}", TEXT_POINTS)
        if step.see:
            _text(page, "    " + sentence("guide_see", see=step.see), SMALL_POINTS)
        page.ln(2)
    for said in (card.done, card.warning):
        if said:
            _text(page, said, TEXT_POINTS)
    page.ln(2)
    _text(page, f"{source_line(card)} {sentence('handout_foot')}", SMALL_POINTS)


def _text(page: FPDF, said: str, points: int) -> None:
    page.set_font("kepu", size=points)
    page.multi_cell(0, points * 0.53, said, new_x="LMARGIN", new_y="NEXT")


def _code(page: FPDF, address: str) -> None:
    import segno

    picture: Any = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="png", scale=6)
    page.image(picture, x=210 - _MARGIN - _CODE_MM, y=297 - _MARGIN - _CODE_MM, w=_CODE_MM)
