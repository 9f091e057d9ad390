"""What every kind in the folder keeps to."""

from __future__ import annotations

import dataclasses
import io
import math
import os
import re
import typing
import zipfile
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import PurePosixPath

import pytest

from canaries.core import plugins
from canaries.core.errors import SettingsError
from canaries.core.model import Bait, BaitFile, Shape
from canaries.core.settings import bind
from canaries.crypto import service_keys
from canaries.crypto.verifiers import SECRETS, verifiers
from canaries.kinds import FOLDER, Kind, Order, fill
from tests import steady
from tests.canaries.kinds.conftest import BASES
from tests.every import every, in_part_and_whole

KINDS = plugins.classes(FOLDER, Kind)
ASKED = os.environ.get("TESTS_OF_KIND", "")
every_kind = every("name", [name for name in sorted(KINDS) if ASKED in ("", name)])
every_base = every("base_url", BASES.values())
"""Once with the label in the host name, once with it in the path."""

Mint = Callable[..., Bait]

PRESCRIBED = {
    "svg": ("org/2000/svg",),
    "xlsx": ("/drawings/drawing1", "/xl/drawings/drawing1", "/xl/worksheets/sheet1", "worksheets/sheet1"),
    "gcp-service-account": (
        "/o/oauth2/auth",
        "/oauth2/v1/certs",
        "/robot/v1/metadata/x509/",
        "x509_cert_url",
    ),
    "ssh-key": (
        "id_ed25519",
        "ssh-ed25519",
        "AAAAC3NzaC1lZDI1NTE5AAAAI",
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
    ),
    "terraform-credentials": (".atlasv1.",),
    "vault-token": ("hvs.CAESI", "Gh4KHGh2cy"),
}
"""What the formats of some kinds have in every specimen."""


def readable(file: BaitFile) -> str:
    """A file's text; of packages (office documents) that of every part, of pictures and PDFs their bytes."""
    if file.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(file.content)) as package:
            return "\n".join(package.read(name).decode() for name in package.namelist())
    return file.content.decode("utf-8", "replace")


_VOCABULARY = re.compile(
    r"(https?://(www\.w3\.org|schemas\.openxmlformats\.org|purl\.org|www\.apple\.com|www\.sitemaps\.org)|urn:oasis:)"
    r"[^\"'<> ]*|application/[\w.+-]+|-//Apple//[^\"]*"
)
"""Names of XML vocabularies and media types: the same in every document of its sort."""


def everything(bait: Bait) -> str:
    """All that is planted, in one string, without the names of vocabularies."""
    files = [_VOCABULARY.sub("", readable(file)) for file in bait.files]
    names = [file.path for file in bait.files]
    return "\n".join(
        [bait.text, *files, *names, *bait.row, *bait.row.values(), *(t.value for t in bait.tokens)]
    )


def family(bait: Bait) -> Iterator[Bait]:
    yield bait
    for _, part in bait.parts:
        yield from family(part)


@every_kind
def test_it_is_called_as_its_file(name: str) -> None:
    assert KINDS[name].__module__ == f"canaries.kinds.{name.replace('-', '_')}"


@every_kind
def test_it_says_what_it_is(name: str) -> None:
    kind = KINDS[name]
    assert len(kind.title) <= 72
    for text in (kind.title, kind.fired_by, kind.plant_hint, kind.try_hint):
        assert text.strip() == text
        assert text
    assert kind.fired_by.endswith(".")
    assert kind.plant_hint.endswith(".")
    assert not kind.title.endswith(".")


@every_kind
@every_base
def test_the_same_order_gives_the_same_bait(name: str, mint: Mint, base_url: str) -> None:
    assert mint(name, base_url=base_url) == mint(name, base_url=base_url)


