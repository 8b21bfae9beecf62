"""Duties of a notice as a person read and wrote them down: what answers are judged by, never made by the parser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class TrueClause:
    """The departments of one clause, and of the section above it."""

    path: str
    leads: tuple[str, ...]
    responsible: tuple[str, ...]
    above: str = ""
    above_leads: tuple[str, ...] = ()

    @property
    def own(self) -> frozenset[tuple[str, str, str]]:
        """Its duties as (path, department, role)."""
        leads = {(self.path, d, "lead") for d in self.leads}
        return frozenset(leads | {(self.path, d, "responsible") for d in self.responsible})

    @property
    def inherited(self) -> frozenset[tuple[str, str, str]]:
        """The leads of the section above it."""
        return frozenset((self.above, d, "lead") for d in self.above_leads)


@lru_cache(maxsize=4)
def true_clauses(notice: str = "赣府发〔2021〕29号") -> dict[str, TrueClause]:
    """The clauses of a notice by path."""
    raw = yaml.safe_load((resources.files("evals.truth") / f"{notice}.yaml").read_text(encoding="utf-8"))["clauses"]
    leads = {c["path"]: tuple(c["leads"]) for c in raw}
    return {c["path"]: _clause(c, leads) for c in raw}


def _clause(raw: dict[str, list[str]], leads: dict[str, tuple[str, ...]]) -> TrueClause:
    path = str(raw["path"])
    above = path[: path.index(")") + 1] if ")" in path and not path.endswith(")") else ""
    return TrueClause(path, tuple(raw["leads"]), tuple(raw["responsible"]), above, leads.get(above, ()))
