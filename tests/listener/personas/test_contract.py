"""What holds for every persona: pure, one sort of answer for all, nothing constant but the imitated service's words."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canaries import kinds
from canaries.core import plugins
from canaries.core.plugins import classes
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, Order, fill
from canaries.kinds._service import ServiceKey
from canaries.protocols.site_paths import site_path
from listener.http.open_services import OpenServices
from listener.personas import FOLDER, Persona, Request
from listener.personas._key_api import KeyApi
from listener.protocol.identity import Identity
from tests import hooks
from tests.listener.personas.conftest import NOW, answer_of

LABEL = "q7f3k29xk2m5v8w1z4y6c"
HEADER = re.compile(r"[\x20-\x7e]*\Z")


PERSONAS = classes(FOLDER, Persona)
OWN = {name: hooks.own_tests("tests.listener.personas", name) for name in PERSONAS}
SHAPES = {
    f"{name}: {shape}": requests
    for name, own in OWN.items()
    for shape, requests in getattr(own, "SHAPES", {}).items()
}
DIFFERENT = [shape for shape in SHAPES if not hasattr(OWN[shape.partition(":")[0]], "SAME_EVERYWHERE")]
each_shape = pytest.mark.parametrize("shape", SHAPES)


@pytest.mark.parametrize("name", PERSONAS)
def test_its_own_tests_show_what_it_claims(ask, name: str) -> None:  # type: ignore[no-untyped-def]
    """Without shapes (see tests/hooks.py) nothing below would look at it."""
    own: Any = OWN[name]
    if own is None:
        pytest.skip("another package's")
    for requests in own.SHAPES.values():
        assert len(requests) == 2
        assert requests[0] != requests[1]
        assert {ask(method, path, **headers)[0] for method, path, headers in requests} == {name}


@each_shape
def test_every_credential_of_a_shape_gets_the_same_sort_of_answer(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    (first, one), (second, two) = [ask(method, path, **headers) for method, path, headers in SHAPES[shape]]
    assert first == second
    assert one.status == two.status
    assert [name for name, _ in one.headers] == [name for name, _ in two.headers]


@each_shape
def test_the_same_request_gets_the_same_answer(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SHAPES[shape][0]
    assert ask(method, path, **headers) == ask(method, path, **headers)


@pytest.mark.parametrize("shape", DIFFERENT)
def test_no_two_installations_say_the_same(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SHAPES[shape][0]
    answers = {ask(method, path, key=bytes([number]) * 32, **headers)[1] for number in range(12)}
    own = {
        answer for answer in answers if answer.name != "refuses"
    }  # that is the web server's page, as nginx has it
    assert not own or len(answers) > 4


@each_shape
def test_a_label_before_the_path_changes_nothing(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SHAPES[shape][0]
    plain, labelled = ask(method, path, **headers), ask(method, f"/{LABEL}{path}", **headers)
    assert labelled[0] == plain[0]
    assert labelled[1].status == plain[1].status


KEYS = {
    f"{'/'.join(site_path(key).words)} {site_path(key).form}": key
    for key in (bytes([number]) * 32 for number in range(200))
}
"""An installation of each form that addresses of bait have."""


@each_shape
def test_the_path_that_bait_has_before_its_service_changes_nothing(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SHAPES[shape][0]
    for key in KEYS.values():
        form = site_path(key)
        place = form.place("other", form.written(form.raw_id(SeededRandom(bytes(32)), "id")[0]))
        plain = ask(method, path, key=key, **headers)
        placed = ask(method, f"{place}{path}", key=key, **headers)
        assert placed[0] == plain[0], place
        if plain[0] != "page":  # the host's own root is only at its root
            assert placed[1].status == plain[1].status, place


def test_nothing_names_the_product(ask) -> None:  # type: ignore[no-untyped-def]
    for requests in SHAPES.values():
        for method, path, headers in requests:
            assert not re.search(r"(?i)trapline|canar|honey|bait", str(ask(method, path, **headers)[1]))


def test_a_credential_is_read_whatever_its_scheme() -> None:
    def shown(authorization: str) -> str:
        return Request("GET", b"/", [(b"AUTHORIZATION", authorization.encode())], b"", tls=False).credential

    assert shown("bearer  abc") == shown("Token abc") == "abc"
    assert shown(hooks.basic("ann:p:w")) == "ann:p:w"
    assert shown("Basic %%%") == shown("Digest x=y") == shown("") == ""


def test_only_a_label_is_taken_off_the_path() -> None:
    def path(target: str) -> str:
        return Request("GET", target.encode(), [], b"", tls=False).service_path

    assert path(f"/{LABEL}/v1/models?x") == "/v1/models"
    assert path(f"/{LABEL}") == path(f"/{LABEL}/") == "/"
    assert path("/backups/2026/x") == "/backups/2026/x"
    assert path(f"/{LABEL}.html") == f"/{LABEL}.html"


def first_segment(path: str) -> str:
    return path.partition("?")[0][1:].partition("/")[0]


def test_a_persona_claims_no_path_of_another_first_segment_than_it_names(personas: list[Persona]) -> None:
    """For others it is not asked (`OpenServices.to_ask`): whatever is shown, and whatever stands behind."""
    claimed = {persona.name: 0 for persona in personas if persona.segments}
    for requests in SHAPES.values():
        for method, path, headers in requests:
            sent = [(one.replace("_", "-").encode(), value.encode()) for one, value in headers.items()]
            first = first_segment(path)
            for segment in (first, "zz", f"{first}x", "", *sorted({"v1", "api"} - {first})):
                target = f"/{segment}{path[1 + len(first) :]}".encode()
                request = Request(method, target, sent, b"", tls=True, at=NOW)
                for persona in personas:
                    if persona.segments and persona.claims(request):
                        assert segment in persona.segments, (persona.name, target)
                        claimed[persona.name] += 1
    assert min(claimed.values()) > 0


PATHS = st.sampled_from(
    [
        "/",
        "/v1/models",
        "/v1/chat/completions",
        "/v1/balance",
        "/api/v3/user",
        "/2010-04-01/Accounts.json",
        "/x.git/info/refs",
        "/api/v1/pods",
        "/apis/apps/v1",
        "/v2/a/manifests/b",
        "/v1/auth/token/lookup-self",
        "/v3/auth/tokens",
        "/oauth2/token",
        "/a/?comp=list&sv=&se=&sig=",
        "/terraform/state/x",
        "/client/v4/zones",
        "/api/v10/users/@me",
        "/api/v4/projects/1",
        "/api/2.0/clusters/list",
        "/v1/messages",
        "/v1/users/me",
        "/v2/account",
        "/v3/mail/send",
        "/graphql",
        "/api/auth.test",
        "/services/TAAAAAAAA/BAAAAAAAA/aaaaaaaaaaaaaaaa",
        "/bot123456:" + "a" * 35 + "/getMe",
        "/api/1/envelope/",
        "/admin/api/2025-01/shop.json",
        "/simple/x/",
        "/-/whoami",
    ]
)
SCHEMES = st.sampled_from(
    [
        "",
        "Basic ",
        "Bearer ",
        "token ",
        "AWS4-HMAC-SHA256 Credential=",
        "Bearer sk-",
        "Basic QUM6",
        "SharedKey ",
        "AWS AKIAQQQQQQQQQQQQQQQQ:",
        "Bot ",
        "lin_api_" + "a" * 40,
        "Bearer xoxb-1-2-3",
    ]
)


@settings(max_examples=300)
@given(
    st.sampled_from(["GET", "POST", "PUT", "PROPFIND", "\xff"]),
    st.one_of(PATHS, st.text(max_size=60)).map(lambda text: text.encode()),
    SCHEMES,
    st.binary(max_size=80),
    st.binary(max_size=120),
)
def test_no_request_breaks_a_persona_or_reaches_a_header(
    personas: list[Persona], method: str, target: bytes, scheme: str, credential: bytes, body: bytes
) -> None:
    request = Request(
        method, target, [(b"Authorization", scheme.encode() + credential)], body, tls=True, at=0
    )
    persona = next(persona for persona in personas if persona.claims(request))
    answer = persona.answer(request)
    assert 200 <= answer.status < 600
    for name, value in answer.headers:
        assert HEADER.match(name)
        assert HEADER.match(value)


KINDS = plugins.classes(kinds.FOLDER, Kind)
LEADS = {kind: name for name, persona in PERSONAS.items() if not persona.any_bait for kind in persona.kinds}
"""Kind to a persona that imitates the API its bait leads to; what answers any bait only asks for credentials."""


def first_requests(name: str, base_url: str) -> list[Request]:
    """What ``trapline kinds`` says to try with a bait of this kind, as far as that is curl."""
    order = Order(SeededRandom(b"o" * 32), base_url, "", "en_US", "2026-11-22T12:00:00.000000Z")
    kind = KINDS[name]()
    lines = fill(kind.try_hint, kind.mint(order, kind.Options())).splitlines()
    return [
        curl(shlex.split(line)[1:])
        for line in lines
        if line.startswith("curl ") and "--aws-sigv4" not in line
    ]


def curl(words: list[str]) -> Request:
    """The request that curl makes of these words."""
    method, headers, body, url = "", [], [], ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            header, _, value = next(rest).partition(": ")
            headers.append((header.encode(), value.encode()))
        elif word == "-u":
            headers.append((b"Authorization", hooks.basic(next(rest)).encode()))
        elif word in ("-d", "--data-urlencode", "--data-binary", "-F"):
            body.append(next(rest))
        elif not word.startswith("-"):
            url = word
    scheme, _, rest_of_url = url.partition("://")
    host, _, path = rest_of_url.partition("/")
    login, _, host = host.rpartition("@")
    headers.append((b"Host", host.encode()))
    if login:
        headers.append((b"Authorization", hooks.basic(login).encode()))
    return Request(
        method or ("POST" if body else "GET"),
        f"/{path}".encode(),
        headers,
        "&".join(body).encode(),
        tls=scheme == "https",
        at=NOW,
    )


@pytest.mark.parametrize("name", sorted(name for name in KINDS if issubclass(KINDS[name], ServiceKey)))
def test_every_services_key_leads_to_a_persona(name: str) -> None:
    assert name in LEADS


@pytest.mark.parametrize("base_url", ["https://{label}.harbour-view.net", "http://192.0.2.7:8080"])
@pytest.mark.parametrize("name", sorted(LEADS))
def test_a_kinds_first_request_gets_its_services_own_answer(
    personas: list[Persona], name: str, base_url: str
) -> None:
    for request in first_requests(name, base_url):
        persona, answer = answer_of(personas, request)
        assert name in PERSONAS[persona].kinds
        assert b"<html" not in answer.body.lower()
        assert b"<!doctype" not in answer.body.lower()
        kind = {header.lower(): value for header, value in answer.headers}["content-type"]
        if "json" in kind:
            json.loads(answer.body)
        elif "xml" in kind:
            ElementTree.fromstring(answer.body)


def test_a_persona_is_for_kinds_that_there_are() -> None:
    assert {kind for persona in PERSONAS.values() for kind in persona.kinds} <= set(KINDS)


def below(name: str) -> tuple[str, dict[str, str]]:
    """A path of a persona's API that nobody has heard of, with a credential of its form."""
    persona: Any = PERSONAS[name]
    own: Any = OWN[name]
    _, path, headers = next(iter(own.SHAPES.values()))[0]
    if persona.prefix is None:
        prefix = persona.base
    else:
        found = persona.prefix.match(path)
        prefix = found[0] if found else persona.prefix.pattern
    return f"{prefix.rstrip('/')}/no-such-thing-9/at-all", headers


