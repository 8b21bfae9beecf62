"""Denials: what each negation and each 除了 of a set question leaves out: departments, headings, leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.sets.sentence import Said
from assistant.sets.words import Token
from vectorstore.records import Clause

_DIRECT = re.compile(
    r"(?:[这那]?[几两俩三四五六七八九\d]*(?:个|家)?(?:局|厅|委|院|部门|单位|家)?)?[都也均还就却但]*(?:压根|根本)?"
)
"""What may stand between a name and the negation that denies it."""
_ONLY_DENIED = re.compile(r"[@、和跟与及也又都不是]*")
_ALL_OF_THEM = re.compile(r"[^@]{0,5}[都也均]")
_CLOSE = 6


@dataclass(slots=True)
class Denials:
    """What is left out. `never_lead`: departments without any lead are wanted; `lead_of_absent`: the `absent` must not
    lead; `not_as_lead`: a department's tasks without its leads (参与而不牵头). `used` are the words that were heard.
    """

    absent: list[str] = field(default_factory=list)
    outside: list[Clause] = field(default_factory=list)
    never_lead: bool = False
    lead_of_absent: bool = False
    not_as_lead: bool = False
    used: set[Token] = field(default_factory=set)


def read_denials(said: Said) -> Denials:
    """Each negation with what it denies: a lead, the name or heading after it, or the one before it."""
    found = Denials()
    for token in said.of("without", "besides"):
        if _only_asks(token, said) or (said.text(token) == "不是" and not _denies(token, said)):
            found.used.add(token)
        elif token.kind == "without" and _is_of_lead(token, said):
            _deny_lead(token, said, found)
        else:
            _leave_out(token, said, found)
    return found


def _leave_out(token: Token, said: Said, found: Denials) -> None:
    names, headings = _denied(token, said)
    if names or headings:
        found.used.add(token)
    found.absent += [t.name for t in names]
    found.outside += headings


def _denied(token: Token, said: Said) -> tuple[list[Token], tuple[Clause, ...]]:
    """The departments, or else the headings, that a negation leaves out."""
    if (near := _right_before(token, said)) is not None:
        return _run_before(token, near, said), ()
    if (after := said.after(token, "@", "scope")) is not None:
        return [t for t in said.run(after) if t.start >= after.start] if after.kind == "@" else [], after.clauses
    before = said.before(token, "@", "scope")
    if before is None or before.kind == "scope":
        return [], before.clauses if before else ()
    return _run_before(token, before, said), ()


def _right_before(token: Token, said: Said) -> Token | None:
    """The name that a negation right behind it denies (科协没参加的, 甲和乙都没参与的)."""
    name = said.before(token, "@")
    follows = said.shape[token.end : token.end + 1] == "@" or token.kind == "besides"
    return name if name and not follows and _DIRECT.fullmatch(said.between(name, token)) else None


def _run_before(token: Token, name: Token, said: Said) -> list[Token]:
    """The name before a negation, with those joined to it when the negation is of them all."""
    run = said.run(name)
    of_all = token.kind == "besides" or _ALL_OF_THEM.match(said.between(name, token)) or len(run) < len(said.names)
    return run if of_all else [name]


def _only_asks(token: Token, said: Said) -> bool:
    """Whether 没有 at the end of a sentence only makes it a question (有任务没有)."""
    last = not re.match(r"[^,，。;；?？!！吗呢啊呀]", said.shape[token.end :])
    denies = re.search(r"[@里头中也却都还]$", said.shape[: token.start])
    scope = any(t.end == token.start for t in said.scopes)
    return last and not denies and not scope and said.text(token) in ("没有", "没")


def _denies(token: Token, said: Said) -> bool:
    """Whether 不是 denies a lead (不是科协牵头的, 不是牵头部门), not only corrects a word."""
    name = said.after(token, "@")
    lead = next((t for t in said.of("lead") if name and t.start >= name.end), None)
    of_name = bool(name and lead and _ONLY_DENIED.fullmatch(said.between(name, lead)))
    return of_name or _is_of_lead(token, said)


def _is_of_lead(token: Token, said: Said) -> bool:
    """不牵头, 没当过牵头部门, 牵头部门里从没出现."""
    after = next((t for t in said.of("lead", "@", "scope") if t.start >= token.end), None)
    follows = after is not None and after.kind == "lead" and after.start - token.end <= _CLOSE
    before = said.before(token, "lead", "@", "scope")
    leads = before is not None and before.kind == "lead" and said.after(token, "@") is None
    return bool(re.search(r"牵头|挑头", said.text(token))) or follows or leads


def _deny_lead(token: Token, said: Said, found: Denials) -> None:
    """No lead of the department named before, or no lead at all."""
    found.used.add(token)
    name = said.before(token, "@", far=_CLOSE)
    clauses = said.has("which_task", "task")
    if name is None:
        found.never_lead = True
    elif said.has("heading", "which_heading") or (said.has("lead") and clauses):
        found.absent.append(name.name)
        found.lead_of_absent = True
    else:
        found.not_as_lead = found.not_as_lead or clauses
