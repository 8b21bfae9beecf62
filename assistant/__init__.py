"""Question → Answer."""

from assistant.answer import Answer, Kind, Refusal
from assistant.chain import KepuChain

__all__ = ["Answer", "KepuChain", "Kind", "Refusal"]
