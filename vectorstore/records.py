"""What is known, as plain records. CONTRIBUTING.md explains the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """How a department takes part in a clause."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    COOPERATE = "cooperate"
    LOCALITY = "locality"


class Tier(StrEnum):
    """What a source is worth: an official notice, a card, or any other document."""

    NOTICE = "notice"
    CARD = "card"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something a clause states, verbatim, with its place. `line` counts from 1; `page` where known."""

    text: str
    line: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered node of a notice.

    `path` is unique in the notice (`二(四)1`), `parent` the path above or "". `text` is the clause's own
    words, heading and duty bracket included, without what stands below it. `brackets` are its duty
    brackets verbatim.
    """

    notice: str
    path: str
    parent: str
    level: int
    title: str
    text: str
    line: int
    page: int | None = None
    brackets: tuple[Mark, ...] = ()
    open_list: bool = False
    deadlines: tuple[Mark, ...] = ()
    targets: tuple[Mark, ...] = ()
    programmes: tuple[Mark, ...] = ()
    actors: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Department x clause x role. `department` is the name as the notice prints it."""

    notice: str
    path: str
    title: str
    department: str
    role: Role
    line: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """One official document. `issued` is the printed date (ISO) or ""; `period` its first and last year.

    `head` is what is printed before the first clause, `tail` what is printed after the last one.
    """

    number: str
    title: str
    issuer: str
    issued: str
    period: tuple[int, int] | None
    period_text: str
    region: str
    head: str
    tail: str = ""
    clauses: tuple[Clause, ...] = ()
    duties: tuple[Duty, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the notice is called in paths and citations: its number, or its title without one."""
        return self.number or self.title


@dataclass(frozen=True, slots=True)
class Department:
    """A canonical name with its aliases, former names (name, until ISO date) and field of work."""

    name: str
    level: str = "省"
    aliases: tuple[str, ...] = ()
    former: tuple[tuple[str, str], ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of the thesaurus: everyday `words` that stand for the notice's own `terms`."""

    terms: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wordings:
    """Everyday wordings of what a notice's clauses are about: path → phrases, indexed beside the text."""

    notice: str
    phrases: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Hotline:
    """A telephone number with what it is for; `since` is the date it began, where known."""

    number: str
    name: str
    purpose: str
    since: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a guide, what the screen shows, the same said more simply, and what if it looks different."""

    do: str
    see: str = ""
    simpler: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The document of an authority that a card was compared with."""

    authority: str
    document: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One popular-science text, or a guide with steps. `checked` and `expires` are ISO dates or ""."""

    id: str
    title: str
    topic: str
    kind: str
    audience: tuple[str, ...]
    asked_as: tuple[str, ...]
    answer: str
    points: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    done: str = ""
    other_way: str = ""
    claim: str = ""
    verdict: str = ""
    warning: str = ""
    more: str = ""
    sources: tuple[Source, ...] = ()
    checked: str = ""
    reviewed_by: str = ""
    expires: str = ""
    applies_to: str = ""
    related: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document: `locator` says where it stands, `heading` what stands above it."""

    position: int
    locator: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """Anything a user adds that is neither notice nor card. `region` is the place it holds for, or ""."""

    id: str
    title: str
    number: str
    issuer: str
    region: str
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What a retriever finds: a clause, a card or a chunk of a document.

    `id` is `clause:NOTICE:PATH`, `card:ID` or `chunk:DOCUMENT:N`; `scope` the notice, card topic or
    document it belongs to; `asked_as` further wordings that are indexed beside the text.
    """

    id: str
    tier: Tier
    scope: str
    locator: str
    title: str
    text: str
    context: str = ""
    asked_as: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """Everything it says or is asked as, a line each."""
        return "\n".join((self.title, self.text, *self.asked_as))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores: each signal's own in `signals`, the joined one (0 to 1) in `score`."""

    passage: Passage
    score: float
    signals: dict[str, float] = field(default_factory=dict)


Json = dict[str, Any]
