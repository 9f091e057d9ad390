"""What others publish to tell bait from the real thing finds nothing in ours.

The rules are those of public scanners and detectors (TruffleHog's ``canary.go``, IndicatorOfCanary, the sources and
documents of canarytokens and its look-alikes, fingerprints of well-known honeypots). One honest exception: a document
that fetches a picture from a place of the operator's own shows that place to whoever unpacks it, and any scanner that
flags every outside address flags it too. What it does not show is that this place is a trap.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from canaries import kinds
from canaries.core import plugins
from canaries.core.clock import FixedClock
from canaries.core.model import Bait
from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener import traps
from tests import hooks, steady

MINTED = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
"""Certificates say when they were made, and their signatures are others in every second."""
KINDS = sorted(plugins.classes(kinds.FOLDER, kinds.Kind))
TRAPS = plugins.classes(traps.FOLDER, traps.Trap)

CANARY_ACCOUNTS = frozenset(
    {
        *("052310077262", "171436882533", "266735846894", "534261010715", "595918472158", "717712589309"),
        *("729780141977", "730335385048", "819147034852", "893192397702", "992382622183"),
        *("044858866125", "251535659677", "344043088457", "351906852752", "390477818340", "426127672474"),
        *("427150556519", "439872796651", "445142720921", "465867158099", "637958123769", "693412236332"),
        *("732624840810", "735421457923", "959235150393", "982842642351"),
    }
)
"""AWS accounts that TruffleHog and others list as Thinkst's own (first) and as look-alikes'."""

RULES = {
    "a domain known for canaries": r"canarytokens?\.(com|org|net)|\bo3n\.io|canary\.tools|whiteclouddrive\.com|thinkst",
    "a domain known for call-backs": r"\b(oast\.(pro|live|site|online|fun|me)|interact\.sh|burpcollaborator\.net)\b",
    "an id of 25 characters in base 36": r"(?<![\w=+/-])(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{25}(?![\w=+/-])",
    "a path of canarytokens": r"/(about|feedback|static|terms|articles|images|tags|traffic|cdn|files)/[^\s\"']*"
    r"(index\.html|contact\.php|post\.jsp|submit\.aspx|payments\.js|logo\.gif|spacer\.gif|doc\.gif)",
    "a picture by field code": r"INCLUDEPICTURE",
    "a PDF that acts when it is opened": r"/(OpenAction|JavaScript|Launch|SubmitForm)\b|/AA\s*(<<|\d+ \d+ R\b)",
    "a dump that replicates from outside": r"(?i)FROM_BASE64\(@|CHANGE (MASTER|REPLICATION SOURCE) TO",
    "a name that sends variables": r"\.L4J\.|\$\{hostName\}|%USERNAME%|%COMPUTERNAME%|%USERDOMAIN%",
    "a registry key that watches a command": r"SilentProcessExit|Image File Execution Options",
}
"""What it is, and the expression that public rules or a curious reader would use."""

WORDS = ("honeypot", "honeytoken", "honeynet", "canary", "trapline", "tripwire", "decoy")
"""What says it aloud."""

HONEYPOT_GREETINGS = re.compile(
    rb"SSH-2\.0-OpenSSH_(5\.1p1 Debian-4|6\.0p1 Debian-4\+deb7u2|5\.9p1 Debian-5ubuntu1)\r?$|220 FTP server ready\r?$"
    rb"|5\.5\.43-0ubuntu0\.14\.04\.1|220 DiskStation FTP server ready|schizo Open Relay|220 mail\.example|svr04"
    rb"|Welcome to the ftp service|root@svr|Synology DSM",
    re.MULTILINE,
)
"""Greetings that OpenCanary, Cowrie and Dionaea send when nobody changes them."""

CANARYTOKENS_GIF = bytes.fromhex("47494638396101000100800000ffffffffffff21f90401") + b"\x0a\x00\x01\x00"
"""How the picture begins that canarytokens answers with."""

Made = dict[str, list[str]]


def readable(content: bytes) -> str:
    """A file's text, of a package that of every part."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    return content.decode("utf-8", "replace")


