"""The register as plain pages: all duties, one department's, one clause's; each with an address that can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from importlib import resources
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import HTMLResponse, Response

from assistant.compose import ROLE_NAMES
from ui import exports
from ui.asking import explained
from ui.language import CHATS, Language, Say, other, tag, words
from ui.pictures import bars, clause_link, department_link, matrix, network
from ui.register import select
from ui.source_page import clause_html, source_html, to_register
from vectorstore.library import Library, Snapshot
from vectorstore.records import Duty, Role

EXPORTS = {"xlsx": "Excel", "docx": "Word", "csv": "CSV", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for; "" for anything. `words` stands in the task, the department or the clause's text."""

    department: str = ""
    role: str = ""
    clause: str = ""
    words: str = ""

    def address(self, path: str, **more: str) -> str:
        """`path` with these filters."""
        asked = {**{k: v for k, v in asdict(self).items() if v}, **more}
        return path + (f"?{urlencode(asked)}" if asked else "")

    def duties(self, snapshot: Snapshot) -> list[Duty]:
        """The duties that fit. Raises UnknownName for a name or path that does not exist."""
        found = select(snapshot, self.department or None, self.role or None, self.clause or None)
        return [d for d in found if all(word in _said_of(snapshot, d) for word in self.words.split())]


def _said_of(snapshot: Snapshot, duty: Duty) -> str:
    clause = snapshot.register.clause(duty.notice, duty.path)
    return f"{duty.path} {duty.title} {duty.department} {clause.text if clause else ''}"


def register_router(library: Library) -> APIRouter:
    """`/register`, its files, and `/source`: the words that a citation stands for."""
    router = APIRouter()

    @router.get("/register")
    def page(asked: Annotated[Filters, Depends()], language: Language) -> HTMLResponse:
        with explained(404):
            return HTMLResponse(register_page(library.current(), asked, language))

    @router.get("/register/export")
    def export(asked: Annotated[Filters, Depends()], format: str = "xlsx") -> Response:
        if format not in exports.TYPES:
            raise HTTPException(400, "、".join(exports.TYPES))
        snapshot = library.current()
        with explained(404):
            found = asked.duties(snapshot)
        headers = {"Content-Disposition": f'attachment; filename="duties.{format}"'}
        return Response(exports.encode(format, found, snapshot), media_type=exports.TYPES[format], headers=headers)

    @router.get("/source")
    def source(
        tier: str, language: Language, source: str = "", locator: str = "", begins: str = "", part: bool = False
    ) -> HTMLResponse:
        with explained(404):
            title, body = source_html(library.current(), tier, source, locator, words(language), begins)
        if part:
            return HTMLResponse(f"<h2>{escape(title)}</h2>{body}")
        return HTMLResponse(whole_page(title, f"<h1>{escape(title)}</h1>{body}", language))

    return router


def style() -> str:
    """The style of these pages and of the pictures wherever they stand."""
    return (resources.files("ui") / "web" / "register.css").read_text(encoding="utf-8")


def register_page(snapshot: Snapshot, filters: Filters, language: str) -> str:
    """The page for some filters. Raises UnknownName for a name or path that does not exist."""
    say = words(language)
    duties = filters.duties(snapshot)
    clauses = snapshot.register.clauses_of(duties)
    one = clauses[0] if filters.clause and len(clauses) == 1 else None
    title = one.title if one else "、".join(filter(None, asdict(filters).values())) or say("tab_register")
    body = [
        _tools(filters, say, language),
        f"<h1>{f'{escape(one.path)} ' if one else ''}{escape(title)}</h1>",
        clause_html(snapshot, one, say, to_register) if one else _form(snapshot, filters, say),
        _table(duties, say) if duties else f"<p>{say('filter_none')}</p>",
        *([] if one or not duties else _pictures(snapshot, duties, say)),
    ]
    return whole_page(title, "".join(body), language)


def _tools(filters: Filters, say: Say, language: str) -> str:
    links = "".join(_link(filters.address("/register/export", format=form), name) for form, name in EXPORTS.items())
    whole = _link("/register", say("back_to_register")) if any(asdict(filters).values()) else ""
    turned = _link(filters.address("/register", lang=other(language)), say("to_other_language"))
    return (
        f'<nav class="kepu-tools">{_link(CHATS[language], say("back_to_chat"))}{whole}{turned}'
        f'<button class="kepu-button" type="button" onclick="print()">{say("print_page")}</button>'
        f"<span>{say('export_as')}</span>{links}</nav>"
    )


def _link(href: str, said: str) -> str:
    return f'<a class="kepu-button" href="{escape(href)}">{said}</a>'


def _form(snapshot: Snapshot, filters: Filters, say: Say) -> str:
    """The filters as a form that works without a script; what it gives has an address."""
    register = snapshot.register
    every = (c for n in register.notices.values() for c in n.clauses)
    sections = {c.path: f"{c.path} {c.title}" for c in every if register.is_heading(c.notice, c.path)}
    choices = (
        ("department", say("filter_department"), {d: d for d in register.departments}, filters.department),
        ("role", say("filter_role"), {ROLE_NAMES[r][:2]: ROLE_NAMES[r] for r in Role}, filters.role),
        ("clause", say("filter_section"), sections, filters.clause),
    )
    fields = "".join(_select(name, shown, options, given, say) for name, shown, options, given in choices)
    return (
        f'<form class="kepu-filters" action="/register">{fields}<label>{say("filter_words")}'
        f'<input name="words" value="{escape(filters.words)}" maxlength="60"></label>'
        f'<button class="kepu-button">{say("filter_do")}</button></form>'
    )


def _select(name: str, shown: str, options: dict[str, str], given: str, say: Say) -> str:
    known = {"": say("filter_any"), **({given: given} if given else {}), **options}
    lines = "".join(
        f'<option value="{escape(value)}"{" selected" if value == given else ""}>{escape(said)}</option>'
        for value, said in known.items()
    )
    return f'<label>{shown}<select name="{name}">{lines}</select></label>'


def _table(duties: Sequence[Duty], say: Say) -> str:
    rows = (
        (
            f'<a href="{clause_link(d.path)}">{escape(d.path)}</a>',
            escape(d.title),
            f'<a href="{department_link(d.department)}">{escape(d.department)}</a>',
            ROLE_NAMES[d.role],
        )
        for d in duties
    )
    heads = [say(f"column_{name}") for name in ("path", "title", "department", "role")]
    caption = say("register_count", count=len(duties))
    return html_table(caption, heads, rows, say("tab_register"), "kepu-duties")


def _pictures(snapshot: Snapshot, duties: Sequence[Duty], say: Say) -> list[str]:
    drawn = {
        "bars": bars(duties),
        "network": network(snapshot.register, duties),
        "matrix": matrix(snapshot.register, duties),
    }
    return [f"<details><summary>{say(f'picture_{name}')}</summary>{shown}</details>" for name, shown in drawn.items()]


def html_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], label: str = "", kind: str = ""
) -> str:
    """A table that scrolls in itself; the cells are HTML, `label` is what it is called, `kind` its class."""
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="kepu-scroll" tabindex="0" role="region" aria-label="{escape(label or caption)}">'
        f'<table class="{kind}"><caption>{escape(caption)}</caption>'
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def whole_page(title: str, body: str, language: str = "zh") -> str:
    """A plain page around a body."""
    return (
        f'<!doctype html><html lang="{tag(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {words(language)('app_title')}</title><style>{style()}</style></head>"
        f'<body class="kepu-register"><main>{body}</main></body></html>'
    )
