"""Candidates: which clauses a question may mean, and whether one of them is clearly meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from assistant.boundaries import HELP, Boundary, find_boundary
from assistant.compose import Desk
from assistant.intent import Intent, read_intent
from assistant.question import Question
from assistant.sets.reading import asks_for_set
from assistant.verdict import Verdict, read_signs, read_verdict
from vectorstore import text
from vectorstore.library import Snapshot
from vectorstore.records import Clause, Hit, Role, Tier

SURE = 0.48
"""Least evidence of a card or chunk that is shown; half of what a typical question has."""
_PARTS = re.compile(r"[，,。！!？?；;\s]+")
_LEAST_PART = 5
_MOST_PARTS = 3
_PART_COUNTS = 0.85
_PART_RANKS = 0.25
CLEAR = 0.30
"""Least score of a clause that is taken as meant."""
CLOSE = 0.93
"""A second clause within this share of the first one's score makes the question a choice."""
_AS_EVIDENT = 0.8
"""And it must explain this share of what the first one explains of the question."""
_STATING = re.compile(r"目标|指标|比例")
_TARGET = "目标"
_STATED = 0.75
"""The same when a target or date is asked for: those that state one are picked from more."""
_MOST_HITS, _MOST_LOOKED_AT = 24, 8
_MOST_CHOICES = 4
_MEANT = 0.8
"""Evidence of a clause for a plainly official question that needs no look at the cards."""
_AHEAD = 0.3
"""So much more of a question must another place's plan explain than the one that is asked."""
_EXPLAINED = 0.55
"""Evidence that is enough whatever the score: typed pinyin meets only the signal of sound."""
_HEADING = 1.2
_OF_HEADINGS = ("lead", "section", "whole", "task", "count")
"""Cues of questions that may mean a heading rather than a task below it."""
_AS_MUCH = 0.75
"""A task is meant that explains this share of what its heading does."""
_FAINT, _DISTANT = 0.4, 0.7
"""Less evidence and less closeness than this together do not tell which clause is meant."""
_LEAST_WIDE, _MOST_WIDE = 2, 6
"""So many characters has a topic that several clauses may mean alike."""


@dataclass(frozen=True)
class Candidates:
    """What the question may mean.

    `clear` is the one clause that is meant, else `close` are the choices; `given` when its path was named. `cards`
    and `chunks` are the best of the other tiers, `boundary` the rule that the question meets, `clauses` the best for
    the whole question (not only for its topic): what is held against the cards. `intent` is what kind of question it
    looks like, `signs` what tells who answers it; None and empty when its words alone say that it is about a notice.
    """

    hits: tuple[Hit, ...] = ()
    clear: Clause | None = None
    close: tuple[Clause, ...] = ()
    given: bool = False
    cards: tuple[Hit, ...] = ()
    chunks: tuple[Hit, ...] = ()
    boundary: Boundary | None = None
    clauses: tuple[Hit, ...] = ()
    intent: Intent | None = None
    signs: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict:
        """How likely the plan answers the question, a card does, or nothing."""
        return read_verdict(self.signs) if self.signs else Verdict(plan=1.0, card=0.0, refusal=0.0)

    @property
    def confidence(self) -> float:
        """How likely the best card answers the question (0 to 1)."""
        return self.verdict.card if self.cards else 0.0

    @property
    def clause_evidence(self) -> float:
        """How much of the whole question a clause explains."""
        return evidence(self.clauses[0]) if self.clauses else 0.0

    def likely(self, kind: str) -> float:
        """How likely the question is of a kind; 0 when its words alone say that it is about a notice."""
        return self.intent.likely[kind] if self.intent else 0.0

    @property
    def likeness(self) -> float:
        """How like the question is to one of the best card's own wordings (0 to 1)."""
        return self.cards[0].signals.get("line", 0.0) if self.cards else 0.0

    @property
    def best(self) -> float:
        """Score of the best clause, 0 without any."""
        return self.hits[0].score if self.hits else 0.0

    @property
    def best_evidence(self) -> float:
        """How much of the question the best clause explains, independent of the others."""
        return evidence(self.hits[0]) if self.hits else 0.0


def find_candidates(question: Question, desk: Desk) -> Candidates:
    """Everything that a question may be about: clauses of the notices that are asked, cards, chunks, a boundary."""
    found = replace(find_clauses(question, desk), boundary=find_boundary(question.text))
    meant = found.given or found.best_evidence >= _MEANT or not question.topic_words
    if (question.plainly_official and not question.asks_figure and meant) or asks_for_set(question):
        return found
    return look_around(question, found, desk)


