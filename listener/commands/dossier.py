"""Build, export, hand over and verify dossiers."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

import click

from canaries.core.text import visible
from canaries.installation import written_time
from canaries.installation.option_rules import only_with
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell
from listener.commands._dossier_readers import COMMANDS

SECTION = "Evidence"


@click.group(cls=CommandGroup)
def command() -> None:
    """Dossiers: build one that others can verify, export a case, hand it over, verify one, hand out the keys for it."""


for _one in COMMANDS:
    command.add_command(_one)


@command.command()
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: all its hits, whatever incident.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to write."
)
@click.option("--reason", default="", help="Why; recorded in the ledger with your name.")
@click.option(
    "--for",
    "reader",
    type=click.Choice(("counsel", "court", "authority", "provider", "publication")),
    default="counsel",
    show_default=True,
    help="Who is to read it: what the others are not shown is held back, provably.",
)
@click.option(
    "--asn",
    type=click.IntRange(1, 2**32 - 1),
    metavar="N",
    help="For a provider: the network whose addresses are shown.",
)
@click.option(
    "--to", "recipient", metavar="AGE1...", help="Encrypt it to this age recipient; only OUT.age stays."
)
@json_option
@pass_session
def build(
    session: Session,
    incident: str | None,
    canary: str | None,
    out: Path,
    reason: str,
    reader: str,
    asn: int | None,
    recipient: str | None,
    as_json: bool,
) -> None:
    """Export an incident or a canary as a signed zip, with its SHA-256 beside it."""
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    from listener.dossier import handover
    from listener.dossier.build import build as build_dossier
    from listener.dossier.collect import scope_of
    from listener.dossier.versions import VERSIONS

    if asn is not None and reader != "provider":
        raise click.UsageError("--asn goes with --for provider")
    home, to = session.home(), recipient and handover.recipient(recipient)
    made = build_dossier(
        home,
        incident=incident,
        canary=canary,
        out=out,
        why=reason,
        warn=say,
        version=VERSIONS[reader],
        asn=asn,
    )
    digest = made.with_name(f"{made.name}.sha256").read_text("utf-8").split()[0]
    if to:
        made = handover.encrypt(home, made, to, scope_of(home, incident, canary))
    if as_json:
        emit({"file": str(made), "sha256": digest})
    else:
        tell(f"{visible(str(made))}  SHA-256 {digest}")
        if to:
            say("That SHA-256 is of the zip inside: put it into the cover letter.")
            return
        say(
            "Put that SHA-256 into the cover letter. The zip holds "
            f"{'bait and personal data' if VERSIONS[reader].bait else 'what that reader needs'}: encrypt it on its way."
        )
        say(f"Check it with: trapline dossier verify {visible(shlex.quote(str(made)))}")


@command.command()
@click.option(
    "--format",
    "name",
    required=True,
    metavar="FORMAT",
    help="arf, case, ecs, indicators, misp, ocsf, stix or xarf.",
)
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: all its hits, whatever incident.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write."
)
@click.option("--reason", default="", help="Why; recorded in the ledger with your name.")
@json_option
@pass_session
def export(
    session: Session,
    name: str,
    incident: str | None,
    canary: str | None,
    out: Path,
    reason: str,
    as_json: bool,
) -> None:
    """Write a case for the programs of others: STIX 2.1, MISP, XARF 4, abuse mail, OCSF, ECS, CASE/UCO, indicators.

    A convenience that points to entries of the log; the evidence is the dossier.
    """
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    from listener.dossier import exchange

    digest = exchange.export(session.home(), name, out, incident=incident, canary=canary, why=reason)
    if as_json:
        emit({"file": str(out), "sha256": digest})
    else:
        tell(f"{visible(str(out))}  SHA-256 {digest}")


@command.command()
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: all its hits, whatever incident.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to make.")
@json_option
@pass_session
def drafts(session: Session, incident: str | None, canary: str | None, out: Path, as_json: bool) -> None:
    """Forms for counsel to review: certificates, custody, preservation, notice, hold, correction, privacy, policy.

    Filled from the case, blank where the records cannot know. No program files or sends them.
    """
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    from listener.dossier import drafts as forms

    for path in forms.write(session.home(), out, incident=incident, canary=canary):
        if as_json:
            emit({"file": str(path)})
        else:
            tell(visible(str(path)))


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", required=True, help="Who receives it: name, organisation.")
@click.option("--how", required=True, help="In person, by courier, uploaded to ...")
@click.option("--from", "giver", default="", help="Who gives it; you, where it is left out.")
@click.option("--when", type=written_time.MOMENT, help="In UTC; else now.")
@click.option("--encrypt", metavar="AGE1...", help="Encrypt it to this age recipient first: FILE.age.")
@json_option
@pass_session
def handover(
    session: Session,
    file: Path,
    to: str,
    how: str,
    giver: str,
    when: datetime | None,
    encrypt: str | None,
    as_json: bool,
) -> None:
    """Record that a dossier was handed over: who gave which file to whom, when and how (chain of custody).

    FILE is a zip that was built here, or its .age file. Later dossiers of the case show the transfer.
    """
    from listener.dossier import handover as custody

    transfer = custody.Transfer(
        to=to,
        how=how,
        giver=giver,
        when=when and when.replace(tzinfo=UTC),
        recipient=custody.recipient(encrypt) if encrypt else "",
    )
    handed, body = custody.hand_over(session.home(), file, transfer)
    if as_json:
        emit({"handed_over": str(handed), **body})
    else:
        tell(f"{visible(str(handed))}  SHA-256 of the zip {body['sha256']}")
        say(f"Recorded: {visible(body['from'])} to {visible(body['to'])}, {body['when']}.")


@command.command()
@click.option("--incident", help="Id of the incident (its unique beginning is enough).")
@click.option("--canary", help="Id of the canary: all its hits, whatever incident.")
@click.option("--ask", is_flag=True, help="Ask the registries that gave out the networks (RDAP).")
@click.option("--again", is_flag=True, help="Ask about those too that were answered before.")
@click.option("--proxy", default="", help="Ask through this proxy: http://127.0.0.1:3128, socks5h://...")
@click.option(
    "--bootstrap", default="", metavar="URL", help="Where the lists of registries are, if not at IANA."
)
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates (PEM) that lists and registries of your own are trusted by.",
)
@click.option("--reason", default="", help="Why; recorded in the ledger with your name.")
@json_option
@pass_session
@click.pass_context
def contacts(
    ctx: click.Context,
    session: Session,
    incident: str | None,
    canary: str | None,
    ask: bool,
    again: bool,
    proxy: str,
    bootstrap: str,
    ca_file: Path | None,
    reason: str,
    as_json: bool,
) -> None:
    """Whom to write to: the networks of a case, and the abuse contacts that their registries gave when asked.

    Nobody is asked without --ask. A registry then learns that somebody here looks at a network of 256 addresses, never
    at which of them; what was asked and answered is an entry. Drafts and mails to abuse desks name the contacts.
    """
    if (incident is None) == (canary is None):
        raise click.UsageError("give either --incident or --canary")
    only_with("--ask", ask, again=again, proxy=proxy, bootstrap=bootstrap, ca_file=ca_file, reason=reason)
    from listener.dossier import contacts as known
    from listener.network_data.rdap import BOOTSTRAP, Registries

    home = session.home()
    case, found = known.of_case(home, incident=incident, canary=canary)
    if ask:
        wanted = [one for one in found if again or one.answer is None or "failed" in one.answer]
        verify = str(ca_file) if ca_file else True
        registries = Registries(bootstrap=bootstrap or BOOTSTRAP, proxy=proxy, verify=verify)
        known.ask(home, case, wanted, registries, reason, say)
        _, found = known.of_case(home, incident=incident, canary=canary)
    for one in found:
        if as_json:
            emit(known.as_row(one))
        else:
            for line in known.lines(one):
                tell(line, indent=4)
    if not found:
        say("No address used this bait itself.")
    elif not ask and any(one.answer is None for one in found):
        say(
            "To ask the registries: the same command with --ask. By hand: " + known.LOOK_AT + found[0].network
        )
    ctx.exit(1 if ask and any("failed" in (one.answer or {}) for one in found) else 0)


@command.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder to write log.vkey and dossier.pem to.",
)
@pass_session
def keys(session: Session, out: Path | None) -> None:
    """The public keys that others verify with: publish them, or hand them over by another way than the dossier."""
    from canaries.ledger.checkpoints import log_verifier
    from listener.dossier.signing import Signer

    home = session.home()
    log, signer = log_verifier(home), Signer.make(home)
    if out is None:
        tell(str(log))
        tell(signer.certificate.decode().rstrip("\n"))
    else:
        out.mkdir(parents=True, exist_ok=True)
        (out / "log.vkey").write_text(f"{log}\n", "utf-8")
        (out / "dossier.pem").write_bytes(signer.certificate)
        for name in ("log.vkey", "dossier.pem"):
            tell(visible(str(out / name)))
    say(f"SHA-256 fingerprint of the certificate: {signer.fingerprint}")
