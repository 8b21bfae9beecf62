"""Who owns a clause: its own departments, and apart from them the lead of the section it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer, Kind, Line
from assistant.compose import ROLE_NAMES, Desk, cite, cite_duties, heading, join, reminders
from assistant.question import Question
from prompts import sentence
from vectorstore.records import Clause, Duty, Role

_ORDER = (Role.RESPONSIBLE, Role.LEAD, Role.COOPERATE, Role.LOCALITY)


def answer_who(question: Question, clause: Clause, desk: Desk) -> Answer:
    """Names the departments of a clause. A question about a role is answered with that role only."""
    register = desk.snapshot.register
    own = register.of_clause(clause.notice, clause.path)
    inherited = register.inherited_lead(clause.notice, clause.path)
    if question.role is Role.LEAD and not question.has("count"):
        return _leads(clause, [d for d in own if d.role is Role.LEAD], inherited, desk)
    lines = [
        *_own_lines(clause, own, desk),
        Line(sentence("label_task"), heading(clause)),
        *_inherited(inherited, desk),
    ]
    if not own and not inherited:
        lines = [*_nobody(clause), Line(sentence("label_task"), heading(clause))]
    if question.has("count") and own:
        lines.insert(0, Line("", sentence("who_count", count=len({d.department for d in own}))))
    return _answer(clause, lines, [*own, *inherited], desk)


def check_premise(question: Question, clause: Clause, desk: Desk) -> Answer:
    """Says whether the departments a question names own the clause, then who does."""
    register = desk.snapshot.register
    own = register.of_clause(clause.notice, clause.path)
    inherited = register.inherited_lead(clause.notice, clause.path)
    verdicts = [_verdict(name, question, own, inherited) for name in question.named]
    told = answer_who(_without_role(question), clause, desk)
    lines = [*(Line("", v) for v in verdicts), *told.lines]
    if question.has("text"):
        lines.append(Line(sentence("label_source"), clause.text))
    return replace(told, lines=tuple(lines), citations=(*told.citations, cite(desk, clause)))


def answer_others(left_out: Sequence[str], clause: Clause, desk: Desk) -> Answer:
    """The departments of a clause beside some: 除了工信厅还有哪些单位."""
    own = desk.snapshot.register.of_clause(clause.notice, clause.path)
    others = [d for d in own if d.department not in left_out]
    count = len({d.department for d in others})
    head = sentence("who_others", departments=join(left_out), count=count)
    lines = [Line("", head), *_own_lines(clause, others, desk), Line(sentence("label_task"), heading(clause))]
    return _answer(clause, lines, others, desk)


def _without_role(question: Question) -> Question:
    return replace(question, cues=question.cues - {"lead"})


def _verdict(name: str, question: Question, own: Sequence[Duty], inherited: Sequence[Duty]) -> str:
    roles = [d.role for d in own if d.department == name]
    leads = Role.LEAD in roles or any(d.department == name for d in inherited)
    if question.role is Role.LEAD:
        if leads:
            return sentence("premise_true", department=name, role=ROLE_NAMES[Role.LEAD])
        return sentence("premise_not_lead", department=name)
    if roles:
        return sentence("premise_true", department=name, role="、".join(ROLE_NAMES[r] for r in roles))
    return sentence("premise_not_responsible", department=name)


def _leads(clause: Clause, own: list[Duty], inherited: list[Duty], desk: Desk) -> Answer:
    if own:
        lines = [
            Line(sentence("label_lead"), _names(own, clause)),
            Line(sentence("label_task"), heading(clause)),
        ]
    elif inherited:
        lines = [
            *_inherited(inherited, desk),
            Line(sentence("label_task"), heading(clause)),
            Line("", sentence("no_own_lead")),
        ]
    else:
        lines = [Line("", sentence("no_lead_at_all")), Line(sentence("label_task"), heading(clause))]
    section = desk.snapshot.register.clause(inherited[0].notice, inherited[0].path) if inherited and not own else None
    answer = _answer(section or clause, lines, own or inherited, desk)
    return replace(answer, listed=((clause.notice, clause.path),), focus=(clause.notice, clause.path))


def _own_lines(clause: Clause, own: list[Duty], desk: Desk) -> list[Line]:
    lines = []
    for role in _ORDER:
        if members := [d for d in own if d.role is role]:
            lines.append(Line(ROLE_NAMES[role], _names(members, clause)))
    if not own:
        lines.append(Line("", sentence("no_department")))
    return lines


def _names(members: Sequence[Duty], clause: Clause) -> str:
    return join(d.department for d in members) + (sentence("open_list") if clause.open_list else "")


def _inherited(inherited: Sequence[Duty], desk: Desk) -> list[Line]:
    if not inherited:
        return []
    section = desk.snapshot.register.clause(inherited[0].notice, inherited[0].path)
    assert section is not None
    kind = "工程" if section.title.endswith("工程") else "行动"
    label = sentence("label_section_lead", kind=kind)
    return [Line(label, f"{join(d.department for d in inherited)}（{heading(section)}）")]


def _nobody(clause: Clause) -> list[Line]:
    """That no department is named; the sentences in which the clause says who acts, verbatim."""
    if not clause.actors:
        return [Line("", sentence("no_department"))]
    sentences = re.findall(r"[^。\n]*[。\n]?", clause.text)
    acting = [s.strip() for s in sentences if any(a.text in s for a in clause.actors)]
    return [Line("", sentence("actors_in_text")), Line(sentence("label_source"), "".join(acting))]


def _answer(clause: Clause, lines: list[Line], duties: Sequence[Duty], desk: Desk) -> Answer:
    if clause.brackets:
        quotes = "”“".join(m.text for m in clause.brackets)
        lines.append(Line(sentence("label_source"), sentence("quote_source", quote=quotes, source=clause.notice)))
    citations = list(cite_duties(desk, clause))
    for path in dict.fromkeys(d.path for d in duties if d.path != clause.path):
        if section := desk.snapshot.register.clause(clause.notice, path):
            citations.extend(cite_duties(desk, section))
    return Answer(
        Kind.DUTY, tuple(lines), tuple(duties), tuple(citations),
        suggestions=_suggestions(clause, duties, desk), notices=reminders(desk, [clause.notice]),
        listed=((clause.notice, clause.path),), focus=(clause.notice, clause.path),
    )  # fmt: skip


def _suggestions(clause: Clause, duties: Sequence[Duty], desk: Desk) -> tuple[str, ...]:
    if below := desk.snapshot.register.children(clause.notice, clause.path):
        return tuple(sentence("follow_who", title=c.title) for c in below[:4])
    more = [sentence("follow_department", department=duties[-1].department)] if duties else []
    return (sentence("follow_text"), *more, sentence("follow_export"))