def look_around(question: Question, found: Candidates, desk: Desk) -> Candidates:
    """The candidates of a question with those of the other tiers, and with what tells which of them is meant."""
    snapshot = desk.snapshot
    cards = _best_of_parts(question.text, Tier.CARD, snapshot) if snapshot.cards else ()
    chunks = _best_of_parts(question.text, Tier.DOCUMENT, snapshot) if snapshot.documents else ()
    clauses = tuple(snapshot.retriever.search(question.text, Tier.NOTICE, desk.scopes, limit=2))
    intent = read_intent(question.text)
    forbidden = found.boundary is not None and found.boundary.reason != HELP
    hits = {"topic": found.hits, "clause": clauses, "card": cards}
    signs = read_signs(question, intent, hits, forbidden=forbidden)
    return replace(found, cards=cards, chunks=chunks, clauses=clauses, intent=intent, signs=signs)


def held_by_another(question: Question, found: Candidates, desk: Desk) -> str | None:
    """The notice that alone speaks of what is asked, when those that are asked say little of it."""
    asked = {desk.snapshot.register.notices[key].region for key in desk.notices}
    if not desk.scopes or found.given or not question.topic_words or found.best_evidence >= _MEANT:
        return None
    for hit in desk.snapshot.retriever.search(question.topic, Tier.NOTICE, limit=1):
        ahead = evidence(hit) >= max(_MEANT, found.best_evidence + _AHEAD)
        if ahead and desk.snapshot.register.notices[hit.passage.scope].region not in asked:
            return hit.passage.scope
    return None


def _best_of_parts(said: str, tier: Tier, snapshot: Snapshot) -> tuple[Hit, ...]:
    """The hits for a question, each explained by the whole of it or by one of its parts: people tell a story first."""
    best = tuple(snapshot.retriever.search(said, tier, limit=5))
    parts = [p for p in _PARTS.split(said) if len(p) >= _LEAST_PART]
    if len(parts) < 2 or (best and evidence(best[0]) >= SURE):
        return best
    found = [snapshot.retriever.search(part, tier, limit=5) for part in parts[-_MOST_PARTS:]]
    by_part: dict[str, Hit] = {}
    for hit in (h for hits in found for h in hits):
        if hit.passage.id not in by_part or evidence(hit) > evidence(by_part[hit.passage.id]):
            by_part[hit.passage.id] = hit
    raised = [_raised(hit, by_part.get(hit.passage.id)) for hit in best]
    return tuple(sorted(raised, key=lambda h: -h.score))


def _raised(hit: Hit, part: Hit | None) -> Hit:
    """A hit with what a part of the question says for it, where that is more."""
    if part is None:
        return hit
    signals = {n: max(v, _PART_COUNTS * part.signals.get(n, 0.0)) for n, v in hit.signals.items()}
    return replace(hit, signals=signals, score=hit.score + _PART_RANKS * part.score)


def evidence(hit: Hit) -> float:
    """How much of a question a passage explains, independent of the other hits (0 to 2)."""
    return hit.signals.get("line", 0.0) + hit.signals.get("coverage", 0.0)


def find_clauses(question: Question, desk: Desk) -> Candidates:
    """The clauses that a question may mean: by the path it names, else by its topic."""
    snapshot, register = desk.snapshot, desk.snapshot.register
    for path in question.paths:
        for notice in desk.notices:
            if clause := register.clause(notice, path):
                return Candidates(clear=clause, given=True)
    if not question.topic_words:
        return Candidates()
    hits = _ranked(question, desk)
    if not hits or (hits[0].score < CLEAR and evidence(hits[0]) < _EXPLAINED):
        return Candidates(hits)
    meant = _meant(question, hits, snapshot)
    return Candidates(hits, clear=meant[0]) if len(meant) == 1 else Candidates(hits, close=tuple(meant[:_MOST_CHOICES]))


def _ranked(question: Question, desk: Desk) -> tuple[Hit, ...]:
    """The clauses found for the topic of a question, best first, at the level that it asks about."""
    stating = (_STATING.findall(question.shape) or [_TARGET]) if question.has("target") else []
    said = " ".join([question.topic, *stating])
    snapshot = desk.snapshot
    hits = tuple(snapshot.retriever.search(said, Tier.NOTICE, desk.scopes, limit=_MOST_HITS))
    hits = _by_level(hits, question, snapshot)[:_MOST_LOOKED_AT]
    if question.has("who", "lead", "responsible", "department"):
        hits = _below_parts(hits, snapshot)
    return hits if question.has(*_OF_HEADINGS) else _items_first(hits, snapshot)


