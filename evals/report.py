"""The report of a run: one HTML page that needs nothing else (`report.html` is its template), a JSON file, a badge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from evals.compare import Place
from evals.history import Change, Drift, Past, marks_of
from evals.judge import named
from evals.judging_model import Opinion, verdicts
from evals.measures import Measure
from evals.metrics import Share, shares_by_note, times
from evals.run import Outcome
from evals.suite import Expect
from evals.thresholds import missed
from vectorstore.database import guarded
from vectorstore.errors import InputError
from vectorstore.records import Tier

TIERS = {Tier.NOTICE: "条目", Tier.CARD: "卡片", Tier.DOCUMENT: "资料"}
_LABELS = {
    "kind": "类别", "who": "这一条的部门", "role": "角色只有", "paths": "条目", "paths_optional": "可以另有的条目",
    "departments": "部门", "departments_optional": "可以另有的部门", "notices": "出自", "chat": "聊天里有",
    "number": "数", "card": "卡片", "also": "也算对的卡片", "refusal": "拒答理由", "must": "必须有",
    "must_any": "有其中之一", "must_not": "不许有", "must_not_duties": "不许有的任务", "note": "说法", "why": "依据",
}  # fmt: skip
_NOTES = {
    "everyday": "平常话", "slip": "打错、听错的字", "pinyin": "拼音", "english": "英文", "traditional": "繁体",
    "dialect": "方言", "abbreviation": "缩写",
}  # fmt: skip
_MOST_TEXT = 600
"""Characters of an answer that a case shows."""
_GREEN, _RED = "#1c6e54", "#b3541e"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its answers, their shares and measures, the floors, how it differs from the run before.

    `drifts` are the differences of measures by their names, `about` says what each suite asks, `past` are the runs
    before, the oldest first; `places` is how well retrieval ranks, `opinions` is what a chat model thinks (empty when
    none was asked).
    """

    day: str
    outcomes: Mapping[str, Sequence[Outcome]]
    shares: Mapping[str, Share]
    floors: Mapping[str, float]
    measures: Sequence[Measure]
    changes: Mapping[str, Change]
    drifts: Mapping[str, Drift] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    past: Sequence[Past] = ()
    places: Sequence[Place] = ()
    opinions: Sequence[Opinion] = ()


