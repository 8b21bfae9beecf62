"""`kepu eval`: runs the evaluation suites and says whether answers are as good as they have to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.settings import Settings, read_settings
from vectorstore.errors import InputError

if TYPE_CHECKING:
    from deepeval.metrics import BaseMetric

    from evals.compare import Place
    from evals.generated import Judged
    from evals.judging_model import Opinion
    from evals.run import Outcome
    from evals.suite import Case
    from ingest.pipeline import Progress
    from vectorstore.library import Library, Snapshot

_JUDGING = 60.0
"""Seconds that the judging model has for one reply."""


def _counter(progress: Progress, name: str, of: int) -> Callable[[], None]:
    """A function that reports one more case each time it is called."""
    done = iter(range(1, of + 1))
    return lambda: progress(name, next(done), of)


@app.command(name="eval")
def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(help="题集名；不写就是全部")] = None,
    report: Annotated[Path | None, typer.Option(help="报告写到哪个文件夹")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="只比较检索：去掉各个信号、别人的做法")] = False,
    wording: Annotated[
        bool, typer.Option("--wording", help="只看模型改说法：错句拦下多少，模型出毛病时给什么")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="改跑一个公开检索题集（BEIR格式的文件夹）")] = None,
    folder: Annotated[
        Path | None, typer.Option(help="改跑这个文件夹里的题集（kepu case 存在数据文件夹的suites里）")
    ] = None,
    judge: Annotated[int, typer.Option(min=0, help="跑完抽这么多个回答，让对话模型（KEPU_LLM_…）打分，只供参考")] = 0,
) -> None:
    """跑题集；有一个低于门槛就以状态1结束。"""
    if compare:
        _compare(tuple(suites or ()))
    elif wording:
        _wording(report)
    elif data is not None:
        _public(data)
    else:
        _suites(tuple(suites or ()), report, folder, judge)


def _suites(names: tuple[str, ...], report: Path | None, folder: Path | None, judged: int) -> None:
    """Runs suites, prints and writes the report; exit status 1 below a floor. `judged` answers go to the model."""
    from evals.history import change, drift, marks_of, read_marks, read_measures, read_past, remember
    from evals.judging_model import verdicts
    from evals.measures import measure
    from evals.metrics import share, times
    from evals.report import Run, write_report
    from evals.suite import about, load_suites
    from evals.thresholds import missed, read_thresholds
    from ui.cli.show import show_measures, show_places, show_shares, show_verdicts
    from ui.desk import data_folder

    settings = read_settings()
    panel = _panel(settings) if judged else {}
    outcomes, sources, places = _run(settings, load_suites(names, folder), folder)
    shares, floors = {name: share(found) for name, found in outcomes.items()}, read_thresholds()
    kept = (report or data_folder(settings) / "evals") / "report.json"
    history = kept.parent / "history.jsonl"
    before, now = read_marks(kept), marks_of(outcomes)
    measures, measured = measure(outcomes, sources), {m.name: m for m in read_measures(kept)}
    run = Run(
        settings.clock().isoformat(), outcomes, shares, floors, measures,
        {name: change(now[name], before[name]) for name in now if name in before},
        {m.name: drift(m, measured[m.name]) for m in measures if m.name in measured},
        {name: about(name, folder) for name in outcomes}, read_past(history), places,
        _opinions(panel, outcomes, judged),
    )  # fmt: skip
    show_measures(run.measures, run.drifts)
    show_places(places)
    if run.opinions:
        show_verdicts(verdicts(run.opinions))
    show_shares([(n, s, floors.get(n, 0.0), *times(outcomes[n]), run.changes.get(n)) for n, s in shares.items()])
    typer.echo(f"报告：{write_report(run, kept.parent)}")
    remember(run.day, shares, run.changes, history)
    if below := missed(shares, floors):
        typer.echo(f"低于门槛：{'、'.join(below)}", err=True)
        raise typer.Exit(1)


def _panel(settings: Settings) -> dict[str, BaseMetric]:
    """The metrics of the judging model. Raises InputError when no model is configured or a package is missing."""
    if settings.llm_base_url is None or settings.llm_model is None:
        raise InputError("judge_needs_model")
    try:
        from assistant.model import open_model
        from evals.judging_model import open_panel

        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
        return open_panel(open_model(settings.llm_base_url, settings.llm_model, key, _JUDGING), settings.llm_model)
    except ImportError as error:
        raise InputError("judge_missing") from error


def _opinions(panel: dict[str, BaseMetric], outcomes: dict[str, list[Outcome]], most: int) -> list[Opinion]:
    from evals.judging_model import opinions, sample

    chosen = sample(outcomes, most)
    with progress_bar() as progress:
        return opinions(panel, chosen, _counter(progress, "judge", len(chosen)))


def _run(
    settings: Settings, cases: dict[str, list[Case]], folder: Path | None
) -> tuple[dict[str, list[Outcome]], list[str], list[Place]]:
    """The outcomes of every suite, the texts that their answers may quote, and how well retrieval ranks."""
    from evals.compare import own_places
    from evals.run import run_suite
    from evals.suite import own_files
    from ui.desk import open_chain, open_filled

    outcomes, sources = {}, []
    with progress_bar() as progress:
        library = open_filled(settings, progress)
        sources += library.current().texts()
        for name, members in cases.items():
            with _library_of(settings, library, own_files(name, folder), progress) as (opened, asked):
                chain, done = open_chain(opened, asked), _counter(progress, name, len(members))
                outcomes[name] = run_suite(chain, members, done)
                if asked is not library:
                    sources += asked.current().texts()
        return outcomes, sources, own_places(library.current(), _over_the_held(cases, folder))


def _over_the_held(cases: dict[str, list[Case]], folder: Path | None) -> list[Case]:
    """The cases of the suites that need no files beside the held notice and cards."""
    from evals.suite import own_files

    return [case for name, members in cases.items() if own_files(name, folder) is None for case in members]


@contextmanager
def _library_of(
    settings: Settings, library: Library, files: Path | None, progress: Progress
) -> Iterator[tuple[Settings, Library]]:
    """The settings and library a suite is asked over: temporary ones when it has files of its own."""
    from evals.own_files import library_beside

    if files is None:
        yield settings, library
        return
    with TemporaryDirectory() as home:
        apart = settings.model_copy(update={"home": home, "chroma_url": None, "state_url": None})
        yield apart, library_beside(files, library.knowledge.home, Path(home), settings.embedding, progress)


@app.command(name="inbox")
def show_inbox(
    kind: Annotated[str | None, typer.Argument(help="只看一种：unanswered（没答上）、good、bad")] = None,
) -> None:
    """没答上的问题和用户的评价，新的在前。"""
    from ui.cli.show import show_items
    from ui.desk import open_inbox

    show_items(open_inbox(read_settings()).items(kind))


@app.command(name="case")
def add(
    item: Annotated[int, typer.Argument(help="记录的编号，见 kepu inbox")],
    expected: Annotated[str, typer.Argument(help="应当怎么答，如“who: 二(四)1”“{kind: science, card: sound}”")],
    suite: Annotated[str, typer.Option(help="加进哪个题集")] = "own",
) -> None:
    """把一条记录变成题集里的一道题。"""
    from evals.growing import add_case
    from ui.desk import data_folder, open_inbox

    settings = read_settings()
    inbox = open_inbox(settings)
    file = add_case(inbox.item(item), expected, suite, data_folder(settings) / "suites")
    inbox.drop(item)
    typer.echo(f"加进了：{file}。跑一遍：kepu eval --folder {file.parent}")


def _public(data: Path) -> None:
    from evals.public import run_public
    from ui.cli.show import show_public

    with progress_bar() as progress:
        results = run_public(data, lambda done, of: progress(data.name, done, of))
    show_public(data.name, results)


def _compare(suites: tuple[str, ...]) -> None:
    from evals.compare import compare
    from evals.suite import load_suites
    from ui.cli.show import show_places
    from ui.desk import open_filled

    cases = _over_the_held(load_suites(suites), None)
    with progress_bar() as progress:
        library = open_filled(read_settings(), progress)
        places = compare(library.current(), cases, lambda done, of: progress("compare", done, of))
    show_places(places)


def _wording(report: Path | None) -> None:
    from evals.generated.misbehaving import CASES, misbehave
    from evals.wording_report import write_wording_report
    from ui.cli.show import show_misbehaving, show_told
    from ui.desk import data_folder, open_filled

    settings = read_settings()
    with progress_bar() as progress:
        library = open_filled(settings, progress)
        told = _told(library.current())
        cases = list(misbehave(library, settings.clock, _counter(progress, "wording", len(CASES))))
    show_told(told)
    show_misbehaving(cases)
    typer.echo(f"报告：{write_wording_report(told, cases, report or data_folder(settings) / 'evals')}")
    if wrong := [s.case.name for s in cases if not (s.right and s.in_time)]:
        typer.echo(f"不对或太慢：{'、'.join(wrong)}", err=True)
        raise typer.Exit(1)


def _told(snapshot: Snapshot) -> dict[str, list[Judged]]:
    from evals.generated import judge_sentences
    from evals.generated.mutants import judge_mutants

    notice = next(iter(snapshot.register.notices))
    told = {}
    for name in ("sentences", "unseen"):
        written = list(judge_sentences(snapshot, notice, name))
        told[f"{name}：对句"] = [j for j in written if j.right]
        told[f"{name}：错句"] = [j for j in written if not j.right]
    return told | judge_mutants(snapshot, notice, seed=0, most=150)
