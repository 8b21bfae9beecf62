"""The admin page, behind a password: what is known, uploads with a preview, versions, the inbox, evaluations."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from assistant.compose import ROLE_NAMES
from prompts import has_sentence, sentence
from ui.admin_figures import cards_page, evaluation, health, past_evaluations, usage
from ui.asking import explained, from_our_pages
from ui.register_page import html_table, whole_page
from ui.versions import Versions, forget_everywhere
from vectorstore.inbox import Inbox
from vectorstore.library import Library

_UPLOADS, _EVALS = "uploads", "evals"
_MOST_BYTES = 40_000_000


def admin_router(library: Library, inbox: Inbox, password: str) -> APIRouter:
    """`/admin` and what it does; every call needs the password (any user name)."""

    def check(given: Annotated[HTTPBasicCredentials, Depends(HTTPBasic(realm="kepu"))]) -> None:
        if not secrets.compare_digest(given.password.encode(), password.encode()):
            raise HTTPException(401, sentence("admin_wrong_password"), {"WWW-Authenticate": 'Basic realm="kepu"'})

    router = APIRouter(prefix="/admin", dependencies=[Depends(check)])
    versions = Versions(library)
    _add_pages(router, library, inbox, versions)
    _add_uploads(router, library, versions)
    _add_changes(router, library, inbox, versions)
    return router


def _add_pages(router: APIRouter, library: Library, inbox: Inbox, versions: Versions) -> None:
    @router.get("")
    def overview() -> HTMLResponse:
        return HTMLResponse(_overview(library, inbox, versions))

    @router.get("/cards")
    def cards() -> HTMLResponse:
        return HTMLResponse(cards_page(library.current()))

    @router.get("/report")
    def report() -> HTMLResponse:
        file = library.knowledge.home / _EVALS / "report.html"
        if not file.is_file():
            raise HTTPException(404, sentence("admin_no_report"))
        return HTMLResponse(file.read_text(encoding="utf-8"))


def _add_uploads(router: APIRouter, library: Library, versions: Versions) -> None:
    """A file is kept and shown first; it is stored when a person has accepted what was recognised."""
    uploads = library.knowledge.home / _UPLOADS

    @router.post("/preview", dependencies=[from_our_pages()])
    def preview(file: Annotated[UploadFile, File()]) -> HTMLResponse:
        kept = _keep_upload(uploads, file.filename or "upload.txt", file.file.read(_MOST_BYTES + 1))
        with explained(400):
            return HTMLResponse(_preview(kept))

    @router.post("/fetch", dependencies=[from_our_pages()])
    def fetched(address: Annotated[str, Form()]) -> HTMLResponse:
        from ingest.readers import fetch

        uploads.mkdir(parents=True, exist_ok=True)
        with explained(400):
            return HTMLResponse(_preview(fetch(address.strip(), uploads, inside=False)))

    @router.post("/accept", dependencies=[from_our_pages()])
    def accept(name: Annotated[str, Form()]) -> RedirectResponse:
        from ingest.pipeline import ingest_paths

        with explained(400):
            versions.keep()
            done = ingest_paths(library, [uploads / Path(name).name], _quiet)
            for _, error in done.failed:
                raise error
            (uploads / Path(name).name).unlink()  # what is kept of it is what can be forgotten
        return RedirectResponse("/admin", 303)


def _add_changes(router: APIRouter, library: Library, inbox: Inbox, versions: Versions) -> None:
    @router.post("/forget", dependencies=[from_our_pages()])
    def forget(name: Annotated[str, Form()]) -> RedirectResponse:
        with explained(404):
            forget_everywhere(library, name, _quiet)
        return RedirectResponse("/admin", 303)

    @router.post("/restore", dependencies=[from_our_pages()])
    def restore(version: Annotated[int, Form()]) -> RedirectResponse:
        with explained(400):
            versions.go_back(version, _quiet)
        return RedirectResponse("/admin", 303)

    @router.post("/done", dependencies=[from_our_pages()])
    def done(item: Annotated[int, Form()]) -> RedirectResponse:
        inbox.drop(item)
        return RedirectResponse("/admin", 303)


def _quiet(_what: str, _done: int, _of: int) -> None:
    """A progress that nobody watches: the browser shows that the page is loading."""


def _keep_upload(folder: Path, name: str, content: bytes) -> Path:
    if len(content) > _MOST_BYTES:
        raise HTTPException(413, sentence("admin_too_large", megabytes=_MOST_BYTES // 1_000_000))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / re.sub(r"[^\w.〔〕()（）-]", "_", Path(name).name)
    file.write_bytes(content)
    return file


def _preview(file: Path) -> str:
    """What a file would be stored as, before it is: its duties and every warning."""
    from ingest.pipeline import look_at

    found = look_at(file)
    warnings = [(warning,) for each in found for warning in each.warnings]
    body = [f"<h1>{sentence('admin_preview')}：{escape(file.name)}</h1>"]
    body += [_table(f"注意（{len(warnings)}处）", ("哪里、什么",), warnings)]
    for notice in (notice for each in found for notice in each.notices):
        rows = [(d.path, d.title, d.department, ROLE_NAMES[d.role]) for d in notice.duties]
        facts = [("标题", notice.title), ("文号", notice.number), ("印发", notice.issued), ("地区", notice.region)]
        body += [_table("认出来的", ("项", "内容"), facts)]
        body += [_table(sentence("register_count", count=len(rows)), ("条目", "任务", "部门", "角色"), rows)]
    if documents := [each.document for each in found if each.document]:
        body.append(f"<p>{sentence('admin_document', count=sum(len(d.chunks) for d in documents))}</p>")
    body.append(_button("accept", sentence("admin_accept"), name=file.name))
    body.append(f'<p><a class="kepu-button" href="/admin">{sentence("admin_back")}</a></p>')
    return whole_page(sentence("admin_preview"), "".join(body))


def _overview(library: Library, inbox: Inbox, versions: Versions) -> str:
    snapshot = library.current()
    counted = {**library.knowledge.counts(), "version": snapshot.version}
    known = [(_named("known", name), count) for name, count in counted.items()]
    held = [
        *((n.key, n.title, n.region) for n in snapshot.register.notices.values()),
        *((d.id, d.title, "") for d in snapshot.documents.values()),
    ]
    unread = [c for c in snapshot.cards.values() if not c.reviewed_by]
    items = inbox.items()
    body = [
        f"<h1>{sentence('admin_title')}</h1>",
        _upload(),
        health(library, inbox),
        usage(inbox.usage.days()),
        _table(sentence("admin_known"), ("项", "数"), known),
        _rows(
            sentence("admin_held"), [(*row, _button("forget", sentence("admin_forget"), name=row[0])) for row in held]
        ),
        _rows(
            sentence("admin_versions"),
            [(str(v), _button("restore", sentence("admin_restore"), version=str(v))) for v in versions.kept()],
        ),
        _rows(
            sentence("admin_inbox", count=len(items)),
            [
                (
                    _named("inbox", i.kind),
                    i.question,
                    i.answer[:120],
                    _named("reason", i.reason),
                    _button("done", sentence("admin_done"), item=str(i.id)),
                )
                for i in items
            ],
        ),
        f"<p>{sentence('admin_cards', count=len(snapshot.cards), unread=len(unread))}</p>",
        f'<p><a class="kepu-button" href="/admin/cards">{sentence("admin_cards_open")}</a></p>',
        evaluation(library.knowledge.home / _EVALS / "report.json"),
        past_evaluations(library.knowledge.home / _EVALS / "history.jsonl"),
        f'<p><a class="kepu-button" href="/admin/report">{sentence("admin_report")}</a></p>',
    ]
    return whole_page(sentence("admin_title"), "".join(body))


def _named(what: str, name: str) -> str:
    """The Chinese name of a count, of what an item is or why; what has none stands as it is."""
    return sentence(f"admin_{what}_{name}") if has_sentence(f"admin_{what}_{name}") else name


def _upload() -> str:
    return (
        '<form id="upload" method="post" action="/admin/preview" enctype="multipart/form-data">'
        f'<label>{sentence("admin_upload")} <input type="file" name="file" required></label> '
        f'<button class="kepu-button">{sentence("admin_look")}</button> '
        f'<progress max="1" value="0" aria-label="{sentence("admin_uploading")}" hidden></progress></form>'
        f"<script>{(resources.files('ui') / 'web' / 'upload.js').read_text(encoding='utf-8')}</script>"
        '<form method="post" action="/admin/fetch">'
        f'<label>{sentence("admin_address")} <input type="url" name="address" required></label> '
        f'<button class="kepu-button">{sentence("admin_look_address")}</button></form>'
    )


def _button(action: str, label: str, **fields: str) -> str:
    hidden = "".join(f'<input type="hidden" name="{k}" value="{escape(v)}">' for k, v in fields.items())
    return f'<form method="post" action="/admin/{action}">{hidden}<button class="kepu-button">{label}</button></form>'


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return html_table(title, heads, ([escape(str(value)) for value in row] for row in rows))


def _rows(title: str, rows: Iterable[Sequence[str]]) -> str:
    """A table whose last column is a button; everything else is escaped."""
    return html_table(title, (), [[*map(escape, row[:-1]), row[-1]] for row in rows] or [["—"]])
