"""Comparison of retrieval: this program's, each of its signals left out or alone, other fusions, what others build.

`kepu eval --compare` prints it. Fusion by reciprocal rank follows Cormack, Clarke and Büttcher (SIGIR 2009), k = 60.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evals.baselines import as_locators, llama_index, plain_chain
from evals.suite import Case, Turn
from vectorstore.library import Snapshot
from vectorstore.records import Tier
from vectorstore.retriever import WEIGHTS, HybridRetriever

_OWN = "本程序（加权和）"
_RANK_CONSTANT = 60
_LOOKED_AT = 10
_TOP = 3
_OWN_SIGNALS = (*WEIGHTS, "close", "pinyin", "thesaurus")

Ranking = Callable[[str, Tier], list[str]]
"""Locators of the passages of a tier for a question, best first."""


@dataclass(frozen=True, slots=True)
class Place:
    """How well a way ranks what is meant: shares of first and of the first three, MRR and nDCG over the first ten."""

    way: str
    tier: Tier
    first: float
    top: float
    mrr: float
    ndcg: float
    of: int


def compare(snapshot: Snapshot, cases: Iterable[Case], report: Callable[[int, int], object]) -> list[Place]:
    """Every way over the turns that expect one clause or one card; `report` gets how many are done, of how many."""
    asked = _asked(cases)
    places: list[Place] = []
    with tempfile.TemporaryDirectory() as folder:
        ways = [*_ways(snapshot.retriever), *_others(snapshot, Path(folder))]
        for n, (way, tiers, rank) in enumerate(ways, 1):
            places += [_place(way, tier, rank, asked[tier]) for tier in tiers if asked[tier]]
            report(n, len(ways))
    return places


def own_places(snapshot: Snapshot, cases: Iterable[Case]) -> list[Place]:
    """This program's ranking alone, for clauses and for cards where they are asked for."""
    rank = _ranking(snapshot.retriever)
    return [_place(_OWN, tier, rank, asked) for tier, asked in _asked(cases).items() if asked]


def _asked(cases: Iterable[Case]) -> dict[Tier, list[tuple[str, frozenset[str]]]]:
    """By tier, the first questions that mean one clause or one card, with what they mean."""
    asked: dict[Tier, list[tuple[str, frozenset[str]]]] = {Tier.NOTICE: [], Tier.CARD: []}
    for turn in (case.turns[0] for case in cases):
        if meant := _meant(turn):
            asked[meant[0]].append((turn.question, meant[1]))
    return asked


def _ways(retriever: HybridRetriever) -> Iterator[tuple[str, tuple[Tier, ...], Ranking]]:
    both = (Tier.NOTICE, Tier.CARD)
    alone = {name: cache(_ranking(_without(retriever, set(WEIGHTS) - {name}))) for name in WEIGHTS}
    yield _OWN, both, _ranking(retriever)
    for name in _OWN_SIGNALS:
        yield f"去掉 {name}", both, _ranking(_without(retriever, {name}))
    for name, rank in alone.items():
        yield f"只用 {_NAMES.get(name, name)}", both, rank
    yield "倒数排名融合，全部信号", both, _fused(list(alone.values()))
    yield "倒数排名融合，词面与向量", both, _fused([alone["lexical"], alone["dense"]])


_NAMES = {"lexical": "lexical（BM25）"}


def _others(snapshot: Snapshot, folder: Path) -> Iterator[tuple[str, tuple[Tier, ...], Ranking]]:
    """Others' retrieval, over clauses only: they read the notice as running text."""
    clauses = [c for key in snapshot.register.notices for c in snapshot.register.clauses(key)]
    for way, chunks in (("通行教程的链（500字切块＋Chroma）", plain_chain(folder)), ("LlamaIndex 默认", llama_index())):
        yield way, (Tier.NOTICE,), _of_notice(as_locators(chunks, clauses))


def _of_notice(rank: Callable[[str], list[str]]) -> Ranking:
    return lambda question, _tier: rank(question)


def _without(retriever: HybridRetriever, names: set[str]) -> HybridRetriever:
    return retriever.model_copy(update={"off": frozenset(names), "decisive": float("inf")})


def _ranking(retriever: HybridRetriever) -> Ranking:
    return lambda question, tier: [h.passage.locator for h in retriever.search(question, tier, limit=_LOOKED_AT)]


def _fused(rankings: Sequence[Ranking]) -> Ranking:
    def rank(question: str, tier: Tier) -> list[str]:
        scores: dict[str, float] = {}
        for ranking in rankings:
            for place, locator in enumerate(ranking(question, tier), 1):
                scores[locator] = scores.get(locator, 0.0) + 1 / (_RANK_CONSTANT + place)
        return sorted(scores, key=lambda locator: -scores[locator])

    return rank


def _meant(turn: Turn) -> tuple[Tier, frozenset[str]] | None:
    expect = turn.expect
    if expect.card:
        return Tier.CARD, frozenset((expect.card, *expect.also))
    return (Tier.NOTICE, frozenset((expect.who,))) if expect.who else None


def _place(way: str, tier: Tier, rank: Ranking, asked: Sequence[tuple[str, frozenset[str]]]) -> Place:
    found = [(rank(question, tier)[:_LOOKED_AT], meant) for question, meant in asked]
    places = [next((n for n, locator in enumerate(ranked) if locator in meant), math.inf) for ranked, meant in found]
    of = len(asked) or 1
    return Place(
        way,
        tier,
        first=sum(p == 0 for p in places) / of,
        top=sum(p < _TOP for p in places) / of,
        mrr=sum(1 / (1 + p) for p in places) / of,
        ndcg=sum(ndcg(ranked, meant) for ranked, meant in found) / of,
        of=len(asked),
    )


def ndcg(ranked: Sequence[str], meant: Iterable[str]) -> float:
    """Normalised discounted cumulative gain of a ranking over the first ten, each right passage counting 1."""
    wanted = set(meant)
    gain = sum(1 / math.log2(n + 2) for n, locator in enumerate(ranked[:_LOOKED_AT]) if locator in wanted)
    best = sum(1 / math.log2(n + 2) for n in range(min(len(wanted), _LOOKED_AT)))
    return gain / best if best else 0.0
