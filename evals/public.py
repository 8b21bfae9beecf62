"""Public retrieval sets: `kepu eval --data FOLDER` over a folder in the BEIR form.

`corpus.jsonl` holds {"_id", "text"[, "title"]}, `queries.jsonl` {"_id", "text"}, `qrels.tsv` query, passage, score.
Published figures of other models stand in `published.yaml`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from evals.compare import ndcg
from vectorstore.database import guarded
from vectorstore.errors import InputError
from vectorstore.indexes import Indexes
from vectorstore.records import Passage, Tier
from vectorstore.retriever import HybridRetriever
from vectorstore.thesaurus import Thesaurus

_LOOKED_AT = 10
_NAME = "public"


@dataclass(frozen=True, slots=True)
class Result:
    """What a way reaches on a set, 0 to 1; `measured` here, or published elsewhere (then only nDCG)."""

    way: str
    ndcg: float
    recall: float | None
    measured: bool


def run_public(folder: Path, report: Callable[[int, int], object]) -> list[Result]:
    """Our retrieval on a public set, with what others published. Raises InputError `no_public_set`."""
    with guarded(folder):
        passages, queries, relevant = _read(folder)
    with tempfile.TemporaryDirectory() as place:
        retriever = _retriever(Path(place), passages)
        gains, recalls = [], []
        for n, (id_, query) in enumerate(queries.items(), 1):
            ranked = [h.passage.locator for h in retriever.search(query, Tier.DOCUMENT, limit=_LOOKED_AT)]
            gains.append(ndcg(ranked, relevant[id_]))
            recalls.append(len(set(ranked) & relevant[id_]) / len(relevant[id_]))
            report(n, len(queries))
    ours = Result("本程序", sum(gains) / len(gains), sum(recalls) / len(recalls), measured=True)
    return [ours, *_published(folder.name)]


def _retriever(home: Path, passages: list[Passage]) -> HybridRetriever:
    indexes, thesaurus = Indexes(home), Thesaurus(())
    lexical, overlaps, _ = indexes.words(0, passages, thesaurus)
    vectors = indexes.dense(passages)
    held = {p.id: p for p in passages}
    return HybridRetriever(
        passages=held, lexical=lexical, overlaps=overlaps, thesaurus=thesaurus, dense=lambda: vectors
    )


def _read(folder: Path) -> tuple[list[Passage], dict[str, str], dict[str, set[str]]]:
    try:
        corpus, queries = _lines(folder / "corpus.jsonl"), _lines(folder / "queries.jsonl")
        rows = [r.split("\t") for r in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()]
        passages = [_passage(d) for d in corpus]
        relevant: dict[str, set[str]] = {}
        for query, passage, score in (r for r in rows if r[-1].isdigit()):
            if int(score) > 0:
                relevant.setdefault(query, set()).add(passage)
        asked = {q["_id"]: q["text"] for q in queries if q["_id"] in relevant}
    except (OSError, ValueError, KeyError) as error:
        raise InputError("no_public_set", path=str(folder), reason=str(error)) from error
    if not asked or not passages:
        raise InputError("no_public_set", path=str(folder), reason="没有问题或没有段落")
    return passages, asked, relevant


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _passage(raw: dict[str, Any]) -> Passage:
    id_ = str(raw["_id"])
    return Passage(f"{_NAME}:{id_}", Tier.DOCUMENT, _NAME, id_, raw.get("title", ""), raw["text"])


def _published(name: str) -> list[Result]:
    raw = yaml.safe_load((resources.files("evals") / "published.yaml").read_text(encoding="utf-8"))
    return [
        Result(f"{model}（已发表）", value / 100, None, measured=False) for model, value in raw.get(name, {}).items()
    ]
