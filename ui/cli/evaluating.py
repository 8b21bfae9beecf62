"""`kepu eval`: runs the evaluation suites and says whether answers are as good as they have to be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.settings import read_settings


@app.command(name="eval")
def evaluate(
    suites: Annotated[list[str] | None, typer.Argument(help="题集名；不写就是全部")] = None,
    report: Annotated[Path | None, typer.Option(help="报告写到哪个文件夹")] = None,
) -> None:
    """跑题集；有一个低于门槛就以状态1结束。"""
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
            done = iter(range(1, len(members) + 1))
            outcomes[name] = run_suite(
                chain, members, lambda name=name, done=done, of=len(members): progress(name, next(done), of)  # type: ignore[misc]
            )
    shares = {name: share(found) for name, found in outcomes.items()}
    floors = read_thresholds()
    below = missed(shares, floors)
    show_shares([(n, s, floors.get(n, 0.0), *times(outcomes[n])) for n, s in shares.items()])
    if report is not None:
        typer.echo(f"报告：{write_report(outcomes, shares, floors, report)}")
    if below:
        typer.echo(f"低于门槛：{'、'.join(below)}", err=True)
        raise typer.Exit(1)