def planted(bait: Bait) -> str:
    """All that a finder of the bait can read."""
    files = [f"{file.path}\n{readable(file.content)}" for file in bait.files]
    return "\n".join([bait.text, *files, *(token.value for token in bait.tokens)])


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Home]]:
    """Three installations with domains of their own, and what is minted in them: the same in every run."""
    made = []
    for domain in ("harbour-view.net", "quiet-post.org", "lindenhof.io"):
        folder = tmp_path_factory.mktemp("installation") / "home"
        made.append(
            steady.installation(
                folder,
                f'[bait]\nbase_url = "https://{{label}}.{domain}"\ndomain = "{domain}"\n',
                domain,
                FixedClock(MINTED),
            )
        )
    yield made
    for home in made:
        home.store.close()


@pytest.fixture(scope="module")
def samples(homes: list[Home]) -> Made:
    """Kind to what each installation minted of it."""
    return {
        kind: [
            planted(next(mint(home, kind, draw=steady.draw(f"{kind} {number}"))).bait)
            for number, home in enumerate(homes)
        ]
        for kind in KINDS
    }


@pytest.mark.parametrize("rule", RULES)
def test_no_published_rule_finds_a_bait(samples: Made, rule: str) -> None:
    found = {
        kind: match[0]
        for kind, texts in samples.items()
        for text in texts
        if (match := re.search(RULES[rule], text))
    }
    assert not found


def test_no_bait_says_what_it_is(samples: Made) -> None:
    said = {kind: steady.spoken("\n".join(texts), WORDS) for kind, texts in samples.items()}
    assert not {kind: words for kind, words in said.items() if words}


def account(key_id: str) -> str:
    """The AWS account in a key id: 40 bits behind the first of its ten bytes."""
    number = int.from_bytes(base64.b32decode(key_id[4:])[:6], "big")
    return f"{(number & 0x7FFFFFFFFF80) >> 7:012d}"


def test_the_account_is_read_as_the_scanners_do() -> None:
    assert account("AKIASP2TPHJSQH3FJRUX") == "171436882533"
    assert account("AKIAAYLPMN5HAAISUO2M") == "052310077262"


def test_no_key_decodes_to_an_account_of_canaries(homes: list[Home]) -> None:
    ids = {
        minted.canary.row["access_key_id"]
        for number, home in enumerate(homes)
        for minted in mint(home, "aws-key", count=100, draw=steady.draw(f"accounts {number}"))
    }
    assert len(ids) == 300
    accounts = {account(key_id) for key_id in ids}
    assert not accounts & CANARY_ACCOUNTS
    assert len(accounts) > 250, "an account that many of our keys share would become a mark itself"


VOCABULARY = re.compile(
    r"(https?://(www\.w3\.org|schemas\.openxmlformats\.org|purl\.org|www\.apple\.com|www\.sitemaps\.org"
    r"|[a-z0-9.]+\.googleapis\.com)|urn:oasis:)[^\"'<> ]*|application/[\w.+-]+|-//Apple//[^\"]*"
)
"""Names of XML vocabularies, media types and Google's public addresses: the same in every file of their sort."""

FORMAT = {
    "AAAAC3NzaC1lZDI1NTE5AAAAI": "how every Ed25519 public key begins (RFC 8709, 4)",
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW": "the head of OpenSSH's key files",
    "T3BlbkFJ": "in every key of OpenAI's",
    "WGdyb3FY": "in every key of Groq's",
    "/tls-crypt-v2": "a section of OpenVPN's profiles",
    "tls-crypt-v2": "the same",
    "com/o/oauth2/auth": "where every Google account is asked for",
    "/drawings/drawing1": "a part of every workbook with a picture",
    "worksheets/sheet1": "a part of every workbook",
    "id_ed25519": "where OpenSSH looks for a key",
    "auth_provider_x509_cert_url": "a field of every Google account",
    "client_x509_cert_url": "the same",
}
"""What a format prescribes, longer than 12 characters and with a digit in it."""


def test_no_two_installations_share_a_constant(samples: Made) -> None:
    shared: dict[str, set[str]] = {}
    for kind, texts in samples.items():
        words = [set(re.findall(r"[A-Za-z0-9_+/-]{12,}", _free(text))) for text in texts]
        common = {word for word in set.intersection(*words) if re.search(r"\d", word)}
        if common:
            shared[kind] = common
    assert not shared


def _free(text: str) -> str:
    text = VOCABULARY.sub(" ", text)
    for part in sorted(FORMAT, key=len, reverse=True):
        text = text.replace(part, " ")
    return text


