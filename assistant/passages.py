"""Passages of other documents: quoted as they stand, with the document, the place and the region they hold for."""

from __future__ import annotations

import re

from assistant.answer import Answer, Citation, Kind, Line
from assistant.compose import Desk
from assistant.question import Question
from assistant.tables import fitting_rows, has_table
from prompts import sentence
from vectorstore import text
from vectorstore.records import Hit, Tier

_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?")
_WHOLE = 200


def answer_passage(hit: Hit, question: Question, desk: Desk) -> Answer:
    """The sentences or table rows of a chunk that fit the question, verbatim, with where they stand."""
    document = desk.snapshot.documents[hit.passage.scope]
    tabular = has_table(hit.passage.text)
    quote = hit.passage.text if tabular else _fitting(hit.passage.text, question)
    shown = "\n" + fitting_rows(quote, question) if tabular else quote
    lines = [Line("", sentence("document_answer", title=document.title, quote=shown))]
    if document.region:
        lines.append(Line("", sentence("document_place", region=document.region)))
    source = document.number or document.title
    return Answer(
        Kind.SCIENCE, tuple(lines),
        citations=(Citation(source, document.title, hit.passage.locator, quote, Tier.DOCUMENT.value),),
    )  # fmt: skip


def _fitting(said: str, question: Question) -> str:
    if len(said) <= _WHOLE:
        return said
    sentences = [s for s in _SENTENCE.findall(said) if s.strip()]
    grams = set(text.bigrams(question.normal))
    scores = [sum(g in text.normalise(s) for g in grams) for s in sentences]
    best = scores.index(max(scores))
    first, last = best, best
    while sum(len(s) for s in sentences[first : last + 1]) < _WHOLE and (first > 0 or last < len(sentences) - 1):
        first, last = max(0, first - 1), min(len(sentences) - 1, last + 1)
    return "".join(sentences[first : last + 1]).strip()
