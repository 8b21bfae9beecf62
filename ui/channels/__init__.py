"""Chat channels: every door where somebody else's program shows our answers."""
