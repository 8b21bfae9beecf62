"""Answers and tables as a person reads them in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant import Answer
from assistant.compose import ROLE_NAMES
from vectorstore.records import Card, Duty

if TYPE_CHECKING:
    from rich.text import Text

    from evals.compare import Place
    from evals.generated import Judged
    from evals.generated.misbehaving import Shown
    from evals.history import Change, Drift
    from evals.judging_model import Verdict
    from evals.measures import Measure
    from evals.metrics import Share
    from evals.public import Result
    from vectorstore.inbox import Item


def show_answer(answer: Answer) -> None:
    """Prints the answer, its sources and what can be asked next."""
    from rich.console import Console

    console = Console()
    console.print(answer.text, markup=False, highlight=False)
    sources = dict.fromkeys(f"{c.source} {c.locator}" for c in answer.citations)
    if sources:
        console.print("出处：" + "；".join(sources), style="dim", markup=False, highlight=False)
    if answer.suggestions:
        console.print("还可以问：" + " · ".join(answer.suggestions), style="cyan", markup=False, highlight=False)


def show_duties(duties: Sequence[Duty]) -> None:
    """Prints duties as a table with their count."""
    rows = [(d.path, d.title, d.department, ROLE_NAMES[d.role]) for d in duties]
    _table(f"任务分工（{len(duties)}条）", ("条目", "任务", "部门", "角色"), rows)


def show_pairs(title: str, pairs: dict[str, Any]) -> None:
    """Prints names and values as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, show_header=False)
    for name, value in pairs.items():
        table.add_row(str(name), str(value))
    Console().print(table)


def show_coverage(cards: Sequence[Card]) -> None:
    """Prints how many cards there are by topic and kind, audience, and clause of the notice."""
    topics = sorted({c.topic for c in cards})
    rows = [(t, *_counts([c for c in cards if c.topic == t])) for t in topics]
    _table(
        f"科普卡片（{len(cards)}张）", ("主题", "张数", "已对照来源", "本单位审核"), [*rows, ("合计", *_counts(cards))]
    )
    for title, names in (("人群", "audience"), ("服务的条目", "clauses")):
        counted = Counter(name for c in cards for name in getattr(c, names))
        _table(title, (title, "张数"), [(n, str(k)) for n, k in sorted(counted.items(), key=lambda x: -x[1])])


def _counts(cards: Sequence[Card]) -> tuple[str, str, str]:
    checked, reviewed = sum(bool(c.checked) for c in cards), sum(bool(c.reviewed_by) for c in cards)
    return str(len(cards)), str(checked), str(reviewed)


def show_cards(cards: Sequence[Card]) -> None:
    """Prints cards with their ids."""
    rows = [(c.id, c.title, c.kind, c.checked or "—", c.reviewed_by or "—") for c in cards]
    _table(f"{len(cards)}张", ("编号", "标题", "种类", "对照日期", "审核人"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Prints a table; plain words stand as they are, whatever brackets are in them."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    Console().print(table)


def show_measures(measures: Sequence[Measure], drifts: Mapping[str, Drift]) -> None:
    """Prints the measures of a run and how far they are from the run before."""
    from evals.report import drifted, interval, shown

    rows = [(m.name, shown(m), interval(m), str(m.of or ""), drifted(m, drifts.get(m.name))) for m in measures]
    _table("细项", ("量", "值", "95%区间", "数了", "比上次"), rows)


def show_public(name: str, results: Sequence[Result]) -> None:
    """Prints what is reached on a public set, with published figures beside it."""
    rows = [(r.way, f"{r.ndcg:.1%}", "—" if r.recall is None else f"{r.recall:.1%}") for r in results]
    _table(name, ("办法", "nDCG@10", "召回@10"), rows)


def show_items(items: Sequence[Item]) -> None:
    """Prints the items of the inbox."""
    rows = [(str(i.id), f"{datetime.fromtimestamp(i.at):%m-%d %H:%M}", i.kind, i.question, i.reason) for i in items]
    _table(f"{len(items)}条", ("编号", "时间", "种类", "问题", "原因"), rows)


def show_shares(rows: Sequence[tuple[str, Share, float, float, float, Change | None]]) -> None:
    """Prints how suites went: share, interval, floor, the change since the last run, times; in red what is too low."""
    columns = ("题集", "答对", "份额%", "95%区间", "门槛", "比上次", "毫秒：中位/p99")
    _table("评测", columns, [_share_row(*row) for row in rows])


def _share_row(
    name: str, found: Share, floor: float, middle: float, slow: float, change: Change | None
) -> tuple[str | Text, ...]:
    from rich.text import Text

    from evals.report import said_of

    fine = found.value >= floor
    return (
        name, f"{found.right}/{found.of}", Text(f"{100 * found.value:.1f}", "green" if fine else "bold red"),
        f"{100 * found.low:.1f}–{100 * found.high:.1f}", f"{100 * floor:.0f}",
        Text(said_of(change), "bold red" if change and change.is_worse else ""), f"{middle:.0f}/{slow:.0f}",
    )  # fmt: skip


def show_places(places: Sequence[Place]) -> None:
    """Prints how often each way of retrieval ranks the right passage first."""
    from evals.report import TIERS

    for tier in dict.fromkeys(p.tier for p in places):
        own = [p for p in places if p.tier is tier]
        rows = [(p.way, f"{p.first:.1%}", f"{p.top:.1%}", f"{p.mrr:.3f}", f"{p.ndcg:.3f}") for p in own]
        _table(f"检索：{TIERS[tier]}（{own[0].of}题）", ("办法", "排第一", "前三", "MRR", "nDCG@10"), rows)


def show_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Prints what a chat model thinks of the sampled answers."""
    rows = [(v.metric, "—" if v.mean is None else f"{v.mean:.2f}", f"{v.judged}/{v.of}") for v in verdicts]
    _table("评委模型的看法（只供参考，不算门槛）", ("看什么", "平均（0到1）", "评成了"), rows)


def show_told(told: Mapping[str, Sequence[Judged]]) -> None:
    """Prints how many generated sentences of each kind the check told rightly."""
    rows = [
        (n, f"{sum(j.told for j in js)}/{len(js)}", f"{sum(j.told for j in js) / len(js):.1%}")
        for n, js in told.items()
    ]
    _table("模型写的句子：对的放行、错的拦下", ("种类", "判对", "占比"), rows)


def show_misbehaving(cases: Sequence[Shown]) -> None:
    """Prints what a misbehaving model led to."""
    rows = [
        (s.case.name, s.outcome, "模型的说法" if s.generated else "程序自己写的", f"{s.ms:.0f}",
         "对" if s.right and s.in_time else "不对")
        for s in cases
    ]  # fmt: skip
    _table("模型出毛病时", ("毛病", "怎么了结", "给用户看的", "毫秒", "对吗"), rows)
