"""Limits of a process that opens files from elsewhere: memory, processor time, size of what it writes."""

from __future__ import annotations

import resource

MEMORY = 350_000_000
"""Bytes of address space for reading; a process of ours that reads well stays below half of it."""

MEMORY_WIDE = 2_500_000_000
"""The same for optical recognition and LibreOffice, whose programs alone map more than a gigabyte."""

_WRITTEN = 200_000_000


def set_limits(seconds: int) -> None:
    """Limits this process for good; only the memory may be widened later, up to MEMORY_WIDE."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY_WIDE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN, _WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def widen_memory() -> None:
    """Takes the memory that recognition or LibreOffice needs; nothing in a process without limits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
