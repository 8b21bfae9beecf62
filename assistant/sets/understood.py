"""How a set question was understood, in words: the first sentence of its answer always says it."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answer import Answer, Kind, Line
from assistant.compose import join
from assistant.numerals import Amount
from assistant.sets.query import How, SetQuery
from prompts import choices, sentence
from vectorstore.records import Clause, Role


def where(query: SetQuery) -> str:
    """Within which headings, and outside which."""
    inside = sentence("read_within", scopes=quoted(query.within)) if query.within else ""
    return inside + (sentence("read_outside", scopes=quoted(query.outside)) if query.outside else "")


def conditions(query: SetQuery) -> str:
    """Which departments take part and how they combine, which do not, and how many there are."""
    lead = query.role is Role.LEAD
    said = []
    if query.named:
        key = f"read_{query.how.value}" if len(query.named) > 1 or query.how is How.EXACT else "read_one"
        said.append(sentence(key, departments=join(query.named), least=query.least, part=_part(lead=lead)))
    if query.absent:
        said.append(sentence("read_absent", departments=join(query.absent), part=_part(lead=lead)))
    if query.size is not None:
        said.append(sentence("read_size_lead" if lead else "read_size", size=extent(query.size)))
    return "、".join(said)


def ask_again(query: SetQuery) -> Answer:
    """Says what was heard and which words were not, and offers what can be answered."""
    heard = where(query) + conditions(query) or sentence("read_nothing")
    lost = "、".join(f"“{w}”" for w in query.unheard) or sentence("read_combination")
    lines = (Line("", sentence("read_ask_again", heard=heard, lost=lost)),)
    names = query.named or query.absent
    offered = [sentence("follow_department", department=n) for n in names[:3]]
    if len(names) > 1:
        offered += [sentence(f"follow_{how}", departments=join(names)) for how in ("all", "any")]
    return Answer(Kind.CLARIFY, lines, suggestions=tuple(offered) or choices("examples_sets"))


def _part(*, lead: bool) -> str:
    return sentence("read_leads" if lead else "read_takes_part")


def quoted(clauses: Iterable[Clause]) -> str:
    """The titles of headings as they are named in a sentence."""
    return "、".join(f"“{c.title}”" for c in clauses)


def extent(amount: Amount) -> str:
    """An amount in words: 超过10, 不到3."""
    key = {"to": "between", "=": "exactly", ">": "over", ">=": "at_least", "<": "under", "<=": "at_most"}[amount.sign]
    return sentence(f"read_{key}", value=amount.value, until=amount.until)
