"""Old Office files (.doc, .xls, .wps, .rtf): through LibreOffice when it is there, refused clearly otherwise."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ingest.readers.limits import widen_memory
from ingest.readers.plain import plausible
from ingest.readers.reading import Reading
from ingest.readers.sheet import read_xlsx
from ingest.readers.word import read_docx
from vectorstore.errors import Unreadable

_MACROS = "_VBA_PROJECT".encode("utf-16-le")
"""How the folder of macros is called inside an old Office file."""

SECONDS = 90
"""A conversion that takes longer is given up."""


def read_converted(path: Path) -> Reading:
    """The text of an old Office file.

    Raises Unreadable when it holds macros, or LibreOffice is not installed, does not finish, or cannot open it.
    """
    if _MACROS in path.read_bytes():
        raise Unreadable("has_macros", path=path.name)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable("needs_libreoffice", path=path.name, suffix=path.suffix)
    widen_memory()
    form = "xlsx" if path.suffix.lower() == ".xls" else "docx"
    with tempfile.TemporaryDirectory() as folder:
        made = _convert(program, path, form, Path(folder))
        found = read_xlsx(made) if form == "xlsx" else read_docx(made)
    if not plausible(found.text):  # LibreOffice takes what it does not know for plain text
        raise Unreadable("damaged_file", path=path.name)
    return found


def _convert(program: str, path: Path, form: str, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(path.resolve())]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Unreadable("damaged_file", path=path.name) from error
    made = folder / f"{path.stem}.{form}"
    if not made.exists():
        raise Unreadable("damaged_file", path=path.name)
    return made
