"""SetQuery: a question about a set of duties, read from its operator words and what stands next to each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.compose import Desk
from assistant.numerals import Amount
from assistant.patterns import NUMERAL
from assistant.question import Question
from assistant.sets.places import find_scopes
from assistant.sets.words import Token, operators
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
    many tasks a department has, `spread` in how many headings. `order` is most, least, top or nth, `place` how many or which; `measured` says whether
    tasks or departments are counted for it. `every` says in each of which a department must be found, `apiece` that each heading is counted for itself. `of` is
    the department of a `relation`, `than` whether more (>), fewer (<) or as many (=) are wanted.
    `unheard` are restricting words that found nothing to restrict; `topic` is what the question still speaks of.
    """

    wanted: Wanted | None = None
    named: tuple[str, ...] = ()
    how: How = How.ALL
    least: int = 0
    absent: tuple[str, ...] = ()
    role: Role | None = None
    never_lead: bool = False
    lead_denied: bool = False
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
        return bool(self.named) and self.role is Role.RESPONSIBLE and self.wanted is Wanted.TASKS and self.lead_denied


_JOINED = re.compile(r"[、和跟与及同]*(?:又要|还要|还有|以及|加上)?")
_BREAK = re.compile(r"[。;；?？!！]")
_PART = re.compile(r"[,，。;；?？!！]")
_LOOSE = re.compile(r"[把带被和跟与的了过有给在里那个:\"“”]*")
_OFFICE_AFTER = re.compile(r"(?:不同的|责任|牵头)?(?:部门|单位|厅局|局厅|家|院|局|委|厅)")
_POINTED = "那这哪每同任另"
_BODIES, _ITEMS = ("家", "部门", "单位"), ("条", "项", "件")
_NEITHER = re.compile(r"[^,，。]{0,8}?[都也](?:没|不|未|从没|冇)")
_IN_EACH = re.compile(r"[^,，。]{0,8}?(?:都|全都|全参|均)(?!部|是|由|要|叫|分|有(?:哪|谁|几|什么|啥|多少))")
_NEAR, _FAR = 9, 14
_DIRECT = re.compile(r"(?:[这那]?[几两俩三四五六七八九\d]*(?:个|家)?(?:局|厅|委|院|部门|单位|家)?)?[都也均还就却但]*(?:压根|根本)?")
_HEADINGS_AFTER = re.compile(r"(?:提升|重点)?(?:行动|工程)")
_NUMBER = re.compile(rf"[^,，。]{{0,2}}{NUMERAL}[大个项]")
_NTH = re.compile(r"排(?:在|名)?第|第[一二两三四五六七八九十\d]+[多少]")
_SHORT_GAP = re.compile(r"[^,，。@]{0,3}")
_ONLY_DENIED = re.compile(r"[@、和跟与及也又都不是]*")
_HELD = ("@", "besides", "only", "without")
_FEW = 3
"""So many single characters are what words of a topic leave behind."""


def asks_for_set(question: Question) -> bool:
    """Whether the words alone ask for a set of duties: names joined or compared, clauses or departments counted."""
    kinds = {t.kind for t in operators(question)}
    clauses, bodies = kinds & {"task", "which_task"}, kinds & {"department", "which_department"}
    if question.named and kinds & {"rank", "beyond", "partner"}:
        return True
    if len(question.named) > 1:
        return bool(clauses or kinds & {"compare", "together", "any", "exact", "lead"})
    bounds = (a for a in question.amounts if a.unit in (*_BODIES, *_ITEMS) or a.sign not in ("=", "nth"))
    measured = "most" in kinds or "least" in kinds or any(bounds) or _NTH.search(question.shape)
    placed = kinds & {"every", "each_heading", "together", "only", "without", "apiece"} and (question.scopes or question.kinds)
    ranked = any(a.unit in ("名", "位") for a in question.amounts)
    return bool((clauses and (bodies or ranked) and measured) or (bodies and placed))


def read(question: Question, desk: Desk) -> SetQuery:
    """Takes a question for a set apart; the query is empty when it is none."""
    return _Reader(question, desk).query()


