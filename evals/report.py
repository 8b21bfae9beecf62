"""The report of a run: one HTML page that needs nothing else, a JSON file, a badge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from evals.history import Change, marks_of
from evals.measures import Measure
from evals.metrics import Share
from evals.run import Outcome
from evals.suite import Turn
from vectorstore.database import guarded
from vectorstore.errors import InputError

_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:1000px;margin:auto;padding:16px}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:4px 8px;text-align:left;vertical-align:top}.bar{background:#ddd;width:240px}"
    ".bar i{display:block;height:14px;background:#1c6e54}.low i{background:#b3541e}summary{cursor:pointer}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its answers, their shares and measures, the floors, and how it differs from the run before."""

    outcomes: Mapping[str, Sequence[Outcome]]
    shares: Mapping[str, Share]
    floors: Mapping[str, float]
    measures: Sequence[Measure]
    changes: Mapping[str, Change]


def write_report(run: Run, folder: Path) -> Path:
    """Writes report.html, report.json and badge.svg into `folder`; gives the page. Raises StoreError."""
    with guarded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(_json(run), encoding="utf-8")
        (folder / "badge.svg").write_text(_badge(run.shares), encoding="utf-8")
        page = folder / "report.html"
        page.write_text(_page(run), encoding="utf-8")
    return page


def read_shares(file: Path) -> dict[str, Share]:
    """The share of each suite in a report.json; {} without one. Raises InputError `no_report` for another file."""
    if not file.is_file():
        return {}
    try:
        suites = json.loads(file.read_text(encoding="utf-8"))["suites"]
        return {name: Share(found["right"], found["of"], *found["interval"]) for name, found in suites.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("no_report", path=str(file)) from error


def _json(run: Run) -> str:
    marks = marks_of(run.outcomes)
    suites = {
        name: {
            "right": run.shares[name].right,
            "of": run.shares[name].of,
            "interval": [run.shares[name].low, run.shares[name].high],
            "marks": marks[name],
            "faults": [
                {"question": g.question, "given": g.answer.get("text", ""), "why": list(g.faults)}
                for o in found
                for g in o.given
                if g.faults
            ],
        }
        for name, found in run.outcomes.items()
    }
    measures = {m.name: {"value": m.value, "of": m.of} for m in run.measures}
    return json.dumps({"suites": suites, "measures": measures}, ensure_ascii=False, indent=1)


def _badge(shares: Mapping[str, Share]) -> str:
    right, of = sum(s.right for s in shares.values()), sum(s.of for s in shares.values())
    said = f"答对 {100 * right / of:.1f}%" if of else "没有题"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="130" height="20" role="img">'
        '<rect width="130" height="20" rx="3" '
        f'fill="#1c6e54"/><text x="65" y="14" fill="#fff" font-size="12" text-anchor="middle">{said}</text></svg>'
    )


def _page(run: Run) -> str:
    rows = "".join(_row(name, s, run.floors.get(name, 0.0), run.changes.get(name)) for name, s in run.shares.items())
    worst = sorted(run.outcomes, key=lambda name: run.shares[name].value)
    cases = "".join(_suite(name, run.outcomes[name]) for name in worst)
    measures = "".join(
        f"<tr><td>{escape(m.name)}<td>{shown(m)}<td>{m.of or ''}<td>{escape('、'.join(m.found))}</tr>"
        for m in run.measures
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>评测报告</title>'
        f"<style>{_STYLE}</style><h1>评测报告</h1>"
        f"<table><tr><th>题集<th>答对<th>份额（95%区间）<th>图<th>门槛<th>比上次</tr>{rows}</table>"
        f"<h2>细项</h2><table><tr><th>量<th>值<th>数了多少<th>碰到的</tr>{measures}</table><h2>答得不对的</h2>{cases}</html>"
    )


def shown(measure: Measure) -> str:
    """A measure's value as people read it."""
    return f"{measure.value:.1%}" if measure.of else f"{measure.value:.1f}"


def said_of(change: Change | None) -> str:
    """A change as people read it: +3（p=0.12）; "" without a run before."""
    if change is None:
        return ""
    return f"{change.gain:+d}（p={change.chance:.2f}）" if change.better or change.worse else "一样"


def _row(name: str, found: Share, floor: float, change: Change | None) -> str:
    low = " low" if found.value < floor else ""
    return (
        f"<tr><td>{escape(name)}<td>{found.right}/{found.of}<td>{found.value:.1%}（{found.low:.1%}–{found.high:.1%}）"
        f'<td><div class="bar{low}"><i style="width:{100 * found.value:.1f}%"></i></div>'
        f"<td>{floor:.0%}<td>{said_of(change)}</tr>"
    )


def _wanted(turn: Turn) -> str:
    return json.dumps(turn.expect.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)


def _suite(name: str, outcomes: Sequence[Outcome]) -> str:
    wrong = [(o, t, g) for o in outcomes for t, g in zip(o.case.turns, o.given, strict=True) if g.faults]
    if not wrong:
        return ""
    rows = "".join(
        f"<tr><td>{escape(o.case.place)}<td>{escape(g.question)}<td>{escape(_wanted(t))}"
        f"<td>{escape(str(g.answer.get('text', g.answer)))[:400]}<td>{escape('；'.join(g.faults))}</tr>"
        for o, t, g in wrong
    )
    head = "<tr><th>出处<th>问题<th>应当<th>答<th>为什么不对</tr>"
    return f"<details><summary>{escape(name)}：{len(wrong)}处不对</summary><table>{head}{rows}</table></details>"