SERVICES = [
    name
    for name, persona in PERSONAS.items()
    if OWN[name] and (persona.prefix is not None or issubclass(persona, KeyApi))
]


@pytest.mark.parametrize("name", SERVICES)
def test_an_unknown_path_below_its_prefix_gets_the_services_own_refusal(name: str) -> None:
    """Wherever its bait is live: the host's own page there would tell that nobody is behind it."""
    path, headers = below(name)
    sent = [(one.replace("_", "-").encode(), value.encode()) for one, value in headers.items()]
    live = frozenset({next(iter(sorted(PERSONAS[name].kinds)))})
    identity = Identity(bytes(range(32)))
    services = OpenServices(identity, lambda: live)
    request = Request("GET", f"/{LABEL}{path}".encode(), sent, b"", tls=False, at=NOW)
    assert request.baited(identity)
    persona, answer = answer_of(list(services.at(request)), request)
    assert not persona.startswith("page"), "the host's page"
    assert answer.status >= 400 or b'"ok":false' in answer.body
    kind = dict(answer.headers).get("Content-Type") or dict(answer.headers)["content-type"]
    assert "json" in kind or "xml" in kind, kind


@pytest.mark.parametrize("name", PERSONAS)
def test_each_service_has_a_prefix_or_says_why_not(name: str) -> None:
    persona = PERSONAS[name]
    services = persona.prefix is not None or issubclass(persona, KeyApi)
    assert not persona.kinds or services or persona.prefixless
    assert not (services and persona.prefixless)


@pytest.mark.parametrize(
    ("key", "said"),
    [("sk-proj-" + "a" * 24, "Invalid URL (GET /v1/no-such)"), ("sk-ant-api03-" + "a" * 90, '"type":"error"'),
     ("sk_live_" + "a" * 24, "Unrecognized request URL (GET: /v1/no-such)"),
     ("ntn_" + "a" * 46, '"object":"error"')],
)  # fmt: skip
def test_of_services_with_one_prefix_the_credential_decides(key: str, said: str) -> None:
    live = frozenset({"openai-key", "anthropic-key", "stripe-key", "notion-token"})
    services = OpenServices(Identity(bytes(range(32))), lambda: live)
    sent = [(b"authorization", f"Bearer {key}".encode())] if key else []
    request = Request("GET", f"/{LABEL}/v1/no-such".encode(), sent, b"", tls=False, at=NOW)
    _, answer = answer_of(list(services.at(request)), request)
    assert said in answer.body.decode()