def write_report(run: Run, folder: Path) -> Path:
    """Writes report.html, report.json and badge.svg into `folder`; gives the page. Raises StoreError."""
    with guarded(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(_json(run), encoding="utf-8")
        (folder / "badge.svg").write_text(_badge(run), encoding="utf-8")
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


def shown(measure: Measure) -> str:
    """A measure's value as people read it."""
    return f"{measure.value:.1f}" if measure.of is None else f"{measure.value:.1%}"


def interval(measure: Measure) -> str:
    """The 95 % interval of a share as people read it; "" for a plain number."""
    return f"{measure.low:.1%}–{measure.high:.1%}" if measure.of is not None else ""


def said_of(change: Change | None) -> str:
    """A change as people read it: +3（p=0.12）; "" without a run before."""
    if change is None:
        return ""
    return f"{change.gain:+d}（p={change.chance:.2f}）" if change.better or change.worse else "一样"


def drifted(measure: Measure, drift: Drift | None) -> str:
    """The difference of a measure as people read it: +0.3%（p=0.12）; "" without a run before."""
    if drift is None:
        return ""
    if drift.chance is None:
        return f"{drift.by:+.1f}" if abs(drift.by) >= 0.05 else "一样"
    return f"{drift.by:+.1%}（p={drift.chance:.2f}）" if drift.by else "一样"


def _json(run: Run) -> str:
    marks = marks_of(run.outcomes)
    suites = {
        name: {
            "right": run.shares[name].right,
            "of": run.shares[name].of,
            "interval": [run.shares[name].low, run.shares[name].high],
            "floor": run.floors.get(name),
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
    whole = {
        "day": run.day,
        "suites": suites,
        "measures": {m.name: {"value": m.value, "of": m.of, "interval": [m.low, m.high]} for m in run.measures},
        "wordings": {note: asdict(found) for note, found in _by_note(run).items()},
        "retrieval": [asdict(p) for p in run.places],
        "judging_model": {"metrics": [asdict(v) for v in verdicts(run.opinions)],
                          "opinions": [asdict(o) for o in run.opinions]},
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _by_note(run: Run) -> dict[str, Share]:
    return shares_by_note(outcome for found in run.outcomes.values() for outcome in found)


def _total(shares: Mapping[str, Share]) -> tuple[int, int]:
    return sum(s.right for s in shares.values()), sum(s.of for s in shares.values())


def _badge(run: Run) -> str:
    right, of = _total(run.shares)
    said = f"答对 {100 * right / of:.1f}%" if of else "没有题"
    colour = _RED if missed(run.shares, run.floors) else _GREEN
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="130" height="20" role="img">'
        f'<title>{said}</title><rect width="130" height="20" rx="3" fill="{colour}"/>'
        f'<text x="65" y="14" fill="#fff" font-size="12" text-anchor="middle">{said}</text></svg>'
    )


def _page(run: Run) -> str:
    from jinja2 import Environment, StrictUndefined

    source = (resources.files("evals") / "report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        source
    )
    right, of = _total(run.shares)
    return page.render(
        run=run, right=right, of=of, below=missed(run.shares, run.floors),
        rows=[_row(run, name) for name in run.shares],
        notes=[(_NOTES.get(note, note), found) for note, found in _by_note(run).items()],
        ranked=[(TIERS[p.tier], p) for p in run.places], verdicts=verdicts(run.opinions),
        lowest=sorted(run.opinions, key=lambda o: -1.0 if o.score is None else o.score),
        wrong=list(_wrong(run)), shown=shown, interval=interval, drifted=drifted,
    )  # fmt: skip


def _row(run: Run, name: str) -> dict[str, Any]:
    """What the table of suites shows of one."""
    middle, slow = times(run.outcomes[name])
    before = [r.shares[name] for r in run.past if name in r.shares]
    found, floor = run.shares[name], run.floors.get(name, 0.0)
    return {
        "name": name, "about": run.about.get(name, ""), "share": found, "floor": floor, "low": found.value < floor,
        "change": said_of(run.changes.get(name)), "middle": middle, "slow": slow,
        "line": _line([*before, found.value]),
    }  # fmt: skip


def _line(values: Sequence[float]) -> str:
    """The points of a line through shares in a picture of 80 × 20; "" for fewer than two."""
    recent = values[-12:]
    if len(recent) < 2:
        return ""
    low, high = min(recent), max(recent)
    spread = max(high - low, 0.02)
    return " ".join(
        f"{2 + 76 * n / (len(recent) - 1):.1f},{18 - 16 * (v - low) / spread:.1f}" for n, v in enumerate(recent)
    )


def _wrong(run: Run) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Suites with their wrong turns: the worst suite first, in it those with most faults."""
    for name in sorted(run.outcomes, key=lambda name: run.shares[name].value):
        if turns := [turn for outcome in run.outcomes[name] for turn in _wrong_turns(outcome)]:
            yield name, sorted(turns, key=lambda turn: -len(turn["faults"]))


def _wrong_turns(outcome: Outcome) -> Iterator[dict[str, Any]]:
    for n, (turn, given) in enumerate(zip(outcome.case.turns, outcome.given, strict=True)):
        if given.faults:
            said = str(given.answer.get("text", given.answer))
            yield {
                "question": given.question, "before": [g.question for g in outcome.given[:n]],
                "wanted": _wanted(turn.expect), "given": said[:_MOST_TEXT] + "…" * (len(said) > _MOST_TEXT),
                "faults": given.faults, "place": outcome.case.place,
            }  # fmt: skip


def _wanted(expect: Expect) -> list[tuple[str, str]]:
    """What was expected, in words: what is checked of an answer and its value."""
    written = expect.model_dump(mode="json", exclude_unset=True)
    return [(_LABELS[key], _said(value)) for key, value in written.items()]


def _said(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return "、".join(named(str(v)) for v in values) or "一个也没有"
