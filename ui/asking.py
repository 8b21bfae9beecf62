"""What every web door shares: the body of a question, errors as one sentence, and who may ask from a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Header, HTTPException
from pydantic import BaseModel

from ui.faults import explain
from vectorstore.errors import KepuError


class Asked(BaseModel):
    """The body of a question."""

    question: str
    session: str = ""


@contextmanager
def explained(status: int) -> Iterator[None]:
    """Answers an error of ours with `status` and its one sentence."""
    try:
        yield
    except KepuError as error:
        raise HTTPException(status, explain(error)) from error


def from_our_pages() -> Any:
    """A dependency that lets only our own pages in: browsers say where a request comes from (Fetch Metadata)."""

    def check(sec_fetch_site: Annotated[str, Header()] = "same-origin") -> None:
        if sec_fetch_site not in ("same-origin", "none"):
            raise HTTPException(403)

    return Depends(check)
