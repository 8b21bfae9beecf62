"""The command line: `kepu ingest | ask | duties | parse | serve | status`."""

from ui.cli.commands import main

__all__ = ["main"]
