"""What holds for every persona: pure, one sort of answer for all, nothing constant but the imitated service's words."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.personas import Persona, Request

LABEL = "q7f3k29xk2m5v8w1z4y6c"
HEADER = re.compile(r"[\x20-\x7e]*\Z")


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


AWS = "AWS4-HMAC-SHA256 Credential={}/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00"
SAME_SHAPE = {
    "page": [("GET", f"/{label}/x", {}) for label in (LABEL, LABEL[::-1].replace("c", "d"))],
    "redirect, unsigned": [("GET", f"/?u=https://a.example&s={'0' * 15}{digit}", {}) for digit in "01"],
    "sms": [
        ("GET", f"/2010-04-01/Accounts/AC{d * 32}", {"authorization": basic(f"AC{d * 32}:{d * 32}")})
        for d in "ab"
    ],
    "s3": [("GET", "/", {"authorization": AWS.format(f"AKIA{letter * 16}")}) for letter in "QR"],
    "openai": [("GET", "/v1/models", {"authorization": f"Bearer sk-proj-{d * 40}"}) for d in "ab"],
    "stripe": [("GET", "/v1/customers", {"authorization": f"Bearer sk_live_{d * 40}"}) for d in "ab"],
    "github": [("GET", "/api/v3/user", {"authorization": f"token ghp_{d * 36}"}) for d in "ab"],
    "kubernetes": [("GET", "/api/v1/secrets", {"authorization": f"Bearer {d * 40}"}) for d in "ab"],
    "registry": [("GET", f"/v2/{d}/manifests/latest", {}) for d in "ab"],
    "vault": [("GET", "/v1/auth/token/lookup-self", {"x_vault_token": f"hvs.{d * 90}"}) for d in "ab"],
    "azure": [("GET", "/data/?comp=list", {"authorization": f"SharedKey data:{d * 43}="}) for d in "ab"],
    "sas": [("GET", f"/data/x?sv=1&se=2&sig={d * 43}%3D", {}) for d in "ab"],
    "keystone": [("POST", "/v3/auth/tokens", {"x_auth_token": d * 20}) for d in "ab"],
    "oauth": [("GET", f"/{d}/.well-known/openid-configuration", {"host": "h"}) for d in "ab"],
    "state": [("GET", "/terraform/state/core", {"authorization": basic(f"a:{d}")}) for d in "ab"],
    "git": [
        ("GET", f"/{d}.git/info/refs?service=git-upload-pack", {"authorization": basic("a:b")}) for d in "ab"
    ],
}


@pytest.mark.parametrize("shape", SAME_SHAPE)
def test_every_credential_of_a_shape_gets_the_same_sort_of_answer(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    (first, one), (second, two) = [
        ask(method, path, **headers) for method, path, headers in SAME_SHAPE[shape]
    ]
    assert first == second
    assert one.status == two.status
    assert [name for name, _ in one.headers] == [name for name, _ in two.headers]


@pytest.mark.parametrize("shape", SAME_SHAPE)
def test_the_same_request_gets_the_same_answer(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SAME_SHAPE[shape][0]
    assert ask(method, path, **headers) == ask(method, path, **headers)


@pytest.mark.parametrize(
    "shape", [shape for shape in SAME_SHAPE if shape not in ("openai", "stripe", "oauth")]
)
def test_no_two_installations_say_the_same(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SAME_SHAPE[shape][0]
    answers = {ask(method, path, key=bytes([number]) * 32, **headers)[1] for number in range(12)}
    assert len(answers) > 4


@pytest.mark.parametrize("shape", SAME_SHAPE)
def test_a_label_before_the_path_changes_nothing(ask, shape: str) -> None:  # type: ignore[no-untyped-def]
    method, path, headers = SAME_SHAPE[shape][0]
    plain, labelled = ask(method, path, **headers), ask(method, f"/{LABEL}{path}", **headers)
    assert labelled[0] == plain[0]
    assert labelled[1].status == plain[1].status


def test_nothing_names_the_product(ask) -> None:  # type: ignore[no-untyped-def]
    for requests in SAME_SHAPE.values():
        for method, path, headers in requests:
            assert not re.search(r"(?i)trapline|canar|honey|bait", str(ask(method, path, **headers)[1]))


def test_a_credential_is_read_whatever_its_scheme() -> None:
    def shown(authorization: str) -> str:
        return Request("GET", b"/", [(b"AUTHORIZATION", authorization.encode())], b"", tls=False).credential

    assert shown("bearer  abc") == shown("Token abc") == "abc"
    assert shown(basic("ann:p:w")) == "ann:p:w"
    assert shown("Basic %%%") == shown("Digest x=y") == shown("") == ""


def test_only_a_label_is_taken_off_the_path() -> None:
    def path(target: str) -> str:
        return Request("GET", target.encode(), [], b"", tls=False).service_path

    assert path(f"/{LABEL}/v1/models?x") == "/v1/models"
    assert path(f"/{LABEL}") == path(f"/{LABEL}/") == "/"
    assert path("/backups/2026/x") == "/backups/2026/x"
    assert path(f"/{LABEL}.html") == f"/{LABEL}.html"


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
