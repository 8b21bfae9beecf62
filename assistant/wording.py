"""Wording: an answer put into other words by a chat model, never shown unless every sentence has passed the check.

The composed answer exists before the model is asked and stands whenever the model fails, is late or says what its
sources do not say. Departments of a duty answer are the register's; the model only explains the task beside them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from langchain_core.caches import InMemoryCache
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import Generation

from assistant.answer import Answer, Kind, Line, Wording
from assistant.generated import sentences
from assistant.model import ModelCaller, ModelFault, Usage
from assistant.rewriting import Rewriter, Rewritten, concluded
from assistant.science import source_line
from assistant.sources import Source, sources_of, without_duties
from assistant.tally import Tally
from assistant.verify import Fault, Sentence, Verifier, read_sentence
from prompts import Template, sentence, template
from vectorstore.library import Snapshot
from vectorstore.records import Hit, Tier

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LOG = logging.getLogger(__name__)
_KEPT = 512
"""Worded answers kept in memory."""
_MOST = 10
"""Sentences after which an output is long enough to be a fault."""
_AS_WRITTEN = {"emergency", "scam"}
"""Kinds of card that are shown as they were written: in an emergency nobody waits for a model."""


class Mode(StrEnum):
    """When the model is asked: where neither the register nor a card answers, always, or never."""

    AUTO = "auto"
    ALWAYS = "always"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed answer with what it may be worded from: the question, the knowledge, passages found beside."""

    question: str
    answer: Answer
    snapshot: Snapshot
    near: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """What the model is asked to do, and what its sentences are checked against."""

    draft: Draft
    template: Template
    sources: tuple[Source, ...]

    @property
    def prompt(self) -> str:
        """The prompt; the fence is a hash over the passages, so that none of them can hold it."""
        said = "\n\n".join(s.labelled for s in self.sources)
        fence = f"资料界线-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
        return self.template.fill(question=self.draft.question, fence=fence, sources=said)

    def verifier(self) -> Verifier:
        """The check for the sentences; those beside a duty list may name no department."""
        return Verifier(self.sources, self.draft.snapshot.names, nameless=self.draft.answer.kind is Kind.DUTY)


@dataclass(slots=True)
class _Run:
    """One wording under way."""

    task: _Task
    until: float
    cached: bool = False
    usage: Usage = field(default_factory=Usage)
    sentences: list[Sentence] = field(default_factory=list)


class _Unfit(Exception):
    """A sentence that did not pass."""

    def __init__(self, sentence: Sentence, faults: list[Fault]) -> None:
        self.sentence = sentence
        self.faults = faults
        super().__init__(faults[0].rule)


class Worder:
    """Words composed answers by a chat model. `name` is the model's, `deadline` the seconds it has.

    `tally` counts what came of it.
    """

    def __init__(self, model: BaseChatModel, name: str, mode: Mode = Mode.AUTO, deadline: float = 8.0) -> None:
        self._caller = ModelCaller(model)
        self._name = name
        self._mode = mode
        self._deadline = deadline
        self._cache = InMemoryCache(maxsize=_KEPT)
        self._rewriter = Rewriter(self._caller, name)
        self.tally = Tally()

    def rewrite(self, asked: str, near: Iterable[str], snapshot: Snapshot, deadline: float | None) -> Rewritten | None:
        """A question that found nothing, in other words; None when the model is turned off."""
        if self._mode is Mode.OFF:
            return None
        return self._rewriter.rewrite(asked, near, snapshot, self._within(deadline))

    def rewritten(self, rewritten: Rewritten, answered: bool) -> Wording:
        """Counts how a rewriting ended: whether its question was answered."""
        wording = concluded(rewritten, answered)
        self.tally.count("rewriting", wording)
        return wording

    def left(self, deadline: float | None, spent: Wording) -> float:
        """The seconds that a rewriting has left for wording the answer; 0 when there are none."""
        return max(0.0, self._within(deadline) - spent.ms / 1000)

    def _within(self, deadline: float | None) -> float:
        return min(deadline or self._deadline, self._deadline)

    def stream(self, draft: Draft, deadline: float | None = None) -> Iterator[str | Answer]:
        """Sentences that have passed, as they come, then the whole answer: worded, or as it was composed."""
        task = self._task(draft)
        if task is None:
            yield from draft.answer.parts()
            return
        begun = time.monotonic()
        run = _Run(task, begun + self._within(deadline))
        if draft.answer.kind is Kind.DUTY:
            yield from draft.answer.text.split("\n")
        outcome = "left"
        try:
            yield from self._sentences(run)
            outcome = "worded"
        except ModelFault as fault:
            outcome = fault.reason
        except _Unfit as unfit:
            outcome = f"unfit_{unfit.faults[0].rule}"
        finally:
            wording = _wording(run, outcome, time.monotonic() - begun)
            self.tally.count("wording", wording)
            _LOG.info("wording", extra={"fields": asdict(wording)})
        answer = _worded(run, self._name) if outcome == "worded" else draft.answer
        yield replace(answer, wording=wording)

    def _task(self, draft: Draft) -> _Task | None:
        """What to ask the model, or None when the composed answer stands as it is."""
        answer = draft.answer
        documents = any(c.tier == Tier.DOCUMENT.value for c in answer.citations)
        if self._mode is Mode.OFF or not answer.citations or (self._mode is Mode.AUTO and not documents):
            return None
        if answer.kind is Kind.DUTY:
            return _explained(draft)
        if not (documents or _may_be_reworded(draft)):
            return None
        found = sources_of(answer, draft.near if documents else (), draft.snapshot)
        return _Task(draft, template("word-joined" if len(found) > 1 else "word-plain"), found)

    def _sentences(self, run: _Run) -> Iterator[str]:
        """The sentences of the first output, or of the repaired one; all of them are in `run.sentences` at the end."""
        key = (run.task.prompt, f"{self._name} {run.task.template.digest} {run.task.draft.snapshot.version}")
        if kept := self._cache.lookup(*key):
            run.cached = True
            run.sentences = [Sentence(said, tuple(cited)) for said, cited in json.loads(kept[0].text)]
            yield from (s.text for s in run.sentences)
            return
        messages: list[BaseMessage] = [HumanMessage(run.task.prompt)]
        shown: list[str] = []
        try:
            for said in self._passing(run, messages):
                shown.append(said.text)
                yield said.text
        except _Unfit as unfit:
            _LOG.info("wording to repair", extra={"fields": {"rules": [fault.rule for fault in unfit.faults]}})
            messages += _to_repair(run.sentences, unfit)
            run.sentences = []
            yield from (said.text for said in self._passing(run, messages) if said.text not in shown)
        self._cache.update(*key, [Generation(text=json.dumps([(s.text, s.cited) for s in run.sentences]))])

    def _passing(self, run: _Run, messages: list[BaseMessage]) -> Iterator[Sentence]:
        """The sentences of one output. Raises _Unfit at the first that fails, ModelFault when there is none."""
        verifier = run.task.verifier()
        for raw in sentences(self._caller.stream(messages, run.until, run.usage)):
            said = read_sentence(raw)
            if faults := verifier.faults(said):
                raise _Unfit(said, faults)
            if len(run.sentences) == _MOST:
                raise ModelFault("endless")
            run.sentences.append(said)
            yield said
        if not run.sentences:
            raise ModelFault("empty")


