"""The register as plain pages: all duties, one department's, one clause's; each with an address that can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from urllib.parse import urlencode

from assistant.compose import ROLE_NAMES
from prompts import sentence
from ui.pictures import bars, clause_link, department_link, matrix, network
from ui.register import select
from vectorstore.library import Snapshot
from vectorstore.records import Clause, Duty

EXPORTS = {"xlsx": "Excel", "docx": "Word", "csv": "CSV", "json": "JSON"}


def style() -> str:
    """The style of these pages and of the pictures wherever they stand."""
    return (resources.files("ui") / "web" / "register.css").read_text(encoding="utf-8")


def register_page(
    snapshot: Snapshot, department: str | None = None, role: str | None = None, clause: str | None = None
) -> str:
    """The page for some filters. Raises UnknownName for a name or path that does not exist."""
    duties = select(snapshot, department, role, clause)
    title = "、".join(filter(None, (department, clause, role))) or sentence("tab_register")
    clauses = snapshot.register.clauses_of(duties)
    one = clauses[0] if clause and len(clauses) == 1 else None
    body = [
        f"<h1>{escape(title)}</h1>",
        _downloads(department, role, clause),
        *(_clause(snapshot, one) if one else []),
        _table(duties),
        *([] if one else [bars(duties), network(snapshot.register, duties), matrix(snapshot.register, duties)]),
    ]
    return whole_page(title, "".join(body))


def _downloads(department: str | None, role: str | None, clause: str | None) -> str:
    filters = {k: v for k, v in (("department", department), ("role", role), ("clause", clause)) if v}
    links = "".join(
        f'<a class="kepu-button" href="/register/export?{urlencode({**filters, "format": form})}">{name}</a>'
        for form, name in EXPORTS.items()
    )
    back = f'<a class="kepu-button" href="/">{sentence("back_to_chat")}</a>'
    return f'<p class="kepu-tools">{back}{sentence("export_as")}{links}</p>'


def _clause(snapshot: Snapshot, clause: Clause) -> list[str]:
    """A clause in its own words, between its neighbours."""
    siblings = snapshot.register.children(clause.notice, clause.parent)
    at = siblings.index(clause)
    near = [siblings[k] for k in (at - 1, at + 1) if 0 <= k < len(siblings)]
    links = "".join(f'<li><a href="{clause_link(c.path)}">{escape(c.path)} {escape(c.title)}</a></li>' for c in near)
    source = f"{escape(clause.notice)} {escape(clause.path)}"
    return [f"<blockquote><p>{escape(clause.text)}</p><footer>{source}</footer></blockquote><ul>{links}</ul>"]


def _table(duties: Sequence[Duty]) -> str:
    rows = (
        (
            f'<a href="{clause_link(d.path)}">{escape(d.path)}</a>',
            escape(d.title),
            f'<a href="{department_link(d.department)}">{escape(d.department)}</a>',
            ROLE_NAMES[d.role],
        )
        for d in duties
    )
    caption = sentence("register_count", count=len(duties))
    return html_table(caption, ("条目", "任务", "部门", "角色"), rows, "任务分工表")


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], label: str = "") -> str:
    """A table that scrolls in itself; the cells are HTML, `label` is what it is called (else its caption)."""
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="kepu-scroll" tabindex="0" role="region" aria-label="{escape(label or caption)}"><table>'
        f"<caption>{escape(caption)}</caption>{f'<thead><tr>{head}</tr></thead>' if head else ''}"
        f"<tbody>{body}</tbody></table></div>"
    )


def whole_page(title: str, body: str) -> str:
    """A plain page around a body."""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {sentence('app_title')}</title><style>{style()}</style></head>"
        f'<body class="kepu-register"><main>{body}</main></body></html>'
    )
