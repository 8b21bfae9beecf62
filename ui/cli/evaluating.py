"""`kepu eval`: runs the evaluation suites and says whether answers are as good as they have to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.settings import read_settings

if TYPE_CHECKING:
    from ingest.pipeline import Progress


def _counter(progress: Progress, name: str, of: int) -> Callable[[], None]:
    """A function that reports one more case each time it is called."""
    done = iter(range(1, of + 1))
    return lambda: progress(name, next(done), of)


@app.command(name="eval")
def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(help="题集名；不写就是全部")] = None,
    report: Annotated[Path | None, typer.Option(help="报告写到哪个文件夹")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="只比较几种检索信号的合并办法")] = False,
    wording: Annotated[bool, typer.Option("--wording", help="只看模型写的错句拦下多少、对句放行多少")] = False,
) -> None:
    """跑题集；有一个低于门槛就以状态1结束。"""
    if compare:
        _compare(tuple(suites or ()))
        return
    if wording:
        _wording()
        return
    from evals.metrics import share, times
    from evals.report import write_report
    from evals.run import run_suite
    from evals.suite import load_suites
    from evals.thresholds import missed, read_thresholds
    from ui.cli.show import show_shares
    from ui.desk import open_chain, open_filled

    settings = read_settings()
    cases = load_suites(tuple(suites or ()))
    with progress_bar() as progress:
        chain = open_chain(settings, open_filled(settings, progress))
        outcomes = {}
        for name, members in cases.items():
            outcomes[name] = run_suite(chain, members, _counter(progress, name, len(members)))
    shares = {name: share(found) for name, found in outcomes.items()}
    floors = read_thresholds()
    below = missed(shares, floors)
    show_shares([(n, s, floors.get(n, 0.0), *times(outcomes[n])) for n, s in shares.items()])
    if report is not None:
        typer.echo(f"报告：{write_report(outcomes, shares, floors, report)}")
    if below:
        typer.echo(f"低于门槛：{'、'.join(below)}", err=True)
        raise typer.Exit(1)


def _compare(suites: tuple[str, ...]) -> None:
    from evals.compare import compare
    from evals.suite import load_suites
    from ui.cli.show import show_places
    from ui.desk import open_filled

    cases = [case for members in load_suites(suites).values() for case in members]
    with progress_bar() as progress:
        library = open_filled(read_settings(), progress)
        places = compare(library.current().retriever, cases, lambda done, of: progress("compare", done, of))
    show_places(places)


def _wording() -> None:
    from evals.generated import judge_sentences
    from evals.generated.mutants import judge_mutants
    from ui.cli.show import show_told
    from ui.desk import open_filled

    with progress_bar() as progress:
        snapshot = open_filled(read_settings(), progress).current()
    notice = next(iter(snapshot.register.notices))
    told = {}
    for name in ("sentences", "unseen"):
        written = list(judge_sentences(snapshot, notice, name))
        told[f"{name}：对句"] = [j for j in written if j.right]
        told[f"{name}：错句"] = [j for j in written if not j.right]
    show_told(told | judge_mutants(snapshot, notice, seed=0, most=150))
