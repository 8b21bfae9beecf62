"""The command line. Each module holds the commands of one noun; importing them registers them."""

from ui.cli import answering, evaluating, knowledge, register, serving
from ui.cli.app import main

__all__ = ["answering", "evaluating", "knowledge", "main", "register", "serving"]
