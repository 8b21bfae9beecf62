"""Old Word files (doc, wps): converted by LibreOffice where it is installed, refused clearly otherwise."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ingest.readers import word
from vectorstore.errors import Unreadable

_SECONDS = 90


def read(path: Path) -> str:
    """The text of a doc file. Raises Unreadable when LibreOffice is missing or cannot convert the file."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise Unreadable("needs_office", path=str(path))
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "docx", "--outdir", folder, str(path.resolve())]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise Unreadable("damaged_file", path=str(path)) from error
        converted = Path(folder, f"{path.stem}.docx")
        if not converted.is_file():
            raise Unreadable("damaged_file", path=str(path))
        return word.read(converted)
