"""Codecs of wire protocols: bytes to meaning and back, with no socket in sight."""
