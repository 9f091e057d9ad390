"""Dossiers: build one that others can verify, export a case, hand it over, verify one, hand out the keys for it."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

import click

from canaries.core.text import visible
from canaries.installation.session import CommandGroup, Session, emit, json_option, pass_session, say, tell


@click.group(cls=CommandGroup)
def command() -> None:
    """Dossiers: build one that others can verify, export a case, hand it over, verify one, hand out the keys for it."""


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
@click.option("--asn", type=int, help="For a provider: the network whose addresses are shown.")
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
@click.option(
    "--when", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]), help="UTC, as in 2026-11-27T14:05:00Z; else now."
)
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
@click.argument("bundle", type=click.Path(path_type=Path, exists=True))
@click.option("--vkey", default="", help="The log's verifier key (text or file), from elsewhere.")
@click.option(
    "--cert",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The publisher's certificate.",
)
@click.option(
    "--own", is_flag=True, help="The dossier is this installation's own: check it with the keys here."
)
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A checkpoint that was sent or kept outside earlier; may be given several times.",
)
@click.option(
    "--tsa",
    "authorities",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates of a time-stamp authority (PEM), from elsewhere; may be given several times.",
)
@click.option("--sha256", default="", help="The zip's SHA-256, from the cover letter.")
@pass_session
def verify(
    session: Session,
    bundle: Path,
    vkey: str,
    cert: Path | None,
    own: bool,
    checkpoints: tuple[str, ...],
    authorities: tuple[Path, ...],
    sha256: str,
) -> None:
    """Verify a dossier, as the verify.py inside it does; against this installation's own keys where it is its own.

    Without keys from elsewhere the result is at most CONSISTENT, NOT VERIFIED, and the exit status 1.
    """
    from canaries.core.errors import DossierError
    from listener.dossier import verify as checker

    certificate = cert.read_bytes() if cert else b""
    vkey = Path(vkey).read_text("utf-8") if vkey and Path(vkey).is_file() else vkey
    if own or not (vkey or certificate):
        vkey, certificate = _own_keys(session, bundle, vkey, certificate, own=own)
    try:
        roots = b"".join(path.read_bytes() + b"\n" for path in authorities)
        verified = checker.verify(bundle, vkey, certificate, checkpoints, sha256, say=tell, roots=roots)
    except checker.Rejected as error:
        raise DossierError(f"NOT VERIFIED: {error}") from error
    if not verified:
        raise DossierError("NOT VERIFIED: no key was brought", hint="give --vkey and --cert, from elsewhere")


def _own_keys(
    session: Session, bundle: Path, vkey: str, certificate: bytes, *, own: bool
) -> tuple[str, bytes]:
    """This installation's keys, where there is an installation and the dossier claims to be from it."""
    from canaries.ledger.checkpoints import log_verifier
    from listener.dossier import verify as checker
    from listener.dossier.signing import Signer

    if not own and not (session.path / "home.id").is_file():
        return vkey, certificate
    home = session.unchecked_home()
    log = log_verifier(home)
    if own or checker.origin(bundle) == log.name:
        say("checked with this installation's own keys")
        return str(log), Signer(home).certificate
    return vkey, certificate


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
        tell(f"{out / 'log.vkey'}\n{out / 'dossier.pem'}")
    say(f"SHA-256 fingerprint of the certificate: {signer.fingerprint}")
