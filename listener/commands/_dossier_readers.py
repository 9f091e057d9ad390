"""What readers of a dossier do with it: verify it, and make a PDF of its report."""

from __future__ import annotations

from pathlib import Path

import click

from canaries.core.text import visible
from canaries.installation.option_rules import not_with
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell


@click.command()
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

    not_with("--own", own, vkey=vkey, cert=cert)
    certificate = cert.read_bytes() if cert else b""
    vkey = Path(vkey).read_text("utf-8", "replace") if vkey and Path(vkey).is_file() else vkey
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


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write."
)
@click.option("--vkey", default="", help="The log's verifier key (text or file), from elsewhere.")
@click.option(
    "--cert",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The publisher's certificate.",
)
@click.option("--sign", is_flag=True, help="Sign it with this installation's key for dossiers (PAdES).")
@json_option
@pass_session
def pdf(
    session: Session, bundle: Path, out: Path, vkey: str, cert: Path | None, sign: bool, as_json: bool
) -> None:
    """Make a reading copy of a dossier: its report as an accessible PDF (PDF/A-3a, PDF/UA-1), with the events attached.

    The dossier is verified first. The evidence stays in the zip, whose SHA-256 the copy names on every page.
    """
    from listener.dossier.reading_copy import reading_copy

    certificate = cert.read_bytes() if cert else b""
    vkey = Path(vkey).read_text("utf-8", "replace") if vkey and Path(vkey).is_file() else vkey
    if not (vkey or certificate):
        vkey, certificate = _own_keys(session, bundle, vkey, certificate, own=False)
    home = session.home() if sign else None
    digest = reading_copy.make(bundle, out, vkey=vkey, certificate=certificate, sign_with=home, warn=say)
    if as_json:
        emit({"file": str(out), "sha256": digest})
    else:
        tell(f"{visible(str(out))}  SHA-256 {digest}")


COMMANDS = (verify, pdf)
