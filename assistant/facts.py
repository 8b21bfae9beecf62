"""Facts of a notice: its number, dates and period, and what a clause says, always in its own words."""

from __future__ import annotations

import re

from assistant.answer import Answer, Citation, Kind, Line
from assistant.compose import Desk, cite, heading, reminders
from assistant.question import Question
from prompts import sentence
from vectorstore import text
from vectorstore.records import Clause, Tier

_META = ("number", "issuer", "issued", "period", "title", "basis", "copied")
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]?")
_WHOLE = 260


def asks_about_document(question: Question) -> bool:
    """Whether the question is about the document itself, not about a task in it."""
    return question.has(*_META) and not question.departments and len(question.topic) < 8


def answer_document(question: Question, desk: Desk) -> Answer:
    """Number, issuer, printed date, period, title or basis, as asked."""
    notice = desk.notice
    said = {
        "number": ("fact_number", {"number": notice.number}, notice.number),
        "issuer": ("fact_issuer", {"issuer": notice.issuer}, notice.issuer),
        "issued": ("fact_issued", {"date": _spoken(notice.issued)}, notice.head),
        "period": ("fact_period", {"period": notice.period_text}, notice.title),
        "title": ("fact_title", {"title": notice.title}, notice.title),
    }
    asked = [name for name in _META if question.has(name) and name in said] or ["title"]
    if "issuer" in asked and "issued" not in asked:
        asked.append("number")
    lines, citations = [], []
    for name in asked:
        key, values, quote = said[name]
        lines.append(Line("", sentence(key, **values)))
        citations.append(Citation(notice.key, notice.title, "文首", quote, Tier.NOTICE.value))
    if question.has("basis"):
        lines = [Line("", sentence("fact_basis", basis=_basis(notice.head)))]
        citations = [Citation(notice.key, notice.title, "文首", notice.head, Tier.NOTICE.value)]
    return Answer(Kind.FACT, tuple(lines), citations=tuple(citations), notices=reminders(desk, [notice.key]),
                  suggestions=tuple(sentence("examples_all").split("\n")[:2]))  # fmt: skip


def _spoken(iso: str) -> str:
    if not iso:
        return ""
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{day}日"


def _basis(head: str) -> str:
    return (
        "、".join(re.findall(r"《[^《》]+》(?:\([^()]*号\)|（[^（）]*号）)?", head.rsplit("根据", maxsplit=1)[-1]))
        or head
    )


def answer_said(question: Question, clause: Clause, desk: Desk) -> Answer:
    """What a clause says: the sentences that fit the question, or the whole clause when it is short."""
    quotes = _fitting(question, clause)
    lines = [Line("", sentence("fact_said", path=clause.path, title=clause.title, quote="".join(quotes)))]
    if question.has("deadline") and not clause.deadlines:
        lines.append(Line("", sentence("fact_no_deadline")))
    if question.has("target") and not clause.targets:
        lines.append(Line("", sentence("fact_no_target")))
    return Answer(
        Kind.FACT, tuple(lines), citations=tuple(cite(desk, clause, q) for q in quotes),
        suggestions=(sentence("follow_who", title=clause.title), sentence("follow_text")),
        notices=reminders(desk, [clause.notice]),
    )  # fmt: skip


def _fitting(question: Question, clause: Clause) -> list[str]:
    """The clause's sentences that say what is asked, verbatim and in order."""
    sentences = [s for s in _SENTENCE.findall(clause.text) if s.strip()]
    wanted = (
        {m.text for m in (*clause.targets, *clause.deadlines)} if question.has("target", "deadline", "count") else set()
    )
    if (question.has("text") and not question.topic) or len(clause.text) <= _WHOLE:
        return [clause.text]
    grams = set(text.bigrams(question.normal))
    score = [sum(g in text.normalise(s) for g in grams) + 3 * any(w in s for w in wanted) for s in sentences]
    best = max(score)
    if best == 0:
        return [clause.text]
    keep = [n for n, value in enumerate(score) if value >= max(2, 0.6 * best) or value == best]
    return [sentences[n] for n in keep]


def answer_text(clause: Clause, desk: Desk) -> Answer:
    """The clause whole, as it is printed."""
    lines = (Line("", heading(clause)), Line(sentence("label_source"), clause.text))
    return Answer(Kind.FACT, lines, citations=(cite(desk, clause),), notices=reminders(desk, [clause.notice]),
                  suggestions=(sentence("follow_who", title=clause.title),))  # fmt: skip
