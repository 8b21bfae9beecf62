"""Readers: a file becomes text. One form for all of them, which the notice parser and the chunker both take:

a blank line ends a paragraph, a form feed begins a new page, and a table row is a line `| cell | cell |` in
which a merged cell's words stand in every place it covers.
"""

from ingest.readers.apart import read_apart
from ingest.readers.archive import read_text, unpack
from ingest.readers.reading import Reading
from ingest.readers.web import fetch, is_address

__all__ = ["Reading", "fetch", "is_address", "read_apart", "read_text", "unpack"]
