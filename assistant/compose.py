"""Parts that several answers are made of: citations, reminders, lists of clauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.answer import Citation, Line
from prompts import sentence
from vectorstore.library import Snapshot
from vectorstore.records import Clause, Duty, Notice, Role, Tier

ROLE_NAMES = {
    Role.LEAD: "牵头部门",
    Role.RESPONSIBLE: "责任部门",
    Role.COOPERATE: "配合单位",
    Role.LOCALITY: "地方",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What an answer is made with: one knowledge version, today's date, the notices that are asked."""

    snapshot: Snapshot
    today: date
    notices: tuple[str, ...]

    @property
    def notice(self) -> Notice:
        """The notice that is asked first."""
        return self.snapshot.register.notices[self.notices[0]]

    @property
    def scopes(self) -> tuple[str, ...]:
        """The notices to look in, for the retriever; none named when it is all of them."""
        return () if len(self.notices) == len(self.snapshot.register.notices) else self.notices


def reminders(desk: Desk, notices: Iterable[str]) -> tuple[str, ...]:
    """That the period of a notice used in the answer has ended, once each."""
    said = []
    for key in dict.fromkeys(notices):
        period = desk.snapshot.register.notices[key].period
        if period and desk.today.year > period[1]:
            said.append(sentence("period_ended", first=period[0], last=period[1]))
    return tuple(dict.fromkeys(said))


def cite(desk: Desk, clause: Clause, quote: str = "") -> Citation:
    """A clause as a citation; without a quote its whole text is quoted."""
    notice = desk.snapshot.register.notices[clause.notice]
    return Citation(notice.key, notice.title, clause.path, quote or clause.text, Tier.NOTICE.value)


def cite_duties(desk: Desk, clause: Clause) -> tuple[Citation, ...]:
    """The duty brackets of a clause as citations, or its text when it has none."""
    marks = [m.text for m in clause.brackets] or [clause.text]
    return tuple(cite(desk, clause, quote) for quote in marks)


def join(names: Iterable[str]) -> str:
    """Department names as the notice lists them."""
    return "、".join(names)


def heading(clause: Clause) -> str:
    """A clause as it is named in an answer: path and title."""
    return f"{clause.path} {clause.title}"


def numbered(lines: Iterable[str]) -> tuple[Line, ...]:
    """Lines counted from 1."""
    return tuple(Line("", f"{n}. {line}") for n, line in enumerate(lines, 1))


def count_clauses(desk: Desk, duties: Iterable[Duty]) -> tuple[list[Clause], list[Clause]]:
    """Distinct clauses of some duties: those above others (actions, projects) and the tasks themselves."""
    register = desk.snapshot.register
    found = register.clauses_of(duties)
    headings = [c for c in found if register.is_heading(c.notice, c.path)]
    return headings, [c for c in found if c not in headings]
