"""An address of the web: fetched once into a file, which is then read like any other."""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.readers.choose import SUFFIXES
from ingest.readers.guard import MAX_BYTES
from vectorstore.errors import Unreadable

if TYPE_CHECKING:
    import httpx

SECONDS = 20.0
"""How long a server may be silent."""

MAX_REDIRECTS = 5
_KINDS = {"html": ".html", "pdf": ".pdf", "wordprocessingml": ".docx", "spreadsheetml": ".xlsx", "zip": ".zip",
          "msword": ".doc", "markdown": ".md", "png": ".png", "jpeg": ".jpg"}  # fmt: skip


def is_address(given: str) -> bool:
    """Whether what a user gave is an address of the web."""
    return bool(re.match(r"https?://", given, re.IGNORECASE))


def fetch(address: str, folder: Path, inside: bool) -> Path:
    """Fetches what is behind an address into a folder; the file's suffix says what came.

    `inside` lets it reach this machine and its own network: for who types at the machine, never for who sends
    from elsewhere. Each redirect is checked, and the checked number is the one that is called, so that a name
    cannot point elsewhere a moment later.
    Raises Unreadable when it cannot be fetched, is larger than MAX_BYTES, or may not be reached.
    """
    import httpx

    try:
        with httpx.Client(timeout=SECONDS) as client:
            url = httpx.URL(address)
            for _ in range(MAX_REDIRECTS + 1):
                with closing(client.send(_request(client, url, inside), stream=True)) as response:
                    if not response.has_redirect_location:
                        return _save(response, url, folder)
                    url = url.join(response.headers["location"])
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Unreadable("not_fetched", path=address, reason=_reason(error)) from error
    raise Unreadable("not_fetched", path=address, reason="TooManyRedirects")


def _request(client: httpx.Client, url: httpx.URL, inside: bool) -> httpx.Request:
    """A request to the number behind a name, that still speaks to the name."""
    if url.scheme not in {"http", "https"}:
        raise Unreadable("not_fetched", path=str(url), reason=url.scheme)
    number = socket.getaddrinfo(url.host, url.port or 0, type=socket.SOCK_STREAM)[0][4][0]
    if not (inside or ipaddress.ip_address(number).is_global):
        raise Unreadable("address_inside", path=str(url))
    return client.build_request(
        "GET",
        url.copy_with(host=str(number)),
        headers={"Host": url.netloc.decode("ascii"), "User-Agent": "Mozilla/5.0 (compatible; kepu)"},
        extensions={"sni_hostname": url.host},
    )


def _save(response: httpx.Response, url: httpx.URL, folder: Path) -> Path:
    response.raise_for_status()
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MAX_BYTES:
            raise Unreadable("too_large", path=str(url), limit=MAX_BYTES // 1_000_000)
    file = folder / _file_name(url, response.headers.get("content-type", ""))
    file.write_bytes(body)
    return file


def _file_name(url: httpx.URL, kind: str) -> str:
    """A name with the suffix of what came: the address's own where it is a known one, else by its type."""
    named = PurePosixPath(unquote(url.path))
    suffix = named.suffix.lower() if named.suffix.lower() in SUFFIXES - {""} else ""
    said = next((s for word, s in _KINDS.items() if word in kind), ".txt")
    return re.sub(r"[^\w.\-]", "_", named.stem or "page")[:80] + (suffix or said)


def _reason(error: Exception) -> str:
    import httpx

    return str(error.response.status_code) if isinstance(error, httpx.HTTPStatusError) else type(error).__name__
