"""Proof of a domain: WeChat fetches a file that it has handed out from the root of whoever claims the domain."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FOLDER = "public"
"""Below the data folder: where the files are put."""
_NAME = re.compile(r"(?:MP|WW)_verify_[A-Za-z0-9]+\.txt")


def domain_proof_router(home: Path) -> APIRouter:
    """`/MP_verify_….txt`, and WeCom's `/WW_verify_….txt`."""
    router = APIRouter()

    @router.get("/{name}_verify_{code}.txt")
    def proof(name: str, code: str) -> FileResponse:
        file = home / FOLDER / f"{name}_verify_{code}.txt"
        if not _NAME.fullmatch(file.name) or not file.is_file():
            raise HTTPException(404)
        return FileResponse(file, media_type="text/plain")

    return router
