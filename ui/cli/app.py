"""The application that the commands belong to, and how a failure is said: one line, exit status 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ui.faults import explain
from vectorstore.errors import KepuError

app = typer.Typer(
    help="科普助手：查任务由谁负责，答科普问题，一步步教手机操作。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip


def main() -> None:
    """The console script."""
    with _one_line():
        app()


@contextmanager
def _one_line() -> Iterator[None]:
    """Says an error of ours as one line on standard error and exits with 1."""
    try:
        yield
    except KepuError as error:
        sys.stderr.write(explain(error) + "\n")
        raise SystemExit(1) from error
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
