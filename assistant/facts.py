"""Facts of a notice: its number, dates and period, and what a clause says, always in its own words."""

from __future__ import annotations

import re

from assistant.answer import Answer, Citation, Kind, Line, Refusal
from assistant.compose import Desk, cite, heading, reminders
from assistant.question import Question
from prompts import choices, sentence
from vectorstore import text
from vectorstore.records import Clause, Notice, Tier

META = ("number", "issuer", "issued", "period", "title", "basis", "copied", "addressee", "public")
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]?")
_WHOLE = 260
_FEW = 6
_SHORT_TOPIC = 13
_AMOUNT_ASKED = re.compile(r"多少|(?<!哪)几(?!家|个部门|条|项|类|方面|种|样|进|处|步|位)|百分之几")
_MONEY_ASKED = re.compile(r"多少钱|几块|几万|经费|补贴|补助|预算|拨了|拨款|投入多少")
_DATE_ASKED = re.compile(r"几号|几月|哪天|什么时候报名|几点|日期")


def asks_about_issue(question: Question) -> bool:
    """Whether departments are named only as possible issuers of the document (是省政府发的还是科协发的)."""
    about = question.has("issuer", "issued", "number")
    return about and len(question.topic_words) < _FEW and not question.has("task", "lead", "responsible")


def asks_amount(question: Question) -> bool:
    """Whether an amount is asked for that a clause would have to state."""
    return bool(_AMOUNT_ASKED.search(question.shape)) and not question.has("who", "lead", "department")


def missing_path(question: Question, desk: Desk) -> Answer | None:
    """A refusal when a question names a clause that no notice has, with what there is instead."""
    register = desk.snapshot.register
    for path in question.paths:
        if any(register.clause(n, path) for n in desk.notices):
            continue
        parent = re.sub(r"\d+$|\([^()]*\)$", "", path)
        above = next((c for n in desk.notices if (c := register.clause(n, parent))), None)
        if above:
            near = sentence("no_such_path_near", parent=parent, count=len(register.children(above.notice, parent)))
        else:
            parts = [c for c in register.clauses(desk.notice.key) if not c.parent]
            near = sentence("no_such_path_parts", count=len(parts))
        cited = above or register.clauses(desk.notice.key)[0]
        return Answer(
            Kind.REFUSAL, (Line("", sentence("no_such_path", path=path, near=near)),), citations=(cite(desk, cited),),
            refusal=Refusal.NOT_IN_SOURCES, suggestions=choices("examples_all")[:2],
        )  # fmt: skip
    return None


_NEXT_PLAN = re.compile(r"下一(?:个|份|期|轮|步)?(?:五年)?(?:的)?(?:实施)?(?:方案|规划|计划)|后续(?:的)?(?:方案|规划)")
_PLAN_YEARS = re.compile(r"《[^《》]*?(20\d\d)年?\s*[—－-]+\s*(20\d\d)\s*年[^《》]*》")


def next_plan(question: Question, desk: Desk) -> Clause | None:
    """The clause that names the plan after this one, when it is asked for."""
    notice = desk.notice
    if notice.period is None or not _NEXT_PLAN.search(question.shape):
        return None
    for clause in notice.clauses:
        if any(int(m[1]) > notice.period[1] - 1 for m in _PLAN_YEARS.finditer(clause.text)):
            return clause
    return None


def asks_about_document(question: Question) -> bool:
    """Whether the question is about the document itself, not about a task in it."""
    if question.paths:
        return False
    return (
        question.has(*META)
        and not question.departments
        and len(question.topic_words) < _SHORT_TOPIC
        and not question.scopes
    )


def answer_document(question: Question, desk: Desk) -> Answer:
    """Number, issuer, printed date, period, title, basis, addressees or copies, as asked."""
    notice = desk.notice
    asked = [name for name in META if question.has(name)] or ["title"]
    if "issuer" in asked or question.departments:
        asked += ["issuer", "issued", "number"]
    if "number" in asked and question.has("deadline"):
        asked.append("issued")
    said = [_stated(name, notice) for name in dict.fromkeys(asked)]
    found = [(line, quote) for line, quote in said if quote]
    lines = tuple(Line("", line) for line, _ in found) or (Line("", sentence("refuse_not_in_sources")),)
    citations = tuple(Citation(notice.key, notice.title, "文首", quote, Tier.NOTICE.value) for _, quote in found)
    if not found:
        citations = (Citation(notice.key, notice.title, "文首", notice.title, Tier.NOTICE.value),)
    return Answer(Kind.FACT, lines, citations=citations, notices=reminders(desk, [notice.key]),
                  suggestions=choices("examples_all")[:2])  # fmt: skip


