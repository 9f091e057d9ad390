"""Erase the content of one record; every proof stays."""

from __future__ import annotations

import click

from canaries.installation.session import Session, pass_session, say

SECTION = "Evidence"


@click.command()
@click.argument("entry_id", metavar="ID")
@click.option("--reason", default="", help="On whose request and on what basis; kept in the ledger.")
@click.option("--raw", "raw_only", is_flag=True, help="Of a hit: the raw bytes alone, its record stays.")
@pass_session
def command(session: Session, entry_id: str, reason: str, raw_only: bool) -> None:
    """Erase the content of one record: a hit (with its facts and raw bytes), a note, an assessment, a look-up.

    Its place and hash in the log stay, so every proof still holds. Where two operators have keys, another one must
    approve: trapline operator approve.
    """
    from canaries.operators import erasure

    proposal = erasure.erase(session.home(), entry_id, reason, raw_only=raw_only)
    if proposal:
        say(f"Proposed. Another operator carries it out: trapline operator approve {proposal}")
    else:
        say("Erased; the ledger has an entry of it.")