# --- what the traps say first -----------------------------------------------------------------------------------------


def greeting(address: str, poke: bytes) -> bytes:
    """What a scanner gets that connects and asks nothing that needs a login."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=steady.PATIENCE) as sock:
        sock.settimeout(1.0)
        said = b""
        try:
            if poke:
                sock.sendall(poke)
            while chunk := sock.recv(4096):
                said += chunk
        except TimeoutError:
            pass
        return said


@pytest.fixture(scope="module")
def running(homes: list[Home], listen_once: Callable[..., Any]) -> list[Any]:
    """Two installations, each with every trap there is."""
    binds = {f"TRAPLINE_TRAPS_{name.upper()}_BIND": "127.0.0.1:0" for name in TRAPS}
    return [listen_once(home, **binds) for home in homes[:2]]


@pytest.fixture(scope="module")
def greetings(running: list[Any]) -> dict[str, list[bytes]]:
    """Trap to what it says in each of two installations."""
    spoken = [name for name, trap in TRAPS.items() if "tcp" in trap.transports and name != "dns"]
    asked = [(one.addresses[name][0], hooks.poke(name)) for name in spoken for one in running]
    with ThreadPoolExecutor(len(asked)) as scanner:  # each waits a second for a last word: all at once
        said = list(scanner.map(lambda one: greeting(*one), asked))
    return {name: said[2 * number : 2 * number + 2] for number, name in enumerate(spoken)}


def test_no_header_comes_only_with_bait(homes: list[Home], running: list[Any]) -> None:
    """canarytokens says ``Server: Apache`` where it knows the token, and nothing where it does not."""
    home, listening = homes[0], running[0]
    known = next(mint(home, "url")).canary.tokens[0].value
    unknown = next(mint(homes[2], "url")).canary.tokens[0].value.replace("lindenhof.io", "harbour-view.net")
    heads = []
    for host in (known, unknown):
        asked = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        head = greeting(listening.addresses["http"][0], asked).partition(b"\r\n\r\n")[0]
        heads.append([line for line in head.split(b"\r\n") if not line.startswith(b"Date:")])
    assert heads[0] == heads[1]


def test_no_greeting_is_a_known_honeypots(greetings: dict[str, list[bytes]]) -> None:
    for name, said in greetings.items():
        for one in said:
            assert not HONEYPOT_GREETINGS.search(one), (name, one)
            assert CANARYTOKENS_GIF not in one, name
            assert not re.search(rb"(?i)trapline|honey|canary|twisted|asyncssh|aiosmtpd|cowrie", one), (
                name,
                one,
            )


PROTOCOLS_OWN = {b"caching_sha2_password"}
"""Long words with a digit that a protocol itself prescribes: here the name of MySQL 8's way to log in."""


def test_two_installations_greet_each_in_their_own_words(greetings: dict[str, list[bytes]]) -> None:
    """A number of 9 digits, or a word of 16 characters with a digit, is in no protocol: no two may share one."""
    shared = {}
    for name, (one, other) in greetings.items():
        words = [set(re.findall(rb"[A-Za-z0-9_+/-]{16,}|\d{9,}", said)) for said in (one, other)]
        common = {word for word in words[0] & words[1] - PROTOCOLS_OWN if re.search(rb"\d", word[4:])}
        if common:
            shared[name] = common
    assert not shared


def test_the_detector_is_not_blind() -> None:
    """The control: a bait of the best-known maker is found by every rule above."""
    known = (
        "http://canarytokens.com/images/tags/ows8bhzvpx9ro3nz32t5vb3pa/contact.php INCLUDEPICTURE /OpenAction "
        "SET @s2 = FROM_BASE64(@b); ${hostName}.L4J. oast.fun SilentProcessExit canary ows8bhzvpx9ro3nz32t5vb3pa"
    )
    assert all(re.search(rule, known) for rule in RULES.values())
    assert steady.spoken(known, WORDS) == {"canary"}
    assert steady.spoken("aDecoyUser", WORDS) == {"decoy"}
    assert steady.spoken("sk-decoy-Wn28cAb7", WORDS) == {"decoy"}
    assert not steady.spoken("YWJj1dECOYx0aGlzIGlzIG5vdGhpbmc", WORDS), "chance in base64"