def _wording(run: _Run, outcome: str, seconds: float) -> Wording:
    asked, usage = run.task.template, run.usage
    return Wording(
        asked.name, asked.version, asked.digest, outcome, round(seconds * 1000, 3),
        usage.calls, usage.input_tokens, usage.output_tokens, run.cached,
    )  # fmt: skip


def _explained(draft: Draft) -> _Task | None:
    """The one task a duty answer is about, without its departments; None when it is about a list."""
    focus = draft.answer.focus
    clause = draft.snapshot.register.clause(*focus) if focus else None
    for source in sources_of(draft.answer, (), draft.snapshot):
        if clause is not None and source.citation.locator == clause.path:
            return _Task(draft, template("word-task"), (replace(without_duties(source, clause), number=1),))
    return None


def _may_be_reworded(draft: Draft) -> bool:
    """Whether an answer is one of a card or of a clause's content: not verbatim by request, not for an emergency."""
    answer = draft.answer
    if answer.kind is Kind.SCIENCE:
        card = draft.snapshot.cards.get(answer.card)
        return card is not None and card.kind not in _AS_WRITTEN
    verbatim = any(line.label == sentence("label_source") for line in answer.lines)
    return answer.kind is Kind.FACT and answer.focus is not None and not verbatim


def _to_repair(passed: list[Sentence], unfit: _Unfit) -> list[BaseMessage]:
    draft = "".join(s.text for s in (*passed, unfit.sentence)) or "……"
    rules = "、".join(dict.fromkeys(sentence(f"fault_{f.rule}", said=f.said) for f in unfit.faults))
    return [AIMessage(draft), HumanMessage(template("repair").fill(faults=f"“{unfit.sentence.text}”：{rules}"))]


def _worded(run: _Run, name: str) -> Answer:
    """The answer in the model's words: what it cites, the card's warning and the sources stay."""
    draft = run.task.draft
    answer = draft.answer
    said = "".join(s.text for s in run.sentences)
    if answer.kind is Kind.DUTY:
        lines = [*answer.lines, Line(sentence("label_plainly"), said)]
        return replace(answer, lines=tuple(lines), generated_by=f"llm:{name}", label="")
    cited = {n for s in run.sentences for n in s.cited}
    used = [s for s in run.task.sources if s.number in cited]
    lines = [*(Line("", s.text) for s in run.sentences), *_tail(draft, used)]
    return replace(
        answer, lines=tuple(lines), citations=tuple(s.citation for s in used), generated_by=f"llm:{name}", label=""
    )


def _tail(draft: Draft, used: list[Source]) -> Iterator[Line]:
    """What no wording may leave out: warnings, for which place a document holds, and where it is all from."""
    for source in used:
        if card := draft.snapshot.cards.get(source.citation.locator):
            yield from (Line("", said) for said in (card.warning, source_line(card)) if said)
    documents = [s.citation for s in used if s.citation.tier != Tier.CARD.value]
    if documents:
        named = dict.fromkeys(f"{c.source} {c.locator}".strip() for c in documents)
        yield Line("", sentence("card_source", sources="；".join(named)))
    held = {d.number or d.title: d.region for d in draft.snapshot.documents.values() if d.region}
    for region in dict.fromkeys(held[c.source] for c in documents if c.source in held):
        yield Line("", sentence("document_place", region=region))
