"""Keeping secret scanners quiet about planted bait: which of a scanner's findings are canaries in their place.

A scanner's own report is read, so that its rules and fingerprints are taken as they are; what is written names no bait
in clear. A real secret, and a canary in a file in which it was not planted, stay findings.
"""