@every_kind
def test_it_asks_nothing_but_its_order(name: str, mint: Mint, monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock, no randomness of its own: both would make another bait from the same seed."""
    mint(name)  # what is read once and cached may be read now

    def forbidden(*_: object) -> typing.NoReturn:
        raise AssertionError("a kind is a pure function")

    for target in (
        "time.time",
        "time.time_ns",
        "os.urandom",
        "random.random",
        "secrets.token_bytes",
        "builtins.open",
    ):
        monkeypatch.setattr(target, forbidden)
    mint(name)


@every_kind
@every_base
def test_other_seeds_share_nothing_but_the_format(name: str, mint: Mint, base_url: str) -> None:
    baits = [mint(name, number=number, base_url=base_url) for number in range(1, 9)]
    for one, other in pairwise(baits):
        assert one.text != other.text
        for mine, theirs in zip(one.tokens, other.tokens, strict=True):
            assert mine.facet == theirs.facet
            if mine.weak:
                continue
            a, b = (free(name, own(token.value)) for token in (mine, theirs))
            found = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
            common = a[found.a : found.a + found.size]
            # a prefix of the format (github_pat_11, sk-proj-), T3BlbkFJ, or a few letters by chance
            assert found.size <= (13 if found.a == found.b == 0 else 8), common


def free(name: str, text: str) -> str:
    """``text`` without what the format of this kind has in every specimen."""
    for part in PRESCRIBED.get(name, ()):
        text = text.replace(part, " ")
    return text


@every_kind
def test_two_installations_share_no_constant(name: str, mint: Mint) -> None:
    """Words with a digit in them that are longer than any format's prefix."""
    one = everything(mint(name, number=1))
    other = everything(
        mint(
            name,
            number=2,
            base_url="https://{label}.other-place.org",
            domain="their-mail.org",
            shape=Shape(label_length=24),
            front_key=b"o" * 32,
            ca_pem="-----BEGIN CERTIFICATE-----\nanother\n",
        )
    )
    words = [set(re.findall(r"[A-Za-z0-9_+/-]{12,}", free(name, text))) for text in (one, other)]
    prescribed = {"tls-crypt-v2", "/tls-crypt-v2"}  # the name of a section of OpenVPN's profiles
    assert not {word for word in words[0] & words[1] if re.search(r"\d", word)} - prescribed


@every_kind
def test_labels_are_as_long_as_the_installation_wants(name: str, mint: Mint) -> None:
    bait = mint(name, shape=Shape(label_length=26))
    for token in bait.tokens:
        if token.facet == "host":
            assert len(token.value.split(".")[0]) == 26


@every_kind
@every_base
def test_every_token_stands_in_the_bait(name: str, mint: Mint, base_url: str) -> None:
    for bait in family(mint(name, base_url=base_url)):
        planted = bait.text + "".join(readable(file) for file in bait.files)
        for token in bait.tokens:
            assert token.value in planted, token.facet


@every_kind
@every_base
def test_strong_tokens_cannot_be_guessed(name: str, mint: Mint, base_url: str) -> None:
    bait = mint(name, base_url=base_url)
    assert not bait.tokens[0].weak, "the first token names the hit"
    for token in bait.tokens:
        if not token.weak:
            assert bits(own(token.value)) >= 96, token.facet


def own(value: str) -> str:
    """What is this canary's alone: without the operator's domains, and without what a format prescribes inside."""
    value = re.split(r"@|\.harbour-view|\.quiet-post", value)[0]
    if re.fullmatch(
        r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", value
    ):  # a JWT's claims name the issuer: its signature is its own
        return value.rpartition(".")[2]
    return value[-43:] if value.startswith("pypi-") else value  # a macaroon: its own is the HMAC at its end


def bits(text: str) -> float:
    """An upper bound: as if every character were drawn from the classes that occur."""
    classes = ((r"[a-z]", 26), (r"[A-Z]", 26), (r"\d", 10), (r"[^A-Za-z0-9]", 4))
    return len(text) * math.log2(sum(size for pattern, size in classes if re.search(pattern, text)))


@every_kind
def test_facets_are_named_once(name: str, mint: Mint) -> None:
    for bait in family(mint(name)):
        facets = [token.facet for token in bait.tokens]
        assert len(set(facets)) == len(facets)
        assert all(re.fullmatch(r"[a-z_]{1,32}", facet) for facet in facets)


@in_part_and_whole
@every_kind
@every_base
def test_nothing_in_it_gives_it_away(name: str, mint: Mint, base_url: str, whole: bool) -> None:
    """`example` makes scanners drop a finding; the memo and the recipient are the owner's."""
    words = ("trapline", "canary", "canaries", "honey", "bait", "example", "memo-mark", "recipient-mark")
    for number in range(1, 20 if whole else 5):
        text = everything(mint(name, number=number, base_url=base_url))
        assert not steady.spoken(text.replace("harbour-view", ""), words)


@every_kind
def test_no_file_runs_anything_for_the_finder(name: str, mint: Mint) -> None:
    text = everything(mint(name)).lower()
    for feature in (
        "credential_process",
        "exec:",
        "proxycommand",
        "localcommand",
        "helper = !",
        "$(",
        "`",
        "@import",
    ):
        assert feature not in text


@every_kind
@every_base
def test_text_and_files_are_well_formed(name: str, mint: Mint, base_url: str) -> None:
    for bait in family(mint(name, base_url=base_url)):
        assert bait.text.endswith("\n")
        assert not bait.text.endswith("\n\n")
        for file in bait.files:
            path = PurePosixPath(file.path)
            assert not path.is_absolute()
            assert ".." not in path.parts
            assert file.mode in (0o600, 0o644)
        assert all(isinstance(value, str) for value in bait.row.values())


@every_kind
@every_base
def test_hints_fill(name: str, mint: Mint, base_url: str) -> None:
    bait = mint(name, base_url=base_url)
    tried = fill(KINDS[name].try_hint, bait)
    assert not re.search(r"\{[a-z_]+\}", tried), tried
    assert any(token.value in tried for token in bait.tokens if not token.weak)
    assert "{" not in KINDS[name].plant_hint


@every_kind
def test_options_are_typed_and_have_defaults(name: str) -> None:
    options = KINDS[name].Options
    assert dataclasses.is_dataclass(options)
    assert bind(options, {}, name) == options()
    with pytest.raises(SettingsError, match="nonsense"):
        bind(options, {"nonsense": "1"}, name, noun="option")
    hints = typing.get_type_hints(options)
    for item in dataclasses.fields(options):
        assert hints[item.name] in (str, int, bool, tuple[str, ...]) or (
            typing.get_origin(hints[item.name]) is typing.Literal
        )


@every_kind
def test_parts_are_canaries_of_their_own(name: str, mint: Mint) -> None:
    bait = mint(name)
    for kind, part in bait.parts:
        assert kind in KINDS
        strong = [token.value for token in part.tokens if not token.weak]
        assert all(value in bait.text for value in strong), "the text carries all of the part's strong tokens"
        assert not {token.value for token in part.tokens} & {token.value for token in bait.tokens}


def test_fill_leaves_other_braces_alone(mint: Mint) -> None:
    bait = mint("url")
    assert (
        fill("curl -d '{\"a\": 1}' {url} {unknown}", bait)
        == f"curl -d '{{\"a\": 1}}' {bait.row['url']} {{unknown}}"
    )


def test_a_base_url_may_end_in_a_slash_and_have_a_port(order: Callable[..., Order]) -> None:
    site = order(base_url="https://{label}.Harbour-View.net:8443/").site()
    assert site.url == f"https://{site.label}.Harbour-View.net:8443"
    assert site.host == f"{site.label}.Harbour-View.net:8443"
    assert (site.tokens[0].facet, site.tokens[0].value) == ("host", f"{site.label}.harbour-view.net")
    assert site.hostname == f"{site.label}.harbour-view.net"
    assert (
        order(base_url="http://192.0.2.7:8080/deep/").site().url == f"http://192.0.2.7:8080/deep/{site.label}"
    )


@pytest.mark.parametrize(
    ("base", "secure"),
    [
        ("https://{label}.harbour-view.net", "https://{}.harbour-view.net"),
        ("http://{label}.harbour-view.net:8080", "https://{}.harbour-view.net:8080"),
        ("http://{label}.harbour-view.net", "https://{}.harbour-view.net:80"),
        ("http://192.0.2.7:8080/deep", "https://192.0.2.7:8080/deep/{}"),
        ("http://[2001:db8::7]", "https://[2001:db8::7]:80/{}"),
    ],
)
def test_the_same_place_by_https_is_on_the_same_port(
    order: Callable[..., Order], base: str, secure: str
) -> None:
    site = order(base_url=base).site()
    assert site.secure_url == secure.format(site.label)
    assert site.address == site.url.partition("://")[2]
    assert [token.facet for token in site.own_host] == (["host"] if "{label}" in base else [])


@every_kind
def test_a_kind_names_the_traps_whose_ports_it_asks_for(name: str, mint: Mint) -> None:
    """`Kind.traps` decides what is said of bait that nobody can fire."""
    asked: set[str] = set()

    class Ports(dict[str, int]):
        def get(self, key: str, default: typing.Any = None) -> typing.Any:
            asked.add(key)
            return default

    mint(name, ports=Ports())
    assert asked <= set(KINDS[name].traps)
    assert not asked or asked == set(KINDS[name].traps) - {"http"}


@every_kind
def test_a_kind_with_a_secret_leaves_what_tells_it_from_a_wrong_one(name: str, mint: Mint) -> None:
    """`tests.listener.proofs.showings` has how each trap is shown it."""
    bait, traps = mint(name), KINDS[name].traps
    secrets = [token.value for token in bait.tokens if token.facet in SECRETS]
    held = verifiers(bait.tokens, traps, user=bait.row.get("user", ""), front_key=b"k" * 32, text=bait.text)
    wanted = {"clear"} if any(len(one) >= 16 for one in secrets) else set()
    wanted |= {"mysql_native_password", "caching_sha2_password"} if "mysql" in traps else set()
    wanted |= {"SCRAM-SHA-1", "SCRAM-SHA-256"} if "mongodb" in traps else set()
    wanted |= {"vnc"} if "vnc" in traps else set()
    signs = any(token.facet == "access_key_id" for token in bait.tokens)
    wanted |= {"aws4", "aws2_sha1", "aws2_sha256"} if signs else set()
    wanted |= {"azure"} if name == "azure-connection-string" else set()
    wanted |= {"rs256"} if service_keys.private_pem(bait.text) else set()
    assert set(held) == wanted
    assert not any(one in str(held) for one in secrets)
