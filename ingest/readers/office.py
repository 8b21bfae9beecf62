"""Old Office files (.doc, .xls, .wps, .rtf): through LibreOffice when it is there, refused clearly otherwise."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ingest.readers.sheet import read_xlsx
from ingest.readers.word import read_docx
from vectorstore.errors import Unreadable

SECONDS = 90
"""A conversion that takes longer is given up."""


def read_converted(path: Path) -> str:
    """The text of an old Office file.

    Raises Unreadable when LibreOffice is not installed, does not finish, or cannot open the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise Unreadable("needs_libreoffice", path=path.name, suffix=path.suffix)
    form = "xlsx" if path.suffix.lower() == ".xls" else "docx"
    with tempfile.TemporaryDirectory() as folder:
        made = _convert(program, path, form, Path(folder))
        return read_xlsx(made) if form == "xlsx" else read_docx(made)


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