def _stated(name: str, notice: Notice) -> tuple[str, str]:
    """What a notice states of itself: the sentence, and the words it is read from ("" when it does not say)."""
    if name == "issuer":
        office = _line(notice.tail, r"^.{2,30}(?:办公厅|办公室)(?:秘书处)?$")
        printed = f"（{office}印）" if office else ""
        return sentence("fact_issuer", issuer=notice.issuer + printed), notice.issuer
    if name == "issued":
        date = _line(notice.tail, r"^\d{4}年\d{1,2}月\d{1,2}日") or _spoken(notice.issued)
        return sentence("fact_issued", date=date), date
    if name == "basis":
        return sentence("fact_basis", basis=_basis(notice.head)), notice.head
    if name == "copied":
        copied = _line(notice.tail, r"^抄送")
        return copied, copied
    if name == "addressee":
        addressed = _line(notice.head, r"^各.{2,40}[:：]$")
        return sentence("fact_addressee", to=addressed.rstrip(":：")), addressed
    if name == "public":
        public = _line(notice.head, r"^[(（]此件.{2,12}[)）]$")
        return sentence("fact_public", said=public), public
    values = {"number": notice.number, "period": notice.period_text, "title": notice.title}
    keys = {"number": "fact_number", "period": "fact_period", "title": "fact_title"}
    return sentence(keys[name], **{name: values[name]}), values[name]


def _line(printed: str, pattern: str) -> str:
    """The first printed line that has a form, or ""."""
    return next((line for line in printed.split("\n") if re.match(pattern, text.squeeze(line))), "")


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
    """What a clause says: the sentences that fit the question, or the whole clause when it is short.

    A refusal when an amount, a sum of money or a day is asked for that the clause does not state.
    """
    quotes = _fitting(question, clause)
    said = "".join(quotes)
    citations = tuple(cite(desk, clause, q) for q in quotes)
    missing = _missing(question, said, clause)
    if missing:
        lines = [Line("", sentence(missing, quote=said.strip())), Line("", sentence("refuse_ask", whom="责任部门"))]
        return Answer(
            Kind.REFUSAL, tuple(lines), citations=citations, refusal=Refusal.NOT_IN_SOURCES,
            suggestions=(sentence("follow_who", title=clause.title),), notices=reminders(desk, [clause.notice]),
        )  # fmt: skip
    lines = [Line("", sentence("fact_said", path=clause.path, title=clause.title, quote=said))]
    return Answer(
        Kind.FACT, tuple(lines), citations=citations,
        suggestions=(sentence("follow_who", title=clause.title), sentence("follow_text")),
        notices=reminders(desk, [clause.notice]),
        listed=((clause.notice, clause.path),), focus=(clause.notice, clause.path),
    )  # fmt: skip


def _missing(question: Question, said: str, clause: Clause) -> str:
    """Which sentence to refuse with when the clause does not state the amount or day asked for, else ""."""
    shape = question.shape
    if (
        _MONEY_ASKED.search(shape)
        and _AMOUNT_ASKED.search(shape)
        and not re.search(r"[\d一二三四五六七八九十百]+(?:\.\d+)?万?[亿万]?元", said)
    ):
        return "refuse_no_amount"
    if _DATE_ASKED.search(shape) and not re.search(r"\d月|\d日", said):
        return "refuse_no_date"
    if _AMOUNT_ASKED.search(shape) and not re.search(r"\d", said):
        return "refuse_no_amount"
    return ""


def _fitting(question: Question, clause: Clause) -> list[str]:
    """The clause's sentences that say what is asked, verbatim and in order."""
    sentences = [s for s in _SENTENCE.findall(clause.text) if s.strip()]
    stated = (
        {m.text for m in (*clause.targets, *clause.deadlines)} if question.has("target", "deadline", "count") else set()
    )
    grams = set(text.bigrams(text.normalise(question.topic)))
    if not grams:
        return [s for s in sentences if any(w in s for w in stated)] or [clause.text]
    if len(clause.text) <= _WHOLE and not stated:
        return [clause.text]
    score = [sum(g in text.normalise(s) for g in grams) + any(w in s for w in stated) for s in sentences]
    best = max(score)
    asked = {n for n, s in enumerate(sentences) if question.has("target") and any(w in s for w in stated)}
    if best == 0 and not asked:
        return [clause.text]
    keep = {n for n, value in enumerate(score) if value >= max(2, 0.6 * best) or value == best}
    return [sentences[n] for n in sorted(keep | asked)]


def answer_text(clause: Clause, desk: Desk) -> Answer:
    """The clause whole, as it is printed."""
    lines = [Line("", heading(clause)), Line(sentence("label_source"), clause.text)]
    if below := desk.snapshot.register.children(clause.notice, clause.path):
        lines.append(Line(sentence("label_below"), "；".join(heading(c) for c in below)))
    return Answer(Kind.FACT, tuple(lines), citations=(cite(desk, clause),), notices=reminders(desk, [clause.notice]),
                  suggestions=(sentence("follow_who", title=clause.title),),
                  listed=((clause.notice, clause.path),), focus=(clause.notice, clause.path))  # fmt: skip
