"""Trapline, the generator half: mint bait, plant it, find it again."""

__version__ = "0.2.0"
