"""SetQuery: what a question about a set of duties wants of the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.numerals import Amount
from vectorstore.records import Clause, Role


class Wanted(StrEnum):
    """What the set is one of."""

    TASKS = "tasks"
    HEADINGS = "headings"
    DEPARTMENTS = "departments"


class How(StrEnum):
    """How the named departments combine: all of them, any of them, at least some, all and nobody else."""

    ALL = "all"
    ANY = "any"
    SOME = "some"
    EXACT = "exact"


class Relation(StrEnum):
    """How departments are held against one: who works with it most, who has more, its rank, two compared, the pair that
    works together most; UNKNOWN is one that is not answered (跟谁都没合作过).
    """

    NONE = ""
    PARTNER = "partner"
    BEYOND = "beyond"
    RANK = "rank"
    COMPARE = "compare"
    PAIR = "pair"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SetQuery:
    """What is wanted of the register.

    `named` are the departments that must take part, combined as `how` says (`least` of them for SOME), `absent` those
    that must not. `role` restricts to leads or to duties of items, `never_lead` to departments without any lead.
    `within` are the headings looked in (each of them for `each`), `outside` those left out; with `only` nothing may
    stand elsewhere. `kinds` are words for headings in general. `size` is how many departments a clause has, `load` how
    many tasks a department has, `spread` in how many headings it has any. `order` is most, least, top, bottom, nth or
    nth_last, `place` how many or which; `measured` says whether tasks or departments are counted for it. `every` says
    in each of which a department must be found, `apiece` that each heading is counted for itself. `of` is the
    department of a `relation`, `than` whether more (>), fewer (<) or as many (=) are wanted. `unheard` are restricting
    words that found nothing to restrict; `topic` is what the question still speaks of.
    """

    wanted: Wanted | None = None
    named: tuple[str, ...] = ()
    how: How = How.ALL
    least: int = 0
    absent: tuple[str, ...] = ()
    role: Role | None = None
    never_lead: bool = False
    not_as_lead: bool = False
    within: tuple[Clause, ...] = ()
    each: bool = False
    outside: tuple[Clause, ...] = ()
    only: bool = False
    kinds: tuple[str, ...] = ()
    size: Amount | None = None
    load: Amount | None = None
    spread: Amount | None = None
    order: str = ""
    place: int = 1
    measured: Wanted | None = None
    every: Wanted | None = None
    apiece: bool = False
    relation: Relation = Relation.NONE
    of: str = ""
    than: str = ">"
    together: bool = False
    overall: bool = False
    unheard: tuple[str, ...] = ()
    topic: str = ""

    def kept(self, sizes: Iterable[int]) -> list[int]:
        """The sizes that its order keeps, each once, first to last: of so many first ones all that equal the last."""
        ranked = sorted(sizes, reverse=self.order in ("most", "top", "nth"))
        each = list(dict.fromkeys(ranked))
        if self.order in ("nth", "nth_last"):
            return each[self.place - 1 : self.place]
        if self.order in ("top", "bottom"):
            return each[: each.index(ranked[min(self.place, len(ranked)) - 1]) + 1]
        return each[:1]

    @property
    def is_composed(self) -> bool:
        """Whether anything joins, leaves out, measures or orders, so that no plain list answers it."""
        joins = len(self.named) > 1 and (self.how is not How.ALL or self.together)
        apart = self.absent or self.outside or self.only or (self.each and not self.named)
        measures = self.size or self.load or self.spread or self.order or self.relation or self.never_lead
        each = (self.every and self.role is not Role.LEAD) or (self.apiece and self.wanted is Wanted.HEADINGS)
        return bool(joins or apart or measures or self.how is How.EXACT or each or self.answers_role)

    @property
    def answers_role(self) -> bool:
        """Whether a department's part without its leads is wanted (参与而不牵头)."""
        return bool(self.named) and self.role is Role.RESPONSIBLE and self.wanted is Wanted.TASKS and self.not_as_lead
