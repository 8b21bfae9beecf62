"""Deciding: which kind of answer a question gets. Reads from top to bottom; the first that fits answers."""

from __future__ import annotations

import re

from assistant import boundaries, department, facts, refusals, who
from assistant.answer import Answer, Kind, Line, Refusal
from assistant.candidates import SURE, Candidates, evidence
from assistant.compose import Desk
from assistant.conversation import OFFICIAL, asks_for_our_unit, is_dangling, states_unit_only
from assistant.elsewhere import answer_elsewhere
from assistant.guides import open_guide
from assistant.intent import ANSWERABLE
from assistant.messages import answer_pasted, is_pasted
from assistant.passages import answer_passage
from assistant.question import Question
from assistant.science import answer_card
from assistant.sets import answer_set
from assistant.sets.contents import asks_for_contents
from assistant.sets.tasks import asks_where_none_is_named
from prompts import sentence
from vectorstore.records import Card

ASKS_WHO = ("who", "responsible", "lead", "cooperate")
_ASKS_LIST = ("which", "task", "count", "all", "section", "clause")
_MAYBE = 0.36
"""Least evidence of a card that is offered as a choice."""
_OWN_WORDS = 0.55
"""A question as like one of a card's own wordings as this is meant for the card, whatever else it looks like."""
_WEAK = 0.45
_SAID = 0.42
_OFTEN = 0.9
_PLAN_YEAR = re.compile(r"20\d\d年")
_CLAUSE = 0.8
_CERTAIN = 1.2
_LIFE_FIRST = 0.25
"""A question that names nothing of the plan is one of life: a clause must explain this much more of it."""
_MOST_CHOICES = 4
_FOREIGN = 0.4
"""A question less likely answerable than this is refused for the kind it looks like."""
_REASONS = {
    "medical": Refusal.MEDICAL,
    "private": Refusal.PRIVATE,
    "unsafe": Refusal.UNSAFE,
    "out_of_scope": Refusal.OUT_OF_SCOPE,
    "live": Refusal.NOT_IN_SOURCES,
    "elsewhere": Refusal.NOT_IN_SOURCES,
}
_LIKELY, _LIKELY_LEAST = 0.8, 0.26
_FEW = 2
_LIKE = 0.2
"""Least likeness of a clause's wording to a question that names a department too."""
_BARE = 4
"""A question of so few characters with nothing in it is asked back."""


def decide(question: Question, found: Candidates, desk: Desk) -> Answer:
    """The answer to a question, from what was found for it."""
    return (
        _help_first(question, found, desk)
        or _pasted(question, desk)
        or _boundary(question, found, desk)
        or _small_talk(question, found)
        or _foreign(question, found, desk)
        or answer_elsewhere(question, desk)
        or (_official(question, found, desk) if is_official(question, found) else None)
        or _popular(question, found, desk)
        or _rest(question, found, desk)
    )


def _small_talk(question: Question, found: Candidates) -> Answer | None:
    if not any(c.isalnum() for c in question.normal):
        return refusals.ask_what("empty")
    subject = question.topic or question.departments or question.paths or question.scopes
    said_nothing = not question.cues - {"filler"} and not any(evidence(h) >= _CLAUSE for h in found.cards[:1])
    if not subject and (len(question.shape) <= _BARE or said_nothing):
        if not question.has(OFFICIAL, "self", "thanks", "greeting", "number", "issuer", "issued", "period", "title"):
            return refusals.ask_what()
    if states_unit_only(question):
        return refusals.note_unit(question.named[0])
    if asks_for_our_unit(question) and not question.unknown:
        return refusals.ask_unit()
    if is_dangling(question):
        return refusals.ask_what()
    if question.has("thanks") and _only_thanks(question, found):
        return refusals.chat("thanks")
    if question.topic or question.departments or question.paths or question.has("who", "lead", "responsible", "task"):
        return refusals.chat("self") if question.has("self") and not question.departments else None
    for cue in ("self", "thanks", "greeting"):
        if question.has(cue) and not question.asks_for_owner:
            return refusals.chat({"greeting": "hello"}.get(cue, cue))
    return None


def _only_thanks(question: Question, found: Candidates) -> bool:
    """Whether thanks or a farewell is all there is, whatever friendly words stand around it."""
    asks = question.departments or question.paths or question.has("who", "which", "count", "text", "yesno", "lead")
    return not asks and not any(evidence(h) >= _OWN_WORDS + SURE for h in found.cards[:1])


