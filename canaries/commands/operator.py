"""Operators and their keys; approve what a colleague proposed."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell

SECTION = "Team"

_KEY = click.option(
    "--key",
    "path",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="An SSH key (its .pub where an agent or a FIDO key has the rest), or a file of: operator new-key.",
)


@click.group(cls=CommandGroup)
def command() -> None:
    """Operators and their keys: enrol one, see who signs, approve what a colleague proposed.

    TRAPLINE_OPERATOR names you, TRAPLINE_OPERATOR_KEY is your key. Whoever is enrolled signs what they do.
    """


@command.command("new-key")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def new_key(path: Path) -> None:
    """Make a key file with a passphrase, for an operator without an SSH key."""
    from canaries.installation import operator_key

    passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    public = operator_key.create(path, passphrase)
    say(f"A new key in {path}, {public.fingerprint}. Next: trapline operator request NAME --key {path}")


@command.command()
@click.argument("name")
@_KEY
@pass_session
def request(session: Session, name: str, path: Path) -> None:
    """Ask to be enrolled: print a request, signed by your key, for an operator to add."""
    from canaries.installation import operator_key
    from canaries.operators import enrolment

    asked = enrolment.request(session.home(), name, operator_key.load(path))
    tell(asked.text.rstrip("\n"))
    say("Hand it to an enrolled operator, who runs: trapline operator add FILE")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@pass_session
def add(session: Session, file: Path) -> None:
    """Enrol the operator of a request; where two are enrolled already, another one must approve.

    The first operator adds their own request, with TRAPLINE_OPERATOR and TRAPLINE_OPERATOR_KEY set.
    """
    from canaries.crypto.ssh_signature import SshPublicKey
    from canaries.operators import enrolment

    asked = enrolment.EnrolmentRequest.parse(file.read_text("utf-8", "replace"))
    say(f"{asked.name}: {SshPublicKey.parse(asked.key).fingerprint}; compare it with what they tell you")
    _tell_outcome(enrolment.enrol(session.home(), asked), f"{asked.name} is enrolled and signs from now on.")


@command.command()
@click.argument("name")
@click.option("--reason", default="", help="Why; kept in the ledger.")
@pass_session
def remove(session: Session, name: str, reason: str) -> None:
    """Take an operator's key away; where two are enrolled, another one must approve."""
    from canaries.operators import enrolment

    _tell_outcome(enrolment.remove(session.home(), name, reason), f"{name} signs no more.")


@command.command("list")
@json_option
@pass_session
def list_(session: Session, as_json: bool) -> None:
    """Show who signs, since when, and with which key."""
    from canaries.operators import enrolment

    found = enrolment.enrolled(session.home())
    for one in found:
        if as_json:
            emit(
                {
                    "name": one.name,
                    "key": str(one.key),
                    "fingerprint": one.key.fingerprint,
                    "since": one.since,
                }
            )
        else:
            tell(f"{visible(one.name)}  {one.key.kind}  {one.key.fingerprint}  since {one.since}", indent=2)
    if not found:
        say("Nobody has enrolled a key: what operators write is not signed.")


@command.command()
@json_option
@pass_session
def proposals(session: Session, as_json: bool) -> None:
    """Show what waits for a second operator."""
    from canaries.operators import proposals as waiting

    for entry in waiting.pending(session.home()):
        if as_json:
            emit({"id": entry.id, "at": entry.at, "by": entry.by, "proposal": entry.body})
        else:
            tell(f"{entry.id}  {entry.at}  by {visible(entry.by)}: {_words(entry.body)}", indent=2)


@command.command()
@click.argument("proposal_id", metavar="ID")
@pass_session
def approve(session: Session, proposal_id: str) -> None:
    """Carry out what another operator proposed."""
    from canaries.operators import enrolment, erasure
    from canaries.operators import proposals as waiting

    home = session.home()
    found = waiting.find(home, proposal_id)
    said = waiting.approval(home, found)
    with home.store.write() as connection:
        if found.body["what"] == "operator":
            enrolment.put(home, connection, said, found.body)
        else:
            erasure.carry_out(home, connection, said, found.body)
    say(f"Done: {_words(found.body)}")


def _words(body: dict[str, object]) -> str:
    if body.get("what") == "operator":
        return visible(f"{body['name']} {body['act']}")
    reason = visible(str(body.get("reason", "")), limit=200)
    return f"erase the {body.get('what')} {visible(str(body.get('entries')))} ({reason})"


def _tell_outcome(proposal: str, done: str) -> None:
    if proposal:
        say(f"Proposed. Another operator carries it out: trapline operator approve {proposal}")
    else:
        say(done)
