"""The duty register as doors ask for it: filters by department, role and path, checked for sense."""

from __future__ import annotations

from assistant.understand import read_path
from vectorstore.errors import UnknownName
from vectorstore.library import Snapshot
from vectorstore.names import DepartmentNames
from vectorstore.records import Clause, Duty, Role

ROLES = {
    "牵头": Role.LEAD, "牵头部门": Role.LEAD, "牵头单位": Role.LEAD,
    "责任": Role.RESPONSIBLE, "责任部门": Role.RESPONSIBLE, "责任单位": Role.RESPONSIBLE, "负责": Role.RESPONSIBLE,
    "配合": Role.COOPERATE, "配合单位": Role.COOPERATE, "地方": Role.LOCALITY,
    **{role.value: role for role in Role},
}  # fmt: skip


def select(
    snapshot: Snapshot, department: str | None = None, role: str | None = None, clause: str | None = None
) -> list[Duty]:
    """The duties that fit every filter given; a clause stands for everything below it too.

    Raises UnknownName for a department, role or path that does not exist, with the nearest names.
    """
    register = snapshot.register
    duties = register.duties()
    if department:
        name = _department(snapshot.names, department)
        duties = [d for d in duties if d.department == name]
    if role:
        if role.strip().lower() not in ROLES:
            raise UnknownName("unknown_role", name=role)
        duties = [d for d in duties if d.role is ROLES[role.strip().lower()]]
    if clause:
        below = {(c.notice, c.path) for c in clauses(snapshot, clause)}
        duties = [d for d in duties if (d.notice, d.path) in below]
    return duties


def clauses(snapshot: Snapshot, path: str) -> list[Clause]:
    """The clause of a path and those below it, from every notice that has one.

    Raises UnknownName when none has, with the nearest paths.
    """
    register, read = snapshot.register, read_path(path)
    found = [c for n in register.notices for c in register.below(n, read)]
    if not found:
        raise UnknownName("unknown_path", name=path, near=_near_paths(snapshot, read))
    return found


def _department(names: DepartmentNames, said: str) -> str:
    found = names.resolve(said)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownName("ambiguous_department", name=said, near="、".join(found))
    raise UnknownName("unknown_department", name=said, near="、".join(names.near(said)) or "—")


def _near_paths(snapshot: Snapshot, path: str) -> str:
    paths = [c.path for n in snapshot.register.notices.values() for c in n.clauses]
    shared = sorted(paths, key=lambda p: (-sum(a == b for a, b in zip(p, path, strict=False)), len(p)))
    return "、".join(shared[:3])
