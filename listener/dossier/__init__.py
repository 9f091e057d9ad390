"""The dossier: an exported report on one incident or canary that others can verify without Trapline.

`case` collects, `formats` write (one file a format), `build` packs and signs, `verify` checks, alone.
"""
