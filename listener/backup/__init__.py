"""Backups: an installation as one encrypted file, and an installation out of such a file.

    backup = age file (https://age-encryption.org/v1) of a tar archive:
             manifest.json trapline.toml home.id sieve keys/ front/leaf front/ssh_rsa checkpoints/ fronts/ refused/
             sensors/ readers/ filters/
             journal/ trapline.db

``trapline.db`` is a SQLite file, whichever database the installation has: `sqlite3` reads it, and a restore may go from
one engine to the other. ``age -d`` and ``tar`` read the rest.
"""
