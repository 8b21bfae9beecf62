"""Pictures of the register: a matrix, bars and a network, as HTML and SVG whose parts lead to their clauses."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import combinations
from urllib.parse import quote

from assistant.compose import ROLE_NAMES
from vectorstore.records import Clause, Duty, Role
from vectorstore.register import DutyRegister

MARKS = {Role.LEAD: "牵", Role.RESPONSIBLE: "●", Role.COOPERATE: "配", Role.LOCALITY: "地"}
_SIZE, _RADIUS, _LEAST_SHARED = 760, 220, 4


def clause_link(path: str) -> str:
    """The address of a clause's page."""
    return f"/register?clause={quote(path)}"


def department_link(name: str) -> str:
    """The address of a department's page."""
    return f"/register?department={quote(name)}"


def matrix(register: DutyRegister, duties: Sequence[Duty]) -> str:
    """Departments by clauses; each mark leads to its clause."""
    clauses = register.clauses_of(duties)
    marks = {(d.department, d.notice, d.path): MARKS[d.role] for d in duties if d.role is not Role.LEAD}
    for duty in duties:
        if duty.role is Role.LEAD:
            key = (duty.department, duty.notice, duty.path)
            marks[key] = MARKS[Role.LEAD] + marks.get(key, "")
    head = "".join(
        f'<th scope="col"><a href="{clause_link(c.path)}" title="{escape(c.title)}">{escape(c.path)}</a></th>'
        for c in clauses
    )
    rows = "".join(
        f'<tr><th scope="row"><a href="{department_link(name)}">{escape(name)}</a></th>'
        + "".join(_cell(marks.get((name, c.notice, c.path), ""), name, c) for c in clauses)
        + "</tr>"
        for name in _departments(duties)
    )
    return (
        '<div class="kepu-scroll" tabindex="0" role="region" aria-label="部门与条目对照表"><table class="kepu-matrix">'
        f"<caption>部门 × 条目（{MARKS[Role.LEAD]} 牵头，{MARKS[Role.RESPONSIBLE]} 责任）</caption>"
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(mark: str, name: str, clause: Clause) -> str:
    if not mark:
        return "<td></td>"
    label = f"{name}，{clause.path} {clause.title}"
    return f'<td><a href="{clause_link(clause.path)}" aria-label="{escape(label)}">{mark}</a></td>'


def bars(duties: Sequence[Duty]) -> str:
    """Duties of each department, split by role, most first."""
    counts = {name: Counter(d.role for d in duties if d.department == name) for name in _departments(duties)}
    most = max((sum(c.values()) for c in counts.values()), default=1)
    rows = "".join(
        f'<li><a href="{department_link(name)}"><span class="kepu-name">{escape(name)}</span>'
        f'<span class="kepu-bar" style="width:{62 * sum(by.values()) / most:.1f}%">'
        + "".join(f'<span class="kepu-{role}" style="flex:{n}"></span>' for role, n in sorted(by.items()))
        + f'</span><span class="kepu-count">{_said(by)}</span></a></li>'
        for name, by in sorted(counts.items(), key=lambda x: -sum(x[1].values()))
    )
    return f'<ul class="kepu-bars" aria-label="各部门任务数">{rows}</ul>'


def _said(by: Counter[Role]) -> str:
    return "，".join(f"{ROLE_NAMES[role]}{n}" for role, n in sorted(by.items()))


def network(register: DutyRegister, duties: Sequence[Duty]) -> str:
    """Departments on a circle; a line joins two that share several tasks, thicker the more they share."""
    names = _departments(duties)
    shared = _shared(register, duties)
    places = {n: _place(k, len(names)) for k, n in enumerate(names)}
    lines = "".join(
        f'<a href="{department_link(a)}"><line x1="{places[a][0]:.0f}" y1="{places[a][1]:.0f}" '
        f'x2="{places[b][0]:.0f}" y2="{places[b][1]:.0f}" stroke-width="{n / 3:.1f}">'
        f"<title>{escape(a)}和{escape(b)}：共同{n}项</title></line></a>"
        for (a, b), n in sorted(shared.items(), key=lambda x: x[1])
        if n >= _LEAST_SHARED
    )
    nodes = "".join(_node(n, *places[n]) for n in names)
    return (
        f'<svg class="kepu-network" viewBox="0 0 {_SIZE} {_SIZE}" role="group" '
        f'aria-label="部门合作网络：共同任务{_LEAST_SHARED}项以上的连线">{lines}{nodes}</svg>'
    )


def _node(name: str, x: float, y: float) -> str:
    angle = math.degrees(math.atan2(y - _SIZE / 2, x - _SIZE / 2))
    turned, anchor = (angle + 180, "end") if abs(angle) > 90 else (angle, "start")
    shift = -10 if anchor == "end" else 10
    return (
        f'<a href="{department_link(name)}"><circle cx="{x:.0f}" cy="{y:.0f}" r="6"/>'
        f'<text transform="translate({x:.0f},{y:.0f}) rotate({turned:.0f})" x="{shift}" y="5" '
        f'text-anchor="{anchor}">{escape(name)}</text></a>'
    )


def _place(k: int, of: int) -> tuple[float, float]:
    angle = 2 * math.pi * k / max(of, 1)
    return _SIZE / 2 + _RADIUS * math.cos(angle), _SIZE / 2 + _RADIUS * math.sin(angle)


def _shared(register: DutyRegister, duties: Sequence[Duty]) -> Counter[tuple[str, str]]:
    """How many of their tasks each pair of the departments of some duties shares."""
    names = set(_departments(duties))
    shared: Counter[tuple[str, str]] = Counter()
    for clause in register.clauses_of(duties):
        if register.is_heading(clause.notice, clause.path):
            continue
        own = {d.department for d in register.of_clause(clause.notice, clause.path)} & names
        shared.update(combinations(sorted(own), 2))
    return shared


def _departments(duties: Iterable[Duty]) -> list[str]:
    return list(dict.fromkeys(d.department for d in duties))
