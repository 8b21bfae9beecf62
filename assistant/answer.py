"""Answer: the object every door gives, as the contract describes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from assistant.tables import as_markdown, as_plain
from prompts import sentence
from vectorstore.records import Duty


class Kind(StrEnum):
    """What an answer is."""

    DUTY = "duty"
    FACT = "fact"
    SCIENCE = "science"
    GUIDE = "guide"
    CLARIFY = "clarify"
    CHAT = "chat"
    REFUSAL = "refusal"


class Refusal(StrEnum):
    """Why a question is not answered."""

    NOT_IN_SOURCES = "not_in_sources"
    OUT_OF_SCOPE = "out_of_scope"
    UNSAFE = "unsafe"
    MEDICAL = "medical"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source with the words it is quoted by; `quote` is verbatim, `tier` says what the source is worth."""

    source: str
    title: str
    locator: str
    quote: str
    tier: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: what it is about (may be "") and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How a chat model was asked to word an answer and how that ended: `outcome` is `worded`, or why it was not.

    `cached` says that the model had been asked the same before, so that it was not called.
    """

    prompt: str
    version: int
    digest: str
    outcome: str
    ms: float
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before it is rendered. `lines` hold the wording, everything else the evidence.

    `label` is what a channel says of its origin. `card`, `listed`, `focus` and `count` are what a conversation
    goes on from: the card shown, the clauses listed in order, the one clause meant, the number stated, the
    departments found. `wording` is None when no chat model was asked to word it, `rewriting` when none was asked for
    another way to put the question.
    """

    kind: Kind
    lines: tuple[Line, ...]
    duties: tuple[Duty, ...] = ()
    citations: tuple[Citation, ...] = ()
    steps: tuple[dict[str, Any], ...] = ()
    step: int | None = None
    refusal: Refusal | None = None
    suggestions: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    question: str = ""
    generated_by: str = "composer"
    timing_ms: dict[str, float] = field(default_factory=dict)
    label: str = ""
    card: str = ""
    listed: tuple[tuple[str, str], ...] | None = None
    focus: tuple[str, str] | None = None
    count: int | None = None
    departments: tuple[str, ...] = ()
    wording: Wording | None = None
    rewriting: Wording | None = None

    @property
    def generated(self) -> bool:
        """Whether a chat model has worded it; text and markdown then end with the AI label."""
        return self.generated_by.startswith("llm:")

    @property
    def text(self) -> str:
        """The answer as plain text, reminders included."""
        values = [(line.label, as_plain(line.value)) for line in self.lines]
        said = [f"{label}：{value}" if label else value for label, value in values]
        return "\n".join([*said, *(f"提醒：{n}" for n in self.notices), *self._ai_label()])

    @property
    def markdown(self) -> str:
        """The same answer for pages that render Markdown."""
        values = [(line.label, as_markdown(line.value)) for line in self.lines]
        said = [f"**{label}**：{value}" if label else value for label, value in values]
        return "\n\n".join([*said, *(f"> {n}" for n in self.notices), *self._ai_label()])

    def _ai_label(self) -> list[str]:
        return [sentence("label_generated")] if self.generated else []

    @property
    def origin(self) -> str:
        """Where it comes from, as pages and channels label it: a card's label, or that it was read from a plan."""
        return self.label or (sentence("origin_plan") if self.duties or self.kind is Kind.FACT else "")

    def parts(self) -> Iterator[str | Answer]:
        """The answer as it is streamed when no model words it: line by line, then whole."""
        yield from self.text.split("\n")
        yield self

    def timed(self, **spent: float) -> Answer:
        """The answer with the milliseconds spent on each stage."""
        return replace(self, timing_ms={name: round(ms, 3) for name, ms in spent.items()})

    def to_dict(self) -> dict[str, Any]:
        """The object of the contract, ready for JSON."""
        body: dict[str, Any] = {
            "question": self.question,
            "kind": self.kind.value,
            "text": self.text,
            "markdown": self.markdown,
            "duties": [
                {
                    "notice": d.notice,
                    "path": d.path,
                    "title": d.title,
                    "department": d.department,
                    "role": d.role.value,
                }
                for d in self.duties
            ],
            "citations": [{"id": n, **asdict(c)} for n, c in enumerate(self.citations, 1)],
            "steps": list(self.steps),
            "refusal": self.refusal.value if self.refusal else None,
            "suggestions": list(self.suggestions),
            "notices": list(self.notices),
            "generated_by": self.generated_by,
            "timing_ms": self.timing_ms,
        }
        if self.step is not None:
            body["step"] = self.step
        if self.label:
            body["label"] = self.label
        if self.wording is not None:
            body["wording"] = asdict(self.wording)
        if self.rewriting is not None:
            body["rewriting"] = asdict(self.rewriting)
        return body