def _meant(question: Question, hits: tuple[Hit, ...], snapshot: Snapshot) -> list[Clause]:
    """The one clause that is meant, or those among which to choose."""
    clauses = [_clause(h, snapshot) for h in hits]
    if wide := _said_by_several(question, clauses):
        return wide
    if _is_faint(hits[0]):
        return _without_ancestors(clauses[:_MOST_CHOICES])
    near = _STATED if question.has("target", "deadline") else CLOSE
    least = _AS_EVIDENT * evidence(hits[0])
    close = [c for h, c in zip(hits, clauses, strict=True) if h.score >= hits[0].score * near and evidence(h) >= least]
    return _that_state(_without_ancestors(close), question)


def _is_faint(hit: Hit) -> bool:
    """Whether the best clause explains so little of a question that it may be there by chance."""
    return evidence(hit) < _FAINT and hit.signals.get("close", 1.0) < _DISTANT


def _said_by_several(question: Question, clauses: list[Clause]) -> list[Clause]:
    """The clauses that all say the very words of a short topic (培训, 竞赛), when no title alone does: too wide."""
    words = question.topic_words.replace(" ", "")
    if not question.asks_for_owner or question.scopes or not _LEAST_WIDE <= len(words) <= _MOST_WIDE:
        return []
    told = _without_ancestors([c for c in clauses if words in text.compact(c.text)])
    titled = [c for c in told if words in text.compact(c.title)]
    return told if len(told) > 1 and len(titled) != 1 else []


def _that_state(clauses: list[Clause], question: Question) -> list[Clause]:
    """Of close clauses those that state a target or a date, when one is asked for."""
    if question.has("who", "lead", "department"):
        return clauses
    if not question.has("target", "deadline"):
        return clauses
    wanted = [
        c for c in clauses if (question.has("target") and c.targets) or (question.has("deadline") and c.deadlines)
    ]
    return wanted[:1] or clauses[:1]


def _by_level(hits: tuple[Hit, ...], question: Question, snapshot: Snapshot) -> tuple[Hit, ...]:
    """Leads stand at actions and projects, activities in the items below them: the question tells which it means."""
    is_heading = snapshot.register.is_heading
    led = (h for h in hits if _has_lead(h, snapshot)) if question.has("whole") else ()
    if headings := tuple(h for h in led if is_heading(h.passage.scope, h.passage.locator)):
        return headings
    neutral = 1.0 if question.has("section") else 1 / _HEADING
    factor = _HEADING if question.role is Role.LEAD else neutral

    def weigh(hit: Hit) -> Hit:
        return replace(hit, score=min(1.0, hit.score * factor)) if _has_lead(hit, snapshot) else hit

    return tuple(sorted(map(weigh, hits), key=lambda h: -h.score))


def _below_parts(hits: tuple[Hit, ...], snapshot: Snapshot) -> tuple[Hit, ...]:
    """A part has no owner: a question about owners means what stands below it, when that was found too."""
    paths = [h.passage.locator for h in hits]

    def is_open(hit: Hit) -> bool:
        path = hit.passage.locator
        return _clause(hit, snapshot).level > 1 or not any(p != path and p.startswith(path) for p in paths)

    return tuple(h for h in hits if is_open(h))


def _items_first(hits: tuple[Hit, ...], snapshot: Snapshot) -> tuple[Hit, ...]:
    """A task before the heading it stands under, when it explains nearly as much: activities have owners there."""
    first = hits[0] if hits else None
    if first is None or not snapshot.register.is_heading(first.passage.scope, first.passage.locator):
        return hits
    own = (h for h in hits[1:] if h.passage.locator.startswith(first.passage.locator))
    task = next((h for h in own if evidence(h) >= _AS_MUCH * evidence(first)), None)
    return (replace(task, score=first.score), *(h for h in hits if h is not task)) if task else hits


def _has_lead(hit: Hit, snapshot: Snapshot) -> bool:
    return bool(snapshot.register.of_clause(hit.passage.scope, hit.passage.locator, Role.LEAD))


def _clause(hit: Hit, snapshot: Snapshot) -> Clause:
    clause = snapshot.register.clause(hit.passage.scope, hit.passage.locator)
    assert clause is not None, hit.passage.id
    return clause


def _without_ancestors(clauses: list[Clause]) -> list[Clause]:
    """A section beside one of its own items is no second meaning: the better ranked of the two stays."""
    kept: list[Clause] = []
    for clause in clauses:
        if not any(_related(clause, other) for other in kept):
            kept.append(clause)
    return kept


def _related(one: Clause, other: Clause) -> bool:
    return one.notice == other.notice and (one.path.startswith(other.path) or other.path.startswith(one.path))
