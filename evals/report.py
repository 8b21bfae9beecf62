"""The report of a run: one HTML page that needs nothing else, a JSON file, a badge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from evals.metrics import Share
from evals.run import Outcome
from vectorstore.database import guarded

_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:1000px;margin:auto;padding:16px}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:4px 8px;text-align:left;vertical-align:top}.bar{background:#ddd;width:240px}"
    ".bar i{display:block;height:14px;background:#1c6e54}.low i{background:#b3541e}summary{cursor:pointer}"
)


def write_report(
    outcomes: Mapping[str, Sequence[Outcome]], shares: Mapping[str, Share], floors: Mapping[str, float], folder: Path
) -> Path:
    """Writes report.html, report.json and badge.svg into `folder`; gives the page. Raises StoreError."""
    with guarded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(_json(outcomes, shares), encoding="utf-8")
        (folder / "badge.svg").write_text(_badge(shares), encoding="utf-8")
        page = folder / "report.html"
        page.write_text(_page(outcomes, shares, floors), encoding="utf-8")
    return page


def _json(outcomes: Mapping[str, Sequence[Outcome]], shares: Mapping[str, Share]) -> str:
    suites = {
        name: {
            "right": shares[name].right,
            "of": shares[name].of,
            "interval": [shares[name].low, shares[name].high],
            "faults": [
                {"question": g.question, "given": g.answer.get("text", ""), "why": list(g.faults)}
                for o in found
                for g in o.given
                if g.faults
            ],
        }
        for name, found in outcomes.items()
    }
    return json.dumps(suites, ensure_ascii=False, indent=1)


def _badge(shares: Mapping[str, Share]) -> str:
    right, of = sum(s.right for s in shares.values()), sum(s.of for s in shares.values())
    said = f"答对 {100 * right / of:.1f}%" if of else "没有题"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="130" height="20" role="img">'
        '<rect width="130" height="20" rx="3" '
        f'fill="#1c6e54"/><text x="65" y="14" fill="#fff" font-size="12" text-anchor="middle">{said}</text></svg>'
    )


def _page(outcomes: Mapping[str, Sequence[Outcome]], shares: Mapping[str, Share], floors: Mapping[str, float]) -> str:
    rows = "".join(_row(name, found, floors.get(name, 0.0)) for name, found in shares.items())
    worst = sorted(outcomes, key=lambda name: shares[name].value)
    cases = "".join(_suite(name, outcomes[name]) for name in worst)
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>评测报告</title><style>{_STYLE}</style>'
        f"<h1>评测报告</h1><table><tr><th>题集<th>答对<th>份额（95%区间）<th>图<th>门槛</tr>{rows}</table>{cases}</html>"
    )


def _row(name: str, found: Share, floor: float) -> str:
    low = " low" if found.value < floor else ""
    return (
        f"<tr><td>{escape(name)}<td>{found.right}/{found.of}<td>{found.value:.1%}（{found.low:.1%}–{found.high:.1%}）"
        f'<td><div class="bar{low}"><i style="width:{100 * found.value:.1f}%"></i></div><td>{floor:.0%}</tr>'
    )


def _suite(name: str, outcomes: Sequence[Outcome]) -> str:
    wrong = [(o, g) for o in outcomes for g in o.given if g.faults]
    if not wrong:
        return ""
    rows = "".join(
        f"<tr><td>{escape(o.case.place)}<td>{escape(g.question)}<td>{escape(str(g.answer.get('text', g.answer)))[:400]}"
        f"<td>{escape('；'.join(g.faults))}</tr>"
        for o, g in wrong
    )
    head = "<tr><th>出处<th>问题<th>答<th>为什么不对</tr>"
    return f"<details><summary>{escape(name)}：{len(wrong)}处不对</summary><table>{head}{rows}</table></details>"
