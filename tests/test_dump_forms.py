"""A scan finds a canary in whatever form a table left the house, or says what it has not read."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.scan import known
from canaries.scan.containers import Unreadable
from canaries.scan.index import ScanIndex
from canaries.scan.search import Occurrence, search
from tests import dumped, programs
from tests.dumped.making import Form
from tests.every import every


@pytest.fixture
def person(home: Home) -> tuple[ScanIndex, str]:
    """The index of the only canary, and its address."""
    canary = next(iter(mint(home, "user"))).canary
    return known.current(home), next(token.value for token in canary.tokens if token.facet == "email")


def _written(make: Form, address: str) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    make(Path(folder.name), address)
    return folder


@every("form", dumped.FOUND)
def test_found_in(person: tuple[ScanIndex, str], form: str) -> None:
    index, address = person
    with _written(dumped.FOUND[form], address) as folder:
        results = list(search(index, [Path(folder)]))
    assert [one for one in results if not isinstance(one, Unreadable) and one.facet == "email"]
    assert not [one for one in results if isinstance(one, Unreadable)]


@every("form", dumped.NAMED)
def test_named_as_not_read(person: tuple[ScanIndex, str], form: str) -> None:
    index, address = person
    with _written(dumped.NAMED[form], address) as folder:
        results = list(search(index, [Path(folder)]))
    assert [one for one in results if isinstance(one, Unreadable)]


OPENED = {
    "7z": "7z a -bso0 people.7z people.csv",
    "7z, PPMd": "7z a -bso0 -m0=PPMd people.7z people.csv",
    "7z, Deflate64": "7z a -bso0 -m0=Deflate64 people.7z people.csv",
    "7z, bzip2 and a filter": "7z a -bso0 -mf=BCJ -m0=BZip2 people.7z people.csv",
    "7z, in parts": "7z a -bso0 -v10k people.7z people.csv",
    "7z in tar": "7z a -bso0 -ttar people.tar people.csv",
    "lz4": "lz4 -q people.csv people.lz4",
    "lz4, dependent blocks": "lz4 -q -BD -B4 people.csv people.lz4",
}
"""As the program itself writes it."""


@pytest.mark.parametrize("form", OPENED)
def test_what_a_program_packed_is_found(person: tuple[ScanIndex, str], form: str) -> None:
    _, results = _packed(OPENED[form], *person)
    assert [one for one in results if not isinstance(one, Unreadable) and one.facet == "email"]
    assert not [one for one in results if isinstance(one, Unreadable)]


PROGRAMS = {
    "7z, encrypted": "7z a -bso0 -psecret people.7z people.csv",
    "7z, names encrypted": "7z a -bso0 -psecret -mhe=on people.7z people.csv",
    "zip, encrypted": "7z a -bso0 -tzip -psecret people.zip people.csv",
    "gpg": "gpg --batch --homedir . --passphrase secret -o people.gpg -c people.csv",
    "gpg, armored": "gpg --batch --homedir . --passphrase secret -a -o people.asc -c people.csv",
    "openssl": "openssl enc -aes-256-cbc -pbkdf2 -k secret -in people.csv -out people.enc",
    "openssl, base64": "openssl enc -a -aes-256-cbc -pbkdf2 -k secret -in people.csv -out people.enc",
}
"""What cannot be opened, as the program itself writes it."""


@pytest.mark.parametrize("form", PROGRAMS)
def test_what_a_program_packed_or_encrypted_is_named(person: tuple[ScanIndex, str], form: str) -> None:
    packed, results = _packed(PROGRAMS[form], *person)
    assert {one.path.partition("!")[0] for one in results if isinstance(one, Unreadable)} == set(packed)


def _packed(command: str, index: ScanIndex, address: str) -> tuple[list[str], list[Occurrence | Unreadable]]:
    """The files that ``command`` makes of a table with somebody in it, and what is found in them."""
    words = command.split()
    programs.require(words[0])
    with _written(dumped.FOUND["csv"], address) as folder:  # a short path: gpg has its sockets there
        made = Path(folder)
        (made / "dump").rename(made / "people.csv")
        subprocess.run(words, cwd=made, check=True, capture_output=True)
        (made / "people.csv").unlink()
        packed = sorted(map(str, made.glob("people.*")))
        return packed, list(search(index, list(map(Path, packed))))
