"""Doors for other programs: chat platforms, chat clients and pages of others."""
