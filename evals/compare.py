"""Comparison of ways to join the retriever's signals: which ranks the passage that is meant first, and how often.

`kepu eval --compare` prints it. Fusion by reciprocal rank follows Cormack, Clarke and Büttcher (SIGIR 2009), k = 60.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from evals.suite import Case, Turn
from vectorstore.records import Tier
from vectorstore.retriever import WEIGHTS, HybridRetriever

_RANK_CONSTANT = 60
_LOOKED_AT = 20
_TOP = 3

Ranking = Callable[[str, Tier], list[str]]
"""Locators of the passages of a tier for a question, best first."""


@dataclass(frozen=True, slots=True)
class Place:
    """How often a way ranks a passage that is meant first, and among the first three; of how many questions."""

    way: str
    first: int
    top: int
    of: int


def compare(retriever: HybridRetriever, cases: Iterable[Case], report: Callable[[int, int], object]) -> list[Place]:
    """Every way over the turns that expect one clause or one card; `report` gets how many are done, of how many."""
    asked = [(turn, *meant) for case in cases for turn in case.turns[:1] if (meant := _meant(turn))]
    places: list[Place] = []
    ways = list(_ways(retriever))
    for way, rank in ways:
        places.append(_place(way, rank, asked))
        report(len(places), len(ways))
    return places


def _ways(retriever: HybridRetriever) -> Iterator[tuple[str, Ranking]]:
    alone = {name: cache(_ranking(_only(retriever, {name}))) for name in WEIGHTS}
    lexical, dense = alone["lexical"], alone["dense"]
    yield "加权和（本程序）", _ranking(retriever)
    yield "倒数排名融合，全部信号", _fused(list(alone.values()))
    yield "倒数排名融合，词面与向量", _fused([lexical, dense])
    for name, rank in alone.items():
        yield f"只用 {name}", rank


def _only(retriever: HybridRetriever, names: set[str]) -> HybridRetriever:
    return retriever.model_copy(update={"off": frozenset(WEIGHTS) - names, "decisive": float("inf")})


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


def _place(way: str, rank: Ranking, asked: Sequence[tuple[Turn, Tier, frozenset[str]]]) -> Place:
    places = [
        next((n for n, found in enumerate(rank(turn.question, tier)) if found in meant), _LOOKED_AT)
        for turn, tier, meant in asked
    ]
    return Place(way, sum(p == 0 for p in places), sum(p < _TOP for p in places), len(places))
