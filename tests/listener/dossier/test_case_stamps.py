"""Time stamps in dossiers: which are shown, what the verifier says of them, and what README-FIRST tells to do."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger.checkpoints import log_verifier
from listener.dossier import verify as checker
from listener.dossier.build import build
from listener.dossier.case_stamps import chosen
from listener.dossier.signing import Signer
from listener.notify.stamp_authorities import authorities
from listener.notify.stamper import Stamper
from tests.listener.dossier.conftest import Story
from tests.listener.dossier.test_verify import manifest
from tests.time_authority import TimeAuthority, serving, with_authorities

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl program")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TimeAuthority, TimeAuthority]]:
    folder = tmp_path_factory.mktemp("tsa")
    with serving(TimeAuthority(folder / "one")) as one, serving(TimeAuthority(folder / "two")) as two:
        two.chain = True
        yield one, two


@pytest.fixture
def stamped(story: Story, servers: tuple[TimeAuthority, TimeAuthority]) -> Home:
    """The story's home with both authorities; the log of before the build was stamped by the first."""
    one, two = servers
    home = with_authorities(story.home, one.toml("one"), two.toml("two"))
    assert Stamper(home).step(authorities(home)["one"]) == ""
    return home


def said(path: Path, home: Home, roots: bytes = b"") -> str:
    lines: list[str] = []
    key, certificate = str(log_verifier(home)), Signer.make(home).certificate
    checker.verify(path, key, certificate, say=lambda line: lines.append(str(line)), roots=roots)
    return "\n".join(lines)


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def test_log_and_list_of_files_are_stamped_by_each_and_the_reader_can_check_it_word_for_word(
    stamped: Home, story: Story, servers: tuple[TimeAuthority, TimeAuthority], tmp_path: Path
) -> None:
    warned: list[str] = []
    made = build(stamped, incident=story.incident, out=tmp_path / "case.zip", warn=warned.append)
    assert warned == []
    folder = unpacked(made, tmp_path / "out")
    names = sorted(path.name for path in (folder / "data/log/stamps").iterdir())
    assert len(names) == 3
    assert sorted(name.split(".")[1] for name in names) == ["one", "one", "two"]
    roots = b"".join(server.roots.read_bytes() for server in servers)
    text = said(made, stamped, roots)
    assert text.count("whose certificate you brought") == 5
    assert text.count("the list of files existed at") == 2
    assert said(made, stamped).count("did not bring") == 5
    readme = (folder / "README-FIRST.txt").read_text("utf-8").replace("\\\n", " ")
    commands = re.findall(r"^ +(openssl ts .*)$", readme, re.MULTILINE)
    assert len(commands) == 6
    for command in commands:
        done = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
        assert ("Verification: OK" in done.stdout) == ("-verify" in command)
        assert ("Time stamp:" in done.stdout) == ("-text" in command)


def test_of_two_authorities_one_that_is_down_is_told_and_the_dossier_is_there(
    stamped: Home, story: Story, servers: tuple[TimeAuthority, TimeAuthority], tmp_path: Path
) -> None:
    warned: list[str] = []
    servers[0].down = True
    try:
        made = build(stamped, incident=story.incident, out=tmp_path / "case.zip", warn=warned.append)
    finally:
        servers[0].down = False
    assert [line.split(":")[0] for line in warned] == [
        "no time stamp of the log from one",
        "no time stamp of the dossier from one",
    ]
    text = said(made, stamped)
    assert text.count("says 'one'") == 1, "the stamp of before"
    assert text.count("says 'two'") == 2


