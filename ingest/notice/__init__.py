"""From the text of a notice to its clauses and duties."""

from ingest.notice.parser import ParsedFile, parse_notice
from ingest.notice.source import Source

__all__ = ["ParsedFile", "Source", "parse_notice"]
