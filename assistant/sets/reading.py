"""Reading: a question for a set taken apart by its operator words, each used by what stands next to it."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.compose import Desk
from assistant.numerals import Amount
from assistant.question import Question
from assistant.scope import kinds_in
from assistant.sets.denials import Denials, read_denials
from assistant.sets.measures import NTH, measures, read_every, read_order, restricting
from assistant.sets.query import How, Relation, SetQuery, Wanted
from assistant.sets.sentence import BODIES, ITEMS, Said
from assistant.sets.words import operators
from vectorstore.records import Role

_INTO = re.compile(r"[^,，。@]{0,3}")
"""What may stand between 只 and a heading (只管农民那块)."""
_PLACING = {"every", "each_heading", "together", "only", "without", "apiece"}


def asks_for_set(question: Question) -> bool:
    """Whether the words alone ask for a set of duties: names joined or compared, clauses or departments counted."""
    kinds = {t.kind for t in operators(question)}
    clauses, bodies = kinds & {"task", "which_task"}, kinds & {"department", "which_department"}
    if question.named and kinds & {"rank", "beyond", "partner"}:
        return True
    if len(question.named) > 1:
        return bool(clauses or kinds & {"compare", "together", "any", "exact", "lead"})
    bounds = any(a.unit in (*BODIES, *ITEMS) or a.sign not in ("=", "nth") for a in question.amounts)
    measured = kinds & {"most", "least"} or bounds or NTH.search(question.shape)
    placed = kinds & _PLACING and (question.scopes or question.kinds)
    ranked = any(a.unit in ("名", "位") for a in question.amounts)
    return bool((clauses and (bodies or ranked) and measured) or (bodies and placed))


def read(question: Question, desk: Desk) -> SetQuery:
    """Takes a question for a set apart; nothing is `wanted` when it is none."""
    said = Said(question, desk)
    denials = read_denials(said)
    read = _departments(said, denials, _places(said, denials))
    read = _measured(said, read)
    unheard = (*read.unheard, *_lost(said, denials))
    read = replace(read, role=_role(said, denials), every=read_every(said), unheard=unheard)
    return replace(read, wanted=_wanted(said, read))


def _places(said: Said, denials: Denials) -> SetQuery:
    """The headings looked in and left out, and the words of the whole question."""
    named = tuple(dict.fromkeys(c for s in said.scopes for c in s.clauses if c not in denials.outside))
    within = named if said.scopes else said.question.scopes
    kinds = said.text(*said.of("heading", "which_heading", "scope", "each_heading"))
    return SetQuery(
        within=within, each=len(within) > 1 and said.has("together"), outside=tuple(denials.outside),
        only=any(said.after(t, "scope", gap=_INTO) for t in said.of("only") if said.after(t, "@") is None),
        kinds=kinds_in(kinds), apiece=said.has("apiece"),
        together=said.has("together"), overall=said.has("overall"), topic=said.topic,
    )  # fmt: skip


def _departments(said: Said, denials: Denials, read: SetQuery) -> SetQuery:
    """The departments named, how they relate or combine, and those left out."""
    named = tuple(dict.fromkeys(t.name for t in said.names if t.name not in denials.absent))
    absent = tuple(dict.fromkeys(denials.absent))
    read = replace(read, named=named, absent=absent, never_lead=denials.never_lead, not_as_lead=denials.not_as_lead)
    relation, of = _relation(said, named, absent)
    if of:
        read = replace(read, named=tuple(n for n in named if n != of), absent=tuple(n for n in absent if n != of))
    read = replace(read, relation=relation, of=of, than=_than(said))
    return _combined(said, read)


def _relation(said: Said, named: tuple[str, ...], absent: tuple[str, ...]) -> tuple[Relation, str]:
    """How departments are held against one, and that one."""
    rank = said.first("rank")
    if rank is not None and named and not said.has("most"):
        return Relation.RANK, ([t for t in said.names if t.end <= rank.start] or said.names)[-1].name
    if len(named) > 1 and _compares(said):
        return Relation.COMPARE, ""
    if not said.has("which_department", "department"):
        return Relation.NONE, ""
    if len(named) == 1 and said.has("beyond"):
        return Relation.BEYOND, named[0]
    return _partner(said, named, absent)


def _compares(said: Said) -> bool:
    """谁的任务多, 谁任务最多, 甲比乙多几条; not 比甲多的部门."""
    most = said.has("which_department") and said.has("most", "least") and not said.has("together")
    return most or said.has("compare") or (said.has("beyond") and not said.has("department"))


def _partner(said: Said, named: tuple[str, ...], absent: tuple[str, ...]) -> tuple[Relation, str]:
    """跟谁一起最多; 除了甲还有谁和它搭档; 哪两个部门一起最多."""
    asked = said.of("which_department")
    whom = any(said.shape[t.start - 1 : t.start] in set("跟和与同") for t in asked if t.start)
    most = said.has("together") and said.has("most")
    if len(named) == 1 and (said.has("partner") or most or (said.has("together") and whom)):
        return Relation.PARTNER, named[0]
    if not named and len(absent) == 1 and (said.has("partner") or (said.has("together") and whom)):
        return (Relation.UNKNOWN, "") if said.has("without") else (Relation.PARTNER, absent[0])
    two = any(t.amount and t.amount.value == len("两个") and said.is_asked(t) for t in said.of("amount"))
    return (Relation.PAIR, "") if most and two and not named else (Relation.NONE, "")


def _than(said: Said) -> str:
    words = said.text(*said.of("beyond"))
    return "=" if re.search(r"[一同]样", words) else "<" if words.endswith(("少", "闲")) else ">"


def _combined(said: Said, read: SetQuery) -> SetQuery:
    """How the names combine."""
    exact = said.has("exact") or any(said.after(t, "@") for t in said.of("only"))
    alone = said.has("alone") and len(said.names) == 1 and not read.absent
    if read.named and (exact or alone):
        return replace(read, how=How.EXACT)
    return replace(read, how=How.ANY) if said.has("any") and len(read.named) > 1 else read


def _measured(said: Said, read: SetQuery) -> SetQuery:
    """How many, and in what order; 至少三家 of four names says how these combine."""
    amounts = restricting(said)
    some = next((a for a in amounts if 0 < _least(a, said) <= len(read.named) > 1), None)
    if some is not None:
        read = replace(read, how=How.SOME, least=_least(some, said))
    order = read_order(amounts, said)
    free = [a for a in amounts if a not in (some, order.used) and a.sign not in ("top", "nth")]
    if order.kind == "top" and order.used and order.used.sign == "top":
        free = [a for a in free if a.sign != "="]
    sizes: dict[str, Amount] = {}
    for amount in free:
        sizes.setdefault(measures(amount, said), amount)
    read = replace(read, order=order.kind, place=order.place, measured=order.measured,
                   size=sizes.get("size"), spread=sizes.get("spread"))  # fmt: skip
    load = sizes.get("load")
    if load is not None and read.named and not read.relation:
        lost = () if load.sign == "=" else (said.shape[load.start : load.end],)
        return replace(read, unheard=lost)
    return replace(read, load=load)


def _least(amount: Amount, said: Said) -> int:
    """The number of departments that an amount sets as the least; 0 when it sets none."""
    if amount.sign not in (">=", ">") or not said.counts_bodies(amount):
        return 0
    return amount.value + (amount.sign == ">")


def _role(said: Said, denials: Denials) -> Role | None:
    if said.has("responsible_only") or denials.not_as_lead:
        return Role.RESPONSIBLE
    lead = said.has("lead") and not said.has("leads_too") and not denials.never_lead
    return Role.LEAD if lead or denials.lead_of_absent else None


def _lost(said: Said, denials: Denials) -> list[str]:
    """The restricting words that nothing stands beside."""
    lost = [t for t in said.of("without", "besides") if t not in denials.used]
    for token in said.of("only"):
        heard = said.after(token, "@", "amount", "task", "lead", "heading") or said.after(token, "scope", gap=_INTO)
        if len(said.text(token)) > 1 and not heard:
            lost.append(token)
    return [said.text(t) for t in lost]


def _wanted(said: Said, read: SetQuery) -> Wanted | None:
    """What the set is one of."""
    headings = bool(read.kinds) or said.has("which_heading")
    clauses = Wanted.HEADINGS if headings and not said.has("which_task") else Wanted.TASKS
    if read.relation is Relation.UNKNOWN:
        return None
    if read.relation or (read.never_lead and not read.named):
        return Wanted.DEPARTMENTS
    if read.order and read.measured:
        return clauses if read.measured is Wanted.DEPARTMENTS else _most_tasks(said, read, headings=headings)
    if read.apiece and (headings or read.within) and len(read.within) <= 1:
        return Wanted.HEADINGS
    if read.spread is not None or (read.load is not None and not said.has("which_heading")):
        return Wanted.DEPARTMENTS
    return _plain(said, read, clauses)


def _most_tasks(said: Said, read: SetQuery, *, headings: bool) -> Wanted | None:
    """Whose tasks are most: a department's, or a heading's."""
    if read.named:
        return Wanted.HEADINGS if headings else None
    asked = said.has("which_heading") or (headings and not said.has("department", "which_department"))
    return Wanted.HEADINGS if asked and not read.role else Wanted.DEPARTMENTS


def _plain(said: Said, read: SetQuery, clauses: Wanted) -> Wanted | None:
    """What is wanted of a set without order: by its conditions, else by the word that asks."""
    bodies = said.has("which_department")
    others = read.absent and not read.named and read.size is None and bodies
    if (read.size is not None or read.named or read.absent) and not (others and not said.has("which_task", "task")):
        return clauses if read.role is Role.LEAD else Wanted.TASKS
    if bodies:
        return Wanted.DEPARTMENTS
    if said.has("which_task", "which_heading"):
        return clauses
    return Wanted.DEPARTMENTS if said.has("department") else None