def test_a_stamp_that_does_not_fit_is_refused_also_where_the_publisher_signs_anew(
    stamped: Home, story: Story, tmp_path: Path
) -> None:
    made = build(stamped, incident=story.incident, out=tmp_path / "case.zip")
    folder = unpacked(made, tmp_path / "out")
    first, *_, last = sorted((folder / "data/log/stamps").glob("*.one.tsr"))
    genuine, other = first.read_bytes(), last.read_bytes()
    signer = Signer.make(stamped)
    seals = {path: path.read_bytes() for path in (folder / "seal").glob("*.tsr")}
    assert len(seals) == 2
    path = min(seals)
    path.write_bytes(seals[path] + b"x")
    with pytest.raises(checker.Rejected, match="a time stamp was changed"):
        said(folder, stamped)
    (folder / "README-FIRST.txt").write_text("another list of files")
    manifest(folder, resign=signer)
    with pytest.raises(
        checker.Rejected, match=r"tagmanifest\.one\.tsr is no time stamp of what it is beside"
    ):
        said(folder, stamped)
    for path in seals:
        path.unlink()
    manifest(folder, resign=signer)
    said(folder, stamped)
    for content, words in ((other, "no time stamp of what it is beside"), (b"x", "is no time stamp")):
        first.write_bytes(content)
        manifest(folder, resign=signer)
        with pytest.raises(checker.Rejected, match=words):
            said(folder, stamped)
    first.write_bytes(genuine)
    (folder / "verify/tsa-one.pem").unlink()
    manifest(folder, resign=signer)
    with pytest.raises(checker.Rejected, match="certificate is missing"):
        said(folder, stamped)


def test_a_time_in_words_that_the_authority_did_not_sign_is_none(
    stamped: Home, story: Story, tmp_path: Path
) -> None:
    """A reply has words of its own beside the signed stamp (RFC 3161, 2.4.2): who carries it can write a time there."""
    made = build(stamped, incident=story.incident, out=tmp_path / "case.zip")
    folder = unpacked(made, tmp_path / "out")
    seal = min((folder / "seal").glob("*.tsr"))
    reply = seal.read_bytes()
    status = checker.der(2, b"\0")
    assert reply.count(checker.der(0x30, status)) == 1
    lie = b"TST info: Time stamp: Jan  1 00:00:00 2020 GMT"
    token = reply.partition(checker.der(0x30, status))[2]
    told = checker.der(0x30, status + checker.der(0x30, checker.der(0x0C, lie)))
    seal.write_bytes(checker.der(0x30, told + token))
    sums = [path for path in sorted((folder / "seal").iterdir()) if path.name != "sha256.txt"]
    listed = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  seal/{path.name}\n" for path in sums]
    (folder / "seal/sha256.txt").write_text("".join(listed))
    text = said(folder, stamped)
    assert "the list of files existed at 2020" not in text
    assert text.count("the list of files existed at") == 2


def test_a_stamp_that_was_taken_away_is_missed_by_whoever_brought_its_authority(
    story: Story, dossier: Path, servers: tuple[TimeAuthority, TimeAuthority]
) -> None:
    """The stamps of the list of files are beside what is signed: who carries a dossier can take them out."""
    text = said(dossier, story.home, servers[0].roots.read_bytes())
    assert "--  no time stamp here is by an authority whose certificates you brought" in text
    assert "authority whose" not in said(dossier, story.home)


def test_entries_that_name_another_time_than_the_stamps_are_named(
    stamped: Home, story: Story, tmp_path: Path
) -> None:
    with stamped.store.write() as connection:  # sealed after the stamp, and years older
        at = "2000-01-01T00:00:00.000000Z"
        stamped.writer.record(connection, "noted", at, "bob", {"incident": story.incident, "text": "late"})
        at = "2999-01-01T00:00:00.000000Z"
        stamped.writer.record(connection, "noted", at, "bob", {"incident": story.incident, "text": "early"})
    text = said(build(stamped, incident=story.incident, out=tmp_path / "case.zip"), stamped)
    assert "a time later than its own time stamp stands in" in text
    assert "1 entry, the first at 1" in text
    assert "a time long before the stamp in front of it stands in" in text


def test_a_hit_is_between_the_stamp_before_it_and_the_one_after(stamped: Home, story: Story) -> None:
    with stamped.store.read() as connection:
        (one,) = chosen(connection, [2], 1_000)
        assert one.file.endswith(".one.tsr")
        assert chosen(connection, [2], 1) == []
    with stamped.store.write() as connection:
        connection.execute(update(store.stamp).values(size=1))
    with stamped.store.read() as connection:
        assert [item.about.size for item in chosen(connection, [2], 1_000)] == [1]
    assert len(story.hits) == 3
