"""Suites: cases as YAML files that anyone can extend, checked on load with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ingest import datafile
from ingest.datafile import Faults
from vectorstore.errors import InputError


class Expect(BaseModel):
    """What a right answer holds. A field that is not written is not checked; an empty list must be empty.

    `who` is the clause whose departments must be complete (its section's lead may stand beside). `paths` are the
    clauses of the duties, or of the citations when there are no duties. `notices` are those the duties are of. `must`
    and its kin are compared without white space and in half-width. `chat` is what the messages of a chat must say:
    written, though empty, their form is checked too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: tuple[str, ...] = ("duty",)
    who: str | None = None
    role: str | None = None
    paths: frozenset[str] | None = None
    paths_optional: frozenset[str] = frozenset()
    departments: frozenset[str] | None = None
    departments_optional: frozenset[str] = frozenset()
    notices: frozenset[str] | None = None
    chat: tuple[str, ...] | None = None
    number: tuple[int, ...] = ()
    card: str | None = None
    also: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_any: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    must_not_duties: tuple[str, ...] = ()
    note: str = ""
    why: str = ""

    @field_validator("kind", "number", "refusal", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return value if isinstance(value, list | tuple) else (value,)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what is expected of its answer."""

    question: str
    expect: Expect


@dataclass(frozen=True, slots=True)
class Case:
    """Questions asked one after another in one session; most cases have one."""

    suite: str
    name: str
    turns: tuple[Turn, ...]
    place: str


def suites_folder() -> Path:
    """The folder of the suites that come with the program."""
    return Path(str(resources.files("evals") / "suites"))


def own_files(name: str, folder: Path | None = None) -> Path | None:
    """The folder of files that a suite asks about beside the built-in notice: the one of its name; None without."""
    files = (folder or suites_folder()) / name
    return files if files.is_dir() else None


def load_suites(names: tuple[str, ...] = (), folder: Path | None = None) -> dict[str, list[Case]]:
    """The cases of the named suites, or of all.

    Raises InputError `unknown_suite`, and DataFault naming file and line of every fault.
    """
    files = {f.stem: f for f in sorted((folder or suites_folder()).glob("*.yaml"))}
    for name in names:
        if name not in files:
            raise InputError("unknown_suite", name=name, near="、".join(files))
    return {name: list(_cases(files[name])) for name in names or files}


def about(name: str, folder: Path | None = None) -> str:
    """What a suite asks: the beginning of the comment that its file begins with; "" without one."""
    file = (folder or suites_folder()) / f"{name}.yaml"
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("#").strip().partition("。")[0] if first.startswith("#") else ""


def _cases(file: Path) -> Iterator[Case]:
    faults = Faults(file.name)
    found = []
    for entry in datafile.load(file.read_text(encoding="utf-8"), file.name) or ():
        line = entry.pop("__line__")
        place = f"{file.name}:{line}"
        turns = entry.pop("turns") if "turns" in entry else [{**entry, "__line__": line}]
        read = tuple(t for raw in turns if (t := _turn(raw, faults)))
        found.append(Case(file.stem, str(entry.get("name", "")) or read[0].question if read else "", read, place))
    faults.stop()
    yield from found


def _turn(raw: dict[str, Any], faults: Faults) -> Turn | None:
    line = raw.pop("__line__")
    question = raw.pop("q", None)
    if not isinstance(question, str):
        faults.add(line, "缺少问题“q”")
        return None
    try:
        return Turn(question, Expect(**raw))
    except ValidationError as error:
        for fault in error.errors():
            faults.add(line, f"“{'.'.join(map(str, fault['loc']))}”不对：{fault['msg']}")
        return None
