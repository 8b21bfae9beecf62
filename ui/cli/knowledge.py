"""`kepu ingest | cards | forget | backup | restore | status`: what is known."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ui.cli.app import app
from ui.cli.progress import progress_bar
from ui.faults import explain
from ui.settings import read_settings


@app.command()
def ingest(
    paths: Annotated[list[str] | None, typer.Argument(help="文件、文件夹或网址；不写就是自带的通知和资料")] = None,
) -> None:
    """读入通知和资料；没有变的文件不重复读。"""
    from ingest.pipeline import ingest_builtin, ingest_paths
    from ui.desk import open_filled, open_library

    settings = read_settings()
    with progress_bar() as report:
        if paths:
            done = ingest_paths(open_filled(settings, report), paths, report)
        else:
            done = ingest_builtin(open_library(settings), report)
    typer.echo(f"读入{len(done.stored)}个文件，{len(done.unchanged)}个没有变。")
    for warning in done.warnings:
        typer.echo(f"注意：{warning}")
    if done.failed:
        sys.stderr.write("；".join(explain(error) for _, error in done.failed) + "\n")
        raise SystemExit(1)


@app.command()
def cards(
    topic: Annotated[str | None, typer.Option(help="只看一个主题")] = None,
) -> None:
    """科普卡片：按主题、人群、条目各有多少。"""
    from ui.cli.show import show_cards, show_coverage
    from ui.desk import open_filled

    with progress_bar() as report:
        snapshot = open_filled(read_settings(), report).current()
    if topic:
        show_cards([c for c in snapshot.cards.values() if c.topic == topic])
    else:
        show_coverage(list(snapshot.cards.values()))


@app.command()
def forget(
    document: Annotated[str, typer.Argument(help="文件、文号、标题或卡片编号")],
) -> None:
    """把一份文件或通知从所有库里删掉。"""
    from ui.desk import open_library
    from ui.versions import forget_everywhere

    library = open_library(read_settings())
    with progress_bar() as report:
        gone = forget_everywhere(library, document, report)
    typer.echo(f"删掉了：{'、'.join(gone)}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """把知识库存成一个文件。"""
    from ui.desk import open_library
    from vectorstore.backup import save

    counted = save(open_library(read_settings()).knowledge, file)
    typer.echo(f"备份好了：{file}（{counted}条记录）")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """从备份恢复知识库，代替现有的。"""
    from ui.desk import open_library
    from vectorstore.backup import load

    library = open_library(read_settings())
    counted = load(library.knowledge, file)
    with progress_bar() as report:
        library.build_indexes(report)
    typer.echo(f"恢复好了：{counted}条记录")


@app.command()
def status() -> None:
    """知识库里有什么，设置是什么。"""
    from ui.cli.show import show_pairs
    from ui.desk import open_library

    settings = read_settings()
    knowledge = open_library(settings).knowledge
    size = sum(f.stat().st_size for f in Path(settings.home).rglob("*") if f.is_file())
    show_pairs("知识库", {"版本": knowledge.version(), **knowledge.counts(), "占用": f"{size / 1e6:.1f} MB"})
    show_pairs("设置", {f"KEPU_{k.upper()}": "—" if v is None else v for k, v in settings})