def _help_first(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    rule = found.boundary
    if rule is None or rule.reason != boundaries.HELP or rule.card not in desk.snapshot.cards:
        return None
    return answer_card(desk.snapshot.cards[rule.card], desk.snapshot, rule.first)


def _pasted(question: Question, desk: Desk) -> Answer | None:
    return answer_pasted(question.text, desk.snapshot) if is_pasted(question.text) else None


def _boundary(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    rule = found.boundary
    if rule is None or rule.reason == boundaries.HELP:
        return None
    if found.chunks and evidence(found.chunks[0]) >= SURE and rule.reason == "not_in_sources":
        return None
    card = found.cards[0] if found.cards else None
    if card and card.signals.get("line", 0.0) >= _OWN_WORDS:
        return None
    if rule.reason == "out_of_scope" and is_official(question, found) and found.best >= SURE:
        return None
    return refusals.refuse(Refusal(rule.reason), _near_cards(found, desk), rule.ask)


def _foreign(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """A refusal when the question looks like a kind that is not answered here, and nothing speaks against it."""
    intent = found.intent
    if intent is None or intent.label == ANSWERABLE or intent.answerable >= _FOREIGN:
        return None
    own = any(h.signals.get("line", 0.0) >= _OWN_WORDS for h in (*found.cards[:1], *found.chunks[:1], *found.hits[:1]))
    owned = question.asks_for_owner and found.best_evidence >= SURE
    if own or owned or question.paths or asks_for_contents(question):
        return None
    return refusals.refuse(_REASONS[intent.label], _near_cards(found, desk))


def _near_cards(found: Candidates, desk: Desk) -> tuple[Card, ...]:
    return tuple(desk.snapshot.cards[h.passage.locator] for h in found.cards[:2] if evidence(h) >= _MAYBE / 2)


def is_official(question: Question, found: Candidates) -> bool:
    """Whether a question is about a notice: its departments, clauses or wording, rather than about a thing of life."""
    card = evidence(found.cards[0]) if found.cards else 0.0
    if question.paths or question.has(OFFICIAL, "lead", "number", "issuer") or asks_for_contents(question):
        return True
    if asks_where_none_is_named(question):
        return True
    clause = found.clause_evidence or found.best_evidence
    if question.amounts_of("家", "部门", "单位") and question.has("task", "clause", "which"):
        return True
    if question.asks_for_owner and (clause >= _SAID or card < SURE):
        return True
    if question.has(*facts.META) and question.has("document_named"):
        return True
    if question.has("text") and (clause > card or card < SURE):
        return True
    if _PLAN_YEAR.search(question.shape) and found.best_evidence >= _SAID and card < _OFTEN:
        return True
    if found.clear and found.clear.targets and (question.has("target") or (question.has("count") and clause >= _CLAUSE)):
        return True
    if question.has("governance") and found.best_evidence >= _SAID:
        return clause > card or card < _OFTEN
    if question.scopes and (question.has("count", "which", "all", "task", "department") or "几" in question.shape):
        return True
    if question.departments:
        return card < 1.2 or question.has("task", "responsible", "who", "joint", "count")
    if question.has("document", "clause", "responsible", "department", "who", "section", "target") and question.has(
        "who", "department", "document_named", "clause", "section", "target", *facts.META
    ):
        return card < _OFTEN or found.clause_evidence > card
    if question.has(*facts.META) and not question.topic_words:
        return True
    if not question.topic and (question.cues - {"filler", "yesno"}):
        return card < SURE
    return False


def _official(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    return _about_departments(question, found, desk) or _about_tasks(question, found, desk)


def _about_departments(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    for mention in question.departments:
        if len(mention.names) > 1:
            return department.ask_which(mention)
    if (missing := facts.missing_path(question, desk)) is not None:
        return missing
    if question.unknown and not (found.clear and not question.has("task")):
        return department.absent(question, question.unknown[0], desk)
    if not question.named:
        return None
    if facts.asks_about_issue(question):
        return facts.answer_document(question, desk)
    named = found.given or (len(question.topic_words) > _FEW and _is_like(found))
    about_clause = bool(found.clear and named) and (found.best >= _WEAK or found.best_evidence >= _CLAUSE or found.given)
    deeper = not question.scopes or (found.best_evidence >= _CERTAIN and found.clear not in question.scopes)
    if about_clause and deeper and not _asks_for_set(question):
        assert found.clear is not None
        return _about_clause_and_department(question, found, desk)
    if question.scopes and question.has("lead") and question.has("who", "yesno"):
        return who.check_premise(question, question.scopes[0], desk)
    if (answer := answer_set(question, desk)) is not None:
        return answer
    for name in question.named:
        if not desk.snapshot.register.of_department(name):
            return department.absent(question, name, desk)
    return department.answer_department(question, question.named[0], desk)


_HOW_MANY = re.compile(r"[几多]少?(?:家|个?部门|个?单位)")
_INVOLVED = re.compile(
    r"@(?:在[^，。]{0,14})?(?:里头?|中)?(?:都|也|又|还)?(?:有|没|负责|参[与加]|承担|管|牵头|干|做|任务|职责|分工|是不是|是责任|算|配合|要|的任务|的职责|的分工|能)"
    r"|(?:由|归|让|是)@|@(?:吗|呢|吧|么)?$"
)
"""Words that ask for a department's part, not only name it as a place or an audience."""


def _is_like(found: Candidates) -> bool:
    signals = found.hits[0].signals if found.hits else {}
    return signals.get("line", 0.0) >= _LIKE or signals.get("coverage", 0.0) >= 3 * _LIKE


def _asks_for_set(question: Question) -> bool:
    """Whether a question with a topic still asks for a set: several departments joined, or one left out."""
    return len(question.named) > 1 and question.has("joint", "without", "than", "most") and question.has("task", "count")


def _about_clause_and_department(question: Question, found: Candidates, desk: Desk) -> Answer:
    assert found.clear is not None
    register = desk.snapshot.register
    unknown = [n for n in question.named if not register.of_department(n)]
    asks_duties = question.has("task", "count", "which", "all") and not question.has("who", "lead", "yesno", "text", "clause")
    if unknown and len(unknown) == len(question.named) and not _states_premise(question, found):
        if _INVOLVED.search(question.shape):
            return department.absent(question, unknown[0], desk)
        return who.answer_who(question, found.clear, desk)
    if asks_duties and not found.given and found.best_evidence < _SAID and not _states_premise(question, found):
        return department.answer_department(question, question.named[0], desk)
    return who.check_premise(question, found.clear, desk)


def _states_premise(question: Question, found: Candidates) -> bool:
    """Whether a department is named as part of what is said about a clause, not as what is asked for."""
    said_of_clause = re.search(r"@(?:一家)?(?:牵头|负责|主抓|管|主管|承担)的|由@(?:牵头|负责|主管)", question.shape)
    return found.given or bool(said_of_clause) or len(question.named) > 1


def _about_tasks(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    if (coming := facts.next_plan(question, desk)) is not None:
        return facts.answer_said(question, coming, desk)
    if facts.asks_about_document(question):
        return facts.answer_document(question, desk)
    if not found.given or question.scopes:
        if (answer := answer_set(question, desk)) is not None:
            return answer
    elif len(question.paths) > 1 and (answer := answer_set(question, desk)) is not None:
        return answer
    if found.clear:
        return _about_clause(question, found, desk)
    if found.close and question.has(*ASKS_WHO, "department", *_ASKS_LIST) and not facts.asks_amount(question):
        return refusals.ask_which_task(found.close)
    if found.close:
        return facts.answer_said(question, found.close[0], desk)
    if question.has(*ASKS_WHO, "department", *_ASKS_LIST):
        if not question.topic:
            return refusals.ask_what()
        return refusals.not_in_sources(found, desk) if not _other_evidence(found) else None
    return None


def _other_evidence(found: Candidates) -> bool:
    return any(evidence(h) >= SURE for h in (*found.cards[:1], *found.chunks[:1]))


def _about_clause(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    assert found.clear is not None
    if question.has("text", "place") and found.given and not question.has("who", "lead", "department", "target"):
        return facts.answer_text(found.clear, desk)
    if question.has("text", "target", "deadline") and not question.has("who", "lead", "department"):
        return facts.answer_said(question, found.clear, desk)
    if question.has("table") or (found.given and question.has("count") and _HOW_MANY.search(question.shape)):
        return who.answer_who(question, found.clear, desk)
    if question.has(*ASKS_WHO, "department") or (found.given and question.has("only")):
        return who.answer_who(question, found.clear, desk)
    if found.given and not question.topic:
        return facts.answer_text(found.clear, desk)
    return facts.answer_said(question, found.clear, desk)


def _popular(question: Question, found: Candidates, desk: Desk) -> Answer | None:
    """The card, the document or the clause that explains most of the question."""
    card = found.cards[0] if found.cards else None
    chunk = found.chunks[0] if found.chunks else None
    meant = found.clear or (found.close[0] if found.close else None)
    clause = found.clause_evidence if meant else 0.0
    best = max(evidence(h) for h in (card, chunk) if h) if card or chunk else 0.0
    if meant and clause >= _SAID and clause > best + (_LIFE_FIRST if best >= SURE else _LIFE_FIRST / 2):
        return facts.answer_said(question, meant, desk)
    if best < _least(found):
        return None
    if chunk and evidence(chunk) == best and (card is None or evidence(card) < best):
        return answer_passage(chunk, question, desk)
    assert card is not None
    shown = desk.snapshot.cards[card.passage.locator]
    return open_guide(shown) if shown.kind == "guide" else answer_card(shown, desk.snapshot)


def _least(found: Candidates) -> float:
    """Least evidence of a card that is shown: less for a question that looks like those that are answered here."""
    return _LIKELY_LEAST if found.intent and found.intent.answerable >= _LIKELY else SURE


def _rest(question: Question, found: Candidates, desk: Desk) -> Answer:
    offered = [desk.snapshot.cards[h.passage.locator] for h in found.cards if evidence(h) >= _MAYBE]
    if offered and not question.departments and not is_official(question, found):
        return _offer(offered[:_MOST_CHOICES])
    if not question.topic and len(question.normal) < 8:
        return refusals.ask_what()
    if is_official(question, found) or (found.clear and found.best >= _WEAK):
        return refusals.not_in_sources(found, desk)
    return refusals.out_of_scope()


def _offer(cards: list[Card]) -> Answer:
    lines = tuple(Line("", f"{n}. {c.title}") for n, c in enumerate(cards, 1))
    head, tail = Line("", sentence("which_card")), Line("", sentence("which_none"))
    return Answer(Kind.CLARIFY, (head, *lines, tail), suggestions=tuple(c.title for c in cards))