def _is_inside(token: Token, scope: Token) -> bool:
    """Whether a word is a part of a heading's name (the 合作 of 对外交流合作工程), not one before it (既在青少年行动)."""
    first = token.kind == "together" and token.start == scope.start
    return scope.start <= token.start and token.end <= scope.end and not first


class _Reader:
    """One reading: the tokens of a question, each used by what stands next to it."""

    def __init__(self, question: Question, desk: Desk) -> None:
        self.question, self.shape = question, question.shape
        found = operators(question)
        scopes = find_scopes(self.shape, found, desk)
        found = [t for t in found if t.kind in _HELD or not any(_is_inside(t, s) for s in scopes)]
        self.tokens = sorted([*found, *scopes], key=lambda t: (t.start, t.end))
        self.names = [t for t in self.tokens if t.kind == "@"]
        self.scopes = scopes
        self.used: set[Token] = set()
        self.absent: list[str] = []
        self.outside: list[Clause] = []
        self.lead_denied = self.lead_of_named = self.not_as_lead = False
        self.every: Wanted | None = None

    def query(self) -> SetQuery:
        """The whole reading, step by step."""
        self._deny()
        sizes = self._amounts()
        exact, only_in = self._only()
        named = tuple(dict.fromkeys(t.name for t in self.names if t.name not in self.absent))
        relation, of = self._relation(named)
        named = tuple(n for n in named if n != of) if relation is not Relation.COMPARE else named
        how, least, sizes = self._how(named, exact=exact, sizes=sizes)
        order, place, measured, sizes = self._order(sizes)
        within = tuple(dict.fromkeys(c for s in self.scopes for c in s.clauses if c not in self.outside))
        if not self.scopes:
            within = self.question.scopes
        read = SetQuery(
            named=named, how=how, least=least, absent=tuple(dict.fromkeys(self.absent)), role=self._role(),
            never_lead=self.lead_denied, lead_denied=self.not_as_lead, within=within, each=len(within) > 1 and self._has("together"),
            outside=tuple(self.outside), only=only_in, kinds=self._kinds(),
            size=next((a for a in sizes if self._measures(a) == "size"), None),
            load=next((a for a in sizes if self._measures(a) == "load"), None),
            spread=next((a for a in sizes if self._measures(a) == "spread"), None),
            order=order, place=place, measured=measured, every=self._every(), apiece=self._has("apiece"), relation=relation, of=of, than=self._than(),
            together=self._has("together"), overall=self._has("overall"), unheard=self._unheard(), topic=self._topic(),
        )  # fmt: skip
        if read.load is not None and named and not relation:
            lost = () if read.load.sign == "=" else (self.shape[read.load.start : read.load.end],)
            read = replace(read, load=None, unheard=(*read.unheard, *lost))
        return replace(read, wanted=self._wanted(read))

    def _has(self, *kinds: str) -> bool:
        return any(t.kind in kinds for t in self.tokens)

    def _of(self, *kinds: str) -> list[Token]:
        return [t for t in self.tokens if t.kind in kinds]

    def _between(self, first: Token, second: Token) -> str:
        return self.shape[first.end : second.start]

    def _after(self, token: Token, *kinds: str, gap: re.Pattern[str] = _LOOSE) -> Token | None:
        """The next token of a kind with nothing but particles between."""
        follows = next((t for t in self.tokens if t.start >= token.end and t.kind in kinds), None)
        return follows if follows and gap.fullmatch(self._between(token, follows)) else None

    def _before(self, token: Token, *kinds: str, far: int = _NEAR) -> Token | None:
        """The nearest token of a kind before, in the same sentence and not far off."""
        before = [t for t in self.tokens if t.end <= token.start and t.kind in kinds]
        if not before:
            return None
        between = self._between(before[-1], token)
        return before[-1] if len(between) <= far and not _BREAK.search(between) else None

    def _run(self, token: Token) -> list[Token]:
        """A name with those joined to it on both sides (甲、乙和丙)."""
        at = self.names.index(token)
        first = last = at
        while first > 0 and _JOINED.fullmatch(self._between(self.names[first - 1], self.names[first])):
            first -= 1
        while last + 1 < len(self.names) and _JOINED.fullmatch(self._between(self.names[last], self.names[last + 1])):
            last += 1
        return self.names[first : last + 1]

    def _deny(self) -> None:
        """Each negation to what it denies: the name after it, a lead, the name or the heading before it."""
        for token in self._of("without", "besides"):
            if self._only_asks(token):
                self.used.add(token)
                continue
            if token.kind == "without" and self._denies_lead(token):
                continue
            if self.shape[token.start : token.end] == "不是" and not self._not_led_by(token):
                self.used.add(token)
                continue
            if (near := self._right_before(token)) is not None:
                self._leave_out(token, self._denied_run(token, near))
            elif (after := self._after(token, "@")) is not None:
                names = [t for t in self._run(after) if t.start >= after.start]
                self._leave_out(token, names)
            elif (after := self._after(token, "scope")) is not None:
                self._use(token, outside=after.clauses)
            elif (before := self._before(token, "@", "scope")) is not None:
                if before.kind == "scope":
                    self._use(token, outside=before.clauses)
                else:
                    self._leave_out(token, self._denied_run(token, before))

    def _not_led_by(self, token: Token) -> bool:
        """不是科协牵头的."""
        name = self._after(token, "@")
        lead = next((t for t in self._of("lead") if name and t.start >= name.end), None)
        return bool(name and lead and _ONLY_DENIED.fullmatch(self._between(name, lead)))

    def _right_before(self, token: Token) -> Token | None:
        """The name that a negation right behind it denies (科协没参加的, 甲和乙都没参与的)."""
        name = self._before(token, "@", far=_NEAR)
        follows = self.shape[token.end : token.end + 1] == "@" or token.kind == "besides"
        return name if name and not follows and _DIRECT.fullmatch(self._between(name, token)) else None

    def _only_asks(self, token: Token) -> bool:
        """Whether 没有 at the end of a sentence only makes it a question (有任务没有)."""
        said = self.shape[token.start : token.end]
        last = not re.match(r"[^,，。;；?？!！吗呢啊呀]", self.shape[token.end :])
        denies = re.search(r"[@里头中也却都还]$", self.shape[: token.start])
        scope = any(t.end == token.start for t in self.scopes)
        return last and not denies and not scope and said in ("没有", "没")

    def _denies_lead(self, token: Token) -> bool:
        """不牵头, 没当过牵头部门, 牵头部门里从没出现: no lead at all, or no lead of the department before it."""
        lead_in = re.search(r"牵头|挑头", self.shape[token.start : token.end])
        after = next((t for t in self.tokens if t.start >= token.end and t.kind in ("lead", "@", "scope")), None)
        follows = after is not None and after.kind == "lead" and after.start - token.end <= 6
        before = self._before(token, "lead", "@", "scope")
        leads = before is not None and before.kind == "lead" and self._after(token, "@") is None
        if not (lead_in or follows or leads):
            return False
        self.used.add(token)
        name = self._before(token, "@", far=6)
        if name is not None:
            if self._has("heading", "which_heading") or (self._has("lead") and self._has("which_task", "task")):
                self.absent.append(name.name)
                self.lead_of_named = True
            elif self._has("which_task", "task"):
                self.not_as_lead = True
        else:
            self.lead_denied = True
        return True

    def _denied_run(self, token: Token, before: Token) -> list[Token]:
        run = self._run(before)
        if re.match(r"[^@]{0,5}[都也均]", self._between(before, token)):
            return run
        return run if token.kind == "besides" or len(run) < len(self.names) else [before]

    def _leave_out(self, token: Token, names: Iterable[Token]) -> None:
        self.used.add(token)
        self.absent.extend(t.name for t in names)

    def _use(self, token: Token, outside: Iterable[Clause]) -> None:
        self.used.add(token)
        self.outside.extend(outside)

    def _amounts(self) -> list[Token]:
        """The amounts that restrict: not 三家 behind three names, not 五个行动, not 那一条."""
        kept = []
        for scope in self.scopes:
            if _NUMBER.match(self.shape, scope.start) and _IN_EACH.match(self.shape[scope.end :]):
                self.every = Wanted.HEADINGS
        for token in self._of("amount"):
            amount = token.amount
            assert amount is not None
            rest = self.shape[token.end :]
            plain = amount.sign == "="
            only = self._before(token, "only", far=2)
            if self._is_led(token) or ((only or not plain) and _HEADINGS_AFTER.match(rest)):
                kept.append(token)
                continue
            if self._is_asked(token) and not self._has("most", "least"):
                continue
            bodies = self._counts_bodies(token)
            counted = bodies or amount.unit in (*_ITEMS, "次") or amount.sign in ("top", "nth")
            pointed = plain and amount.value == 1 and self.shape[token.start - 1 : token.start] in set(_POINTED)
            behind = plain and bodies and amount.value == len(self.names) > 1
            neither = plain and amount.value == 1 and bool(_NEITHER.match(rest))
            headings = rest.startswith(("行动", "工程", "提升行动", "重点工程"))
            within = plain and amount.unit in _ITEMS and any(t.end <= token.start for t in self.scopes)
            if (headings or within) and amount.value > 1 and _IN_EACH.match(rest):
                self.every = Wanted.HEADINGS if headings else Wanted.TASKS
            said = plain and amount.value == 1 and not bodies and self._is_bare(token)
            first = amount.sign == "top" and amount.value == 1 and amount.unit not in (*_BODIES, "名", "位")
            if counted and not (pointed or behind or neither or headings or within or said or first):
                kept.append(token)
        return kept

    def _measures(self, amount: Amount) -> str:
        """What an amount measures: departments of a clause, tasks or leads of a department, headings it is in."""
        if self._counts_bodies(amount):
            return "size"
        headings = bool(_HEADINGS_AFTER.match(self.shape[amount.end :]))
        if headings:
            return "load" if self._has("lead") else "spread"
        return "load"

    def _is_asked(self, token: Token) -> bool:
        """Whether an amount is a part of what is asked for (哪两家), no condition."""
        return any(t.start <= token.start and token.end <= t.end for t in self._of("which_department", "which_task"))

    def _is_led(self, token: Token) -> bool:
        """只牵头一个: the number right behind a lead."""
        before = self._before(token, "lead", far=2)
        return before is not None and token.amount is not None and token.amount.unit in ("个", "项")

    def _is_bare(self, token: Token) -> bool:
        """Whether 一条 is said without anything that makes it a number (只有一条, 一条任务)."""
        before = self._before(token, "only", far=2)
        exact = self.shape[token.start] in "恰正刚仅只"
        return not (before or exact or self.shape.startswith(("任务", "条目"), token.end))

    def _counts_bodies(self, token: Token | Amount) -> bool:
        amount = token if isinstance(token, Amount) else token.amount
        assert amount is not None
        if amount.unit in _BODIES:
            return True
        if amount.unit != "个":
            return False
        of_names = len(self.names) > 1 and (amount.sign != "=" or amount.value == len(self.names))
        if _OFFICE_AFTER.match(self.shape[amount.end :]) or of_names:
            return True
        return bool(re.search(r"(?:部门|单位|家)[^,，。]{0,4}$", self.shape[: amount.start]))

    def _only(self) -> tuple[bool, bool]:
        """Whether nobody else may take part, and whether nothing may stand elsewhere."""
        exact, only_in = self._has("exact"), False
        for token in self._of("only"):
            if self._after(token, "@") is not None:
                exact = True
            elif self._after(token, "scope", gap=_SHORT_GAP) is not None:
                only_in = True
            else:
                continue
            self.used.add(token)
        alone = self._has("alone") and len(self.names) == 1 and not self.absent
        return exact or alone, only_in

    def _relation(self, named: tuple[str, ...]) -> tuple[Relation, str]:
        asks = self._has("which_department", "department")
        rank = next(iter(self._of("rank")), None)
        if rank is not None and named and not self._has("most"):
            before = [t for t in self.names if t.end <= rank.start] or self.names
            return Relation.RANK, before[-1].name
        if len(named) > 1 and self._has("which_department") and self._has("most", "least") and not self._has("together"):
            return Relation.COMPARE, ""
        if len(named) > 1 and self._has("compare", "beyond") and not (self._has("beyond") and self._has("department")):
            return Relation.COMPARE, ""
        if len(named) == 1 and self._has("beyond") and asks:
            return Relation.BEYOND, named[0]
        partner = self._has("partner") or (self._has("together") and (self._has("most") or self._with_whom()))
        if partner and asks and len(named) == 1:
            return Relation.PARTNER, named[0]
        besides = self._has("besides") and not self._has("without")
        if partner and asks and not named and len(self.absent) == 1 and (self._has("partner") or self._with_whom()):
            return (Relation.PARTNER, self.absent.pop()) if besides else (Relation.UNKNOWN, "")
        if self._has("together") and self._has("most") and not named and self._asks_two():
            return Relation.PAIR, ""
        return Relation.NONE, ""

    def _every(self) -> Wanted | None:
        if self._has("each_heading") and not self._has("apiece"):
            return Wanted.HEADINGS
        return self.every or (Wanted.TASKS if self._has("every") else None)

    def _than(self) -> str:
        said = "".join(self.shape[t.start : t.end] for t in self._of("beyond"))
        return "=" if re.search(r"[一同]样", said) else "<" if said.endswith(("少", "闲")) else ">"

    def _asks_two(self) -> bool:
        """哪两个部门."""
        return any(t.amount and t.amount.value == len("两个") and self._is_asked(t) for t in self._of("amount"))

    def _with_whom(self) -> bool:
        """跟谁, 和哪家; 谁和它."""
        asked = self._of("which_department")
        return any(self.shape[t.start - 1 : t.start] in set("跟和与同") for t in asked if t.start)

    def _how(self, named: tuple[str, ...], *, exact: bool, sizes: list[Token]) -> tuple[How, int, list[Token]]:
        """How the names combine; 至少三家 of four names is no size of a clause."""
        for token in sizes:
            amount = token.amount
            assert amount is not None
            some = amount.sign in (">=", ">") and self._counts_bodies(token)
            least = amount.value + (amount.sign == ">")
            if some and 0 < least <= len(named) > 1:
                return How.SOME, least, [t for t in sizes if t is not token]
        if exact and named:
            return How.EXACT, 0, sizes
        if self._has("any") and len(named) > 1:
            return How.ANY, 0, sizes
        return How.ALL, 0, sizes

    def _order(self, sizes: list[Token]) -> tuple[str, int, Wanted | None, list[Amount]]:
        """Most, least, the first so many, the so-manieth; what is counted; the amounts that are left."""
        amounts = [t.amount for t in sizes if t.amount]
        plain = [a for a in amounts if a.sign not in ("top", "nth")]
        first = next((t for t in self.tokens if t.kind in ("most", "least")), None)
        top = next((a for a in amounts if a.sign == "top"), None)
        nth = next((a for a in amounts if a.sign == "nth"), None)
        ranked = _NTH.search(self.shape)
        if top is not None:
            return "top", top.value, self._measured(first, Wanted.TASKS), [a for a in plain if a.sign != "="]
        if first is None:
            return ("nth_last" if ranked and ranked[0].endswith("少") else "nth", nth.value, Wanted.TASKS, plain) if nth and ranked else ("", 1, None, plain)
        measured = self._measured(first, None)
        if nth is not None and nth.unit in ("", *_BODIES, "个", "名", "位"):
            return ("nth" if first.kind == "most" else "nth_last"), nth.value, measured, plain
        units = (*_BODIES, "个", "名", "位") if measured is not Wanted.DEPARTMENTS else (*_ITEMS, "个")
        behind = next((a for a in plain if a.sign == "=" and a.unit in units), None)
        if behind is not None:
            return ("top" if first.kind == "most" else "bottom"), behind.value, measured, [
                a for a in plain if a is not behind
            ]
        return first.kind, 1, measured, plain

    def _measured(self, first: Token | None, default: Wanted | None) -> Wanted | None:
        """What is most: the tasks or leads of departments, or the departments of clauses; the noun before tells."""
        if first is None:
            return default
        if re.search(r"忙|闲|倒数", self.shape[first.start : first.end]):
            return Wanted.TASKS
        nouns = {"task": Wanted.TASKS, "lead": Wanted.TASKS, "which_task": Wanted.TASKS,
                 "department": Wanted.DEPARTMENTS, "which_department": Wanted.DEPARTMENTS}  # fmt: skip
        before = self._before(first, *nouns, far=_FAR)
        if before is not None:
            return nouns[before.kind]
        after = next((t for t in self.tokens if t.start >= first.end and t.kind in nouns), None)
        return nouns[after.kind] if after is not None and after.start - first.end <= 2 else default

    def _role(self) -> Role | None:
        if self._has("responsible_only") or self.not_as_lead:
            return Role.RESPONSIBLE
        if self.lead_of_named:
            return Role.LEAD
        return Role.LEAD if self._has("lead") and not self._has("leads_too") and not self.lead_denied else None

    def _kinds(self) -> tuple[str, ...]:
        said = "".join(self.shape[t.start : t.end] for t in self._of("heading", "which_heading", "scope", "each_heading"))
        return tuple(k for k in ("行动", "工程") if k in said)

    def _unheard(self) -> tuple[str, ...]:
        lost = [t for t in self._of("without", "besides") if t not in self.used]
        strict = [t for t in self._of("only") if t not in self.used and len(self.shape[t.start : t.end]) > 1]
        lost += [t for t in strict if self._after(t, "amount", "task", "lead", "heading") is None]
        return tuple(self.shape[t.start : t.end] for t in lost)

    def _topic(self) -> str:
        """The topic without what was read, and without single characters."""
        read = [t for t in self.tokens if t.amount is None or t.amount.unit]
        covered = {at for t in read for at in range(t.start, t.end)}
        left = []
        for word in self.question.topic_words.split():
            begin = max(self.shape.find(word), 0)
            kept = "".join(c if begin + n not in covered else " " for n, c in enumerate(word))
            left += kept.split()
        words = [part for part in left if len(part) > 1]
        return " ".join(words) or ("".join(left) if len(left) >= _FEW else "")

    def _wanted(self, read: SetQuery) -> Wanted | None:
        headings = bool(read.kinds) or self._has("which_heading")
        clauses = Wanted.HEADINGS if headings and not self._has("which_task") else Wanted.TASKS
        if read.relation is Relation.UNKNOWN:
            return None
        if read.relation or (read.never_lead and not read.named):
            return Wanted.DEPARTMENTS
        if read.order and read.measured:
            if read.measured is Wanted.DEPARTMENTS:
                return clauses
            if read.named:
                return Wanted.HEADINGS if headings else None
            asked = self._has("which_heading") or (headings and not self._has("department", "which_department"))
            return Wanted.HEADINGS if asked and not read.role else Wanted.DEPARTMENTS
        if read.apiece and (headings or read.within) and len(read.within) <= 1:
            return Wanted.HEADINGS
        if read.spread is not None:
            return Wanted.DEPARTMENTS
        if read.load is not None and not self._has("which_heading"):
            return Wanted.DEPARTMENTS
        bodies = self._has("which_department") and not self._has("which_task", "task")
        if read.absent and not read.named and read.size is None and bodies:
            return Wanted.DEPARTMENTS
        if read.size is not None or read.named or read.absent:
            return clauses if read.role is Role.LEAD or clauses is Wanted.TASKS else Wanted.TASKS
        if self._has("which_department"):
            return Wanted.DEPARTMENTS
        if self._has("which_task", "which_heading"):
            return clauses
        return Wanted.DEPARTMENTS if self._has("department") else None
