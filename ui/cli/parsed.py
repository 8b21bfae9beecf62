"""A parsed notice as the object that `kepu parse --json` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.notice import ParsedFile
from vectorstore.records import Clause, Duty, Mark, Notice, Role


def parsed_object(parsed: ParsedFile) -> dict[str, Any]:
    """The object of the contract; lists hold plain strings, their places stand in added fields."""
    body = _notice(parsed.notice)
    if parsed.others:
        body["others"] = [_notice(other) for other in parsed.others]
    return body


def _notice(notice: Notice) -> dict[str, Any]:
    by_path: dict[str, list[Duty]] = {}
    for duty in notice.duties:
        by_path.setdefault(duty.path, []).append(duty)
    return {
        "title": notice.title,
        "number": notice.number,
        "issuer": notice.issuer,
        "issued": notice.issued,
        "period": notice.period_text,
        "region": notice.region,
        "clauses": [_clause(c, by_path.get(c.path, ())) for c in notice.clauses],
        "warnings": list(notice.warnings),
    }


def _clause(clause: Clause, duties: Sequence[Duty]) -> dict[str, Any]:
    return {
        "path": clause.path,
        "title": clause.title,
        "text": clause.text,
        "leads": _of(duties, Role.LEAD),
        "responsible": _of(duties, Role.RESPONSIBLE),
        "cooperating": _of(duties, Role.COOPERATE),
        "localities": _of(duties, Role.LOCALITY),
        "open_list": clause.open_list,
        "deadlines": _texts(clause.deadlines),
        "targets": _texts(clause.targets),
        "programmes": _texts(clause.programmes),
        "actors": _texts(clause.actors),
        "page": clause.page,
        "line": clause.line,
        "places": {
            name: [{"text": m.text, "line": m.line, "page": m.page} for m in marks]
            for name, marks in (
                ("duties", clause.brackets),
                ("deadlines", clause.deadlines),
                ("targets", clause.targets),
                ("programmes", clause.programmes),
                ("actors", clause.actors),
            )
            if marks
        },
    }


def _of(duties: Iterable[Duty], role: Role) -> list[str]:
    return [d.department for d in duties if d.role is role]


def _texts(marks: Iterable[Mark]) -> list[str]:
    return [m.text for m in marks]
