"""What the admin page shows in figures: usage by day, cards and their review, the last evaluation, health."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path

from assistant.answer import Kind, Refusal
from evals.history import Past, read_past
from evals.report import read_shares
from prompts import choices, sentence
from ui.faults import explain
from ui.register_page import html_table, whole_page
from vectorstore.errors import KepuError
from vectorstore.inbox import Inbox
from vectorstore.library import Library, Snapshot
from vectorstore.records import Card
from vectorstore.usage import Count

_KINDS = tuple(Kind)
_UNANSWERED = (Refusal.NOT_IN_SOURCES, Refusal.OUT_OF_SCOPE)
_WIDTH, _HEIGHT, _COLUMN = 720, 130, 24
_MEGABYTE = 1_000_000
_RUNS = 8


def usage(counts: Sequence[Count]) -> str:
    """Answers by day as a small chart and a table; counts and nothing else."""
    days = list(dict.fromkeys(c.day for c in counts))
    if not days:
        return f"<p>{sentence('admin_usage_none')}</p>"
    totals = {day: _sum(c for c in counts if c.day == day) for day in days}
    rows = [(day, totals[day], *_parts([c for c in counts if c.day == day])) for day in days]
    return _chart([(day, totals[day]) for day in reversed(days)]) + _table(
        sentence("admin_usage"), choices("admin_usage_heads"), rows
    )


def _parts(of_day: Sequence[Count]) -> list[int]:
    """The answers of a day by kind, then those that the sources do not hold."""
    kinds = [_sum(c for c in of_day if c.kind == kind) for kind in _KINDS]
    return [*kinds, _sum(c for c in of_day if c.refusal in _UNANSWERED)]


def _sum(counts: Iterable[Count]) -> int:
    return sum(c.answers for c in counts)


def _chart(totals: Sequence[tuple[str, int]]) -> str:
    """A column for each day, the oldest on the left, its number above it and the day of the month below."""
    most = max(total for _, total in totals)
    columns = []
    for n, (day, total) in enumerate(totals):
        height = max(1, round((_HEIGHT - 40) * total / most))
        x, y = n * _COLUMN, _HEIGHT - 20 - height
        columns.append(
            f'<rect x="{x + 3}" y="{y}" width="{_COLUMN - 6}" height="{height}"/>'
            f'<text x="{x + _COLUMN / 2}" y="{y - 4}" text-anchor="middle">{total}</text>'
            f'<text x="{x + _COLUMN / 2}" y="{_HEIGHT - 4}" text-anchor="middle">{int(day[-2:])}</text>'
        )
    title = sentence("admin_usage_chart")
    return (
        f'<figure><figcaption>{title}</figcaption><svg class="kepu-days" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{title}">{"".join(columns)}</svg></figure>'
    )


def cards_page(snapshot: Snapshot) -> str:
    """Every card with when it was compared, until when it holds and who of the organisation approved it."""
    today = date.today().isoformat()
    cards = sorted(snapshot.cards.values(), key=lambda c: (c.reviewed_by != "", c.topic, c.id))
    rows = [(c.id, c.title, c.topic, c.checked, _expiry(c, today), _review(c)) for c in cards]
    title = sentence("admin_cards_title")
    back = f'<p><a class="kepu-button" href="/admin">{sentence("admin_title")}</a></p>'
    return whole_page(title, f"<h1>{title}</h1>{back}{_table(title, choices('admin_cards_heads'), rows)}")


def _expiry(card: Card, today: str) -> str:
    return f"{card.expires} {sentence('admin_card_expired')}" if card.expires and card.expires < today else card.expires


def _review(card: Card) -> str:
    return card.reviewed_by or sentence("admin_card_unread")


def evaluation(report: Path) -> str:
    """The shares of the last `kepu eval` as a table."""
    try:
        shares = read_shares(report)
    except KepuError as error:
        return f"<p>{explain(error)}</p>"
    rows = [(n, f"{s.right}/{s.of}", f"{s.value:.1%}", f"{s.low:.1%}–{s.high:.1%}") for n, s in shares.items()]
    if not rows:
        return f"<p>{sentence('admin_no_report')}</p>"
    return _table(sentence("admin_evals"), choices("admin_evals_heads"), rows)


def past_evaluations(runs: Path) -> str:
    """The last runs of `kepu eval`, the newest first: a column for each with the share of each suite."""
    try:
        past = read_past(runs)[: -_RUNS - 1 : -1]
    except KepuError as error:
        return f"<p>{explain(error)}</p>"
    if not past:
        return ""
    suites = sorted({name for run in past for name in run.shares})
    rows = [(name, *(_share(run, name) for run in past)) for name in suites]
    return _table(sentence("admin_past"), (sentence("admin_past_suite"), *(run.day for run in past)), rows)


def _share(run: Past, suite: str) -> str:
    if suite not in run.shares:
        return "—"
    return f"{run.shares[suite]:.1%}{sentence('admin_past_worse') if suite in run.worse else ''}"


def health(library: Library, inbox: Inbox) -> str:
    """Whether what an answer needs is there, tried now; what does not work says why."""
    home = library.knowledge.home
    size = sum(f.stat().st_size for f in home.rglob("*") if f.is_file())
    rows = [
        ("version", library.current().version),
        ("index", _tried(library.current().retriever.dense)),
        ("store", _tried(lambda: inbox.usage.days(1))),
        ("size", f"{size / _MEGABYTE:.0f} MB"),
        ("free", f"{shutil.disk_usage(home).free / _MEGABYTE:.0f} MB"),
    ]
    named = [(sentence(f"admin_health_{name}"), value) for name, value in rows]
    return _table(sentence("admin_health"), choices("admin_health_heads"), named)


def _tried(act: Callable[[], object]) -> str:
    try:
        act()
    except KepuError as error:
        return explain(error)
    return sentence("admin_yes")


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return html_table(title, heads, ([escape(str(value)) for value in row] for row in rows))
