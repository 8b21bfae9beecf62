"""Rewriting: a question that found nothing, in other words, to be looked up once more.

What the model says is never shown. It is used as a question only, and only when it names the same departments, places,
numbers and clauses as the question asked, and the same role: a rewriting may change the words, not what is asked for.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import islice

from langchain_core.caches import InMemoryCache
from langchain_core.messages import HumanMessage
from langchain_core.outputs import Generation

from assistant import claims
from assistant.answer import Wording
from assistant.elsewhere import CITIES, PROVINCES
from assistant.generated import sentences
from assistant.injection import speaks_to_model
from assistant.model import ModelCaller, ModelFault, Usage
from assistant.numerals import find_amounts
from assistant.understand import understand
from prompts import Template, template
from vectorstore import text
from vectorstore.library import Snapshot

_LOG = logging.getLogger(__name__)
_DEADLINE = 2.0
"""Seconds the model has for a question: somebody is waiting for the first sentence."""
_LEAST_HAN, _LONGEST = 2, 60
_LONGEST_TITLE = 40
_KEPT = 512
_DIGITS = re.compile(r"\d+")
_STRANGE = re.compile(r"https?:|www\.|[<>{}\[\]@`|\\]|资料界线|[A-Za-z0-9_+/=-]{16,}")
"""What no question of a person needs, and what orders and codes are made of."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question in other words, or "" when there is none fit to ask; `wording` says how the model was asked."""

    question: str
    wording: Wording


class Rewriter:
    """Puts questions into the words of the sources by a chat model. `name` is the model's."""

    def __init__(self, caller: ModelCaller, name: str) -> None:
        self._caller = caller
        self._name = name
        self._cache = InMemoryCache(maxsize=_KEPT)

    def rewrite(self, asked: str, near: Iterable[str], snapshot: Snapshot, deadline: float) -> Rewritten:
        """The question `asked` in other words, within `deadline` seconds and two at most.

        `near` are titles of what came nearest; those that speak to a model are kept from it.
        """
        prompt = template("rewrite-question")
        titles = [t[:_LONGEST_TITLE] for t in near if not speaks_to_model(t)]
        filled = _filled(prompt, asked, titles)
        begun, usage, cached = time.monotonic(), Usage(), False
        try:
            said, cached = self._said(filled, begun + min(deadline, _DEADLINE), usage)
            fit = may_be_asked(said, asked, snapshot)
            outcome = "rewritten" if fit else "unfit"
        except ModelFault as fault:
            said, fit, outcome = "", False, fault.reason
        wording = Wording(
            prompt.name, prompt.version, prompt.digest, outcome, round((time.monotonic() - begun) * 1000, 3),
            usage.calls, usage.input_tokens, usage.output_tokens, cached,
        )  # fmt: skip
        return Rewritten(said if fit else "", wording)

    def _said(self, prompt: str, until: float, usage: Usage) -> tuple[str, bool]:
        """What the model says, "" when it is more than one sentence; whether it had said it before."""
        if kept := self._cache.lookup(prompt, self._name):
            return kept[0].text, True
        found = list(islice(sentences(self._caller.stream([HumanMessage(prompt)], until, usage)), 2))
        said = found[0] if len(found) == 1 else ""
        self._cache.update(prompt, self._name, [Generation(text=said)])
        return said, False


def concluded(rewritten: Rewritten, answered: bool) -> Wording:
    """How a rewriting ended: `answered`, or `kept` when its question found nothing better; told to the log."""
    outcome = rewritten.wording.outcome
    if rewritten.question:
        outcome = "answered" if answered else "kept"
    wording = replace(rewritten.wording, outcome=outcome)
    _LOG.info("rewriting", extra={"fields": asdict(wording)})
    return wording


def _filled(prompt: Template, asked: str, titles: list[str]) -> str:
    """The prompt; the fence is a hash over what it surrounds."""
    near = "\n".join(titles) or "无"
    fence = f"资料界线-{hashlib.sha256((near + asked).encode()).hexdigest()[:16]}"
    return prompt.fill(question=asked, fence=fence, near=near)


def may_be_asked(said: str, asked: str, snapshot: Snapshot) -> bool:
    """Whether a text is a short question about the same departments, places, numbers, clauses and role."""
    if sum(map(text.is_han, said)) < _LEAST_HAN or len(said) > _LONGEST:
        return False
    if _STRANGE.search(said) or speaks_to_model(said) or text.compact(said) == text.compact(asked):
        return False
    return _named(said, snapshot) == _named(asked, snapshot)


def _named(said: str, snapshot: Snapshot) -> tuple[object, ...]:
    """Everything by which a question says which facts it wants."""
    question = understand(said, snapshot.names)
    squeezed = text.squeeze(question.normal)
    places = {*PROVINCES, *CITIES, *(n.region for n in snapshot.register.notices.values() if n.region)}
    return (
        {m.names for m in question.departments},
        set(question.unknown),
        set(claims.organs(question.normal)),
        {p for p in places if p in squeezed},
        sorted(_DIGITS.findall(squeezed)),
        {(a.value, a.unit) for a in find_amounts(squeezed)},
        question.paths,
        question.role,
    )
