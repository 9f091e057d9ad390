"""Handling of files that bait goes into: atomic replacement, metadata, git, joining text."""
