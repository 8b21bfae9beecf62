"""The report on wording: how many generated sentences the check told rightly, what a misbehaving model led to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from evals.generated import Judged
from evals.generated.misbehaving import DEADLINE, Shown
from vectorstore.database import guarded

_STYLE = (
    "body{font:16px/1.6 sans-serif;max-width:1000px;margin:auto;padding:16px}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:4px 8px;text-align:left;vertical-align:top}.no{color:#b3541e}"
)


def write_wording_report(told: Mapping[str, Sequence[Judged]], cases: Sequence[Shown], folder: Path) -> Path:
    """Writes wording.html and wording.json into `folder`; gives the page. Raises StoreError."""
    with guarded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "wording.json").write_text(_json(told, cases), encoding="utf-8")
        page = folder / "wording.html"
        page.write_text(_page(told, cases), encoding="utf-8")
    return page


def _json(told: Mapping[str, Sequence[Judged]], cases: Sequence[Shown]) -> str:
    sentences = {
        name: {
            "told": sum(j.told for j in judged),
            "of": len(judged),
            "missed": [{"text": j.text, "rules": [f.rule for f in j.faults]} for j in judged if not j.told],
        }
        for name, judged in told.items()
    }
    misbehaving = [
        {
            "case": s.case.name, "question": s.case.question, "outcome": s.outcome, "generated": s.generated,
            "right": s.right, "in_time": s.in_time, "ms": round(s.ms), "text": s.text,
        }
        for s in cases
    ]  # fmt: skip
    whole = {"sentences": sentences, "deadline_ms": round(1000 * DEADLINE), "misbehaving": misbehaving}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _page(told: Mapping[str, Sequence[Judged]], cases: Sequence[Shown]) -> str:
    sentences = "".join(
        f"<tr><td>{escape(name)}<td>{sum(j.told for j in judged)}/{len(judged)}"
        f"<td>{escape('；'.join(j.text for j in judged if not j.told))}</tr>"
        for name, judged in told.items()
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>模型改说法的评测</title>'
        f"<style>{_STYLE}</style><h1>模型改说法的评测</h1>"
        f"<h2>模型出毛病时给用户看的</h2><p>模型有{DEADLINE:g}秒。</p>"
        "<table><tr><th>毛病<th>问题<th>怎么了结<th>给用户看的<th>毫秒<th>对吗</tr>"
        f"{''.join(map(_row, cases))}</table>"
        "<h2>对句放行、错句拦下</h2><table><tr><th>句子<th>判对<th>判错的</tr>"
        f"{sentences}</table></html>"
    )


def _row(shown: Shown) -> str:
    fine = shown.right and shown.in_time
    return (
        f"<tr><td>{escape(shown.case.name)}<td>{escape(shown.case.question)}<td>{escape(shown.outcome)}"
        f"<td>{'模型的说法' if shown.generated else '程序自己写的'}：{escape(shown.text[:120])}<td>{shown.ms:.0f}"
        f"<td{'' if fine else ' class=no'}>{'对' if fine else '不对'}</tr>"
    )
