"""Real clients use real baits against a real listener, and ``trapline hits`` tells who, with what and from where.

Each client runs as a process of its own and binds its connections to an address of its own, so that the recorded
source (address *and* port) can be held against what the client's kernel says.
"""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from tests import steady
from tests.programs import require, require_any

Hit = dict[str, Any]

BOUND = """
import os, socket, sys

def bound(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        if arguments[1][:2] == ("127.0.0.1", int(os.environ["TRAP_PORT"])):
            arguments[0].bind((os.environ["SOURCE"], 0))
            print("from", *arguments[0].getsockname(), file=sys.stderr)

sys.addaudithook(bound)
"""
"""Before a Python client's own code: its connections to the trap come from ``SOURCE``, and it says from which port."""


class Field:
    """A home whose listener is running, and the command line on it."""

    def __init__(self, home: Home, address: tuple[str, int], folder: Path) -> None:
        self.home, self.address, self.folder = home, address, folder
        self.hits: list[Hit] = []
        self._base = [sys.executable, "-m", "listener", "--home", str(home.path)]
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TRAPLINE_", "AWS_", "OPENAI_", "HTTP_", "HTTPS_", "http_", "https_"))
        }
        self._follower = subprocess.Popen(
            [*self._base, "hits", "--follow", "--json"],
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._follower.stdout is not None
        for line in self._follower.stdout:
            self.hits.append(json.loads(line))

    def close(self) -> None:
        self._follower.terminate()
        self._follower.wait(steady.PATIENCE)
        self._reader.join(steady.PATIENCE)
        assert self._follower.stdout is not None
        self._follower.stdout.close()

    def trapline(self, *arguments: str) -> str:
        """What the command says on stdout."""
        done = subprocess.run(
            [*self._base, *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=steady.PATIENCE,
            env=self.environment,
        )
        return done.stdout

    def mint(self, kind: str, *options: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.trapline("mint", kind, "--json", *options))
        return found

    def python(self, source: str, code: str, **variables: str) -> tuple[str, set[tuple[str, int]]]:
        """Run a client; its output, and the addresses it has connected from."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", BOUND + textwrap.dedent(code)],
            capture_output=True,
            text=True,
            timeout=steady.PATIENCE,
            cwd=self.folder,
            check=False,
            env={
                **self.environment,
                "SOURCE": source,
                "TRAP_PORT": str(self.address[1]),
                "HOME": str(self.folder),
                **variables,
            },
        )
        assert done.returncode == 0, done.stderr
        ports = {(ip, int(port)) for ip, port in re.findall(r"^from (\S+) (\d+)$", done.stderr, re.MULTILINE)}
        assert ports, "it never came"
        return done.stdout, ports

    def wait(self, wanted: Callable[[Hit], bool], count: int = 1) -> list[Hit]:
        """Those hits, as soon as there are ``count`` of them."""

        def found() -> list[Hit]:
            here = [hit for hit in list(self.hits) if wanted(hit)]
            return here if len(here) >= count else []

        return steady.until(found, lambda: [hit["request"] for hit in self.hits])

    def of(self, canary: dict[str, Any], count: int = 1) -> list[Hit]:
        return self.wait(lambda hit: bool(hit["canary"] == canary["id"]), count)


def sources(hits: list[Hit]) -> set[tuple[str, int]]:
    return {(hit["source"]["ip"], hit["source"]["port"]) for hit in hits}


def token(canary: dict[str, Any], facet: str) -> str:
    (found,) = [one["value"] for one in canary["tokens"] if one["facet"] == facet]
    return str(found)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory, listen_once: Callable[..., Any]) -> Iterator[Field]:
    """A listener, and baits that point to it."""
    folder = tmp_path_factory.mktemp("field")
    home = Home.create(folder / "home", "")
    address = listen_once(home).http
    (home.path / "trapline.toml").write_text(f'[bait]\nbase_url = "http://127.0.0.1:{address[1]}"\n')
    field = Field(home, address, folder)
    yield field
    field.close()
    home.store.close()


def test_boto3_with_the_minted_profile(field: Field) -> None:
    out = field.folder / "aws"
    canary = field.mint("aws-key", "--out", str(out))
    said, ports = field.python(
        "127.0.0.3",
        """
        import boto3
        print(boto3.client("sts").get_caller_identity()["Account"])
        print(len(boto3.client("s3").list_buckets()["Buckets"]))
        """,
        AWS_SHARED_CREDENTIALS_FILE=str(out / ".aws" / "credentials"),
        AWS_CONFIG_FILE=str(out / ".aws" / "config"),
    )
    account, buckets = said.split()
    assert re.fullmatch(r"\d{12}", account)
    assert int(buckets) >= 0
    hits = field.of(canary, 2)
    assert sources(hits) == ports
    assert {hit["facet"] for hit in hits} == {"access_key_id"}
    assert {ip for ip, _ in ports} == {"127.0.0.3"}
    assert all("Boto3" in hit["client"] for hit in hits)


def test_the_openai_library(field: Field) -> None:
    canary = field.mint("openai-key")
    said, ports = field.python(
        "127.0.0.4",
        """
        import openai
        client = openai.OpenAI()
        models = [model.id for model in client.models.list()]
        print(len(models))
        reply = client.chat.completions.create(
            model=models[0], messages=[{"role": "user", "content": "hello"}])
        print(reply.choices[0].message.role)
        """,
        OPENAI_API_KEY=canary["row"]["secret"],
        OPENAI_BASE_URL=canary["row"]["url"],
    )
    models, role = said.split()
    assert int(models) > 0
    assert role == "assistant"
    hits = field.of(canary, 2)
    assert sources(hits) == ports
    assert {hit["facet"] for hit in hits} == {"secret"}
    assert [hit["request"].split()[0] for hit in hits] == ["GET", "POST"]


def test_the_stripe_library(field: Field) -> None:
    canary = field.mint("stripe-key")
    said, ports = field.python(
        "127.0.0.5",
        """
        import os, stripe
        client = stripe.StripeClient(os.environ["KEY"], base_addresses={"api": os.environ["BASE"]})
        print(client.v1.balance.retrieve().object)
        """,
        KEY=token(canary, "secret"),
        BASE=canary["row"]["url"],
    )
    assert said.split() == ["balance"]
    hits = field.of(canary)
    assert sources(hits) == ports
    assert {hit["facet"] for hit in hits} == {"secret"}


def test_pygithub(field: Field) -> None:
    canary = field.mint("github-token")
    said, ports = field.python(
        "127.0.0.6",
        """
        import os, github
        client = github.Github(
            base_url=os.environ["BASE"], auth=github.Auth.Token(os.environ["KEY"]), retry=None, timeout=20)
        print(client.get_user().login)
        client.close()
        """,
        KEY=token(canary, "secret"),
        BASE=canary["row"]["url"],
    )
    assert said.strip()
    hits = field.of(canary)
    assert sources(hits) == ports
    assert {hit["facet"] for hit in hits} == {"secret"}


def test_requests_queues_a_false_alert(field: Field) -> None:
    canary = field.mint("sms-gateway")
    said, ports = field.python(
        "127.0.0.7",
        """
        import os, requests
        sid = os.environ["SID"]
        reply = requests.post(
            f"{os.environ['BASE']}/2010-04-01/Accounts/{sid}/Messages.json", auth=(sid, os.environ["KEY"]),
            data={"To": "+13035550136", "From": "+13035550100", "Body": "Evacuate now"}, timeout=20)
        print(reply.status_code, reply.json()["status"])
        """,
        SID=token(canary, "account_sid"),
        KEY=token(canary, "auth_token"),
        BASE=canary["row"]["url"],
    )
    assert said.split() == ["201", "queued"]
    (hit,) = field.of(canary)
    assert sources([hit]) == ports
    assert hit["facet"] == "auth_token"
    assert set(hit["facets"]) == {"auth_token", "account_sid", "path"}


CURL = ("curl", "-sS", "--max-time", "20", "--interface", "127.0.0.8", "-o", "/dev/null")


def curl(field: Field, *arguments: str) -> tuple[str, int]:
    """Status and client port of one request from 127.0.0.8."""
    require("curl")
    done = subprocess.run(
        [*CURL, "-w", "%{http_code} %{local_port}", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=field.environment,
    )
    assert done.returncode == 0, done.stderr
    status, port = done.stdout.split()
    return status, int(port)


def test_curl_opens_a_page_and_a_pixel(field: Field) -> None:
    page, pixel = field.mint("url"), field.mint("url", "--set", "mode=pixel")
    for canary in (page, pixel):
        status, port = curl(field, canary["row"]["url"])
        if canary is pixel:
            assert status == "200"
        (hit,) = field.of(canary)
        assert sources([hit]) == {("127.0.0.8", port)}
        assert hit["facet"] == "path"
        assert hit["tls"] is None
        assert hit["client"].startswith("curl/")


def test_curl_follows_a_redirect_over_tls_with_our_authority(field: Field) -> None:
    canary = field.mint("url", "--set", "mode=redirect", "--set", "to=https://status.example.org/x?y=1")
    secure = canary["row"]["url"].replace("http://127.0.0.1", "https://localhost")
    authority = str(field.home.path / "keys" / "ca.pem")
    done = subprocess.run(
        [
            *CURL,
            "--cacert",
            authority,
            "-4",
            "-w",
            "%{redirect_url} %{local_port} %{ssl_verify_result}",
            secure,
        ],
        capture_output=True,
        text=True,
        check=True,
        env=field.environment,
    )
    target, port, verified = done.stdout.split()
    assert target == "https://status.example.org/x?y=1"
    assert verified == "0"
    (hit,) = field.of(canary)
    assert sources([hit]) == {("127.0.0.8", int(port))}
    assert hit["tls"]["sni"] == "localhost"
    assert hit["tls"]["version"].startswith("TLSv1.")
    assert re.fullmatch(r"t1[23]d\d{4}\w\d_[0-9a-f]{12}_[0-9a-f]{12}", hit["tls"]["ja4"])


def test_a_certificate_is_there_for_the_name_and_for_the_address(field: Field) -> None:
    canary = field.mint("url")
    context = ssl.create_default_context(cafile=str(field.home.path / "keys" / "ca.pem"))
    label = token(canary, "path")
    for name in ("localhost", "127.0.0.1"):
        with (
            socket.create_connection(
                field.address, timeout=steady.PATIENCE, source_address=("127.0.0.9", 0)
            ) as plain,
            context.wrap_socket(plain, server_hostname=name) as sock,
        ):
            port = sock.getsockname()[1]
            sock.sendall(f"GET /{label}/ HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            assert sock.recv(4096).startswith(b"HTTP/1.1 ")
        (hit,) = field.wait(lambda hit: hit["source"] == {"ip": "127.0.0.9", "port": port})  # noqa: B023
        assert hit["canary"] == canary["id"]
        assert hit["tls"]["sni"] == ("" if name == "127.0.0.1" else name)
        assert hit["tls"]["ja4"]


def test_two_requests_on_one_connection_are_two_hits(field: Field) -> None:
    first, second = field.mint("url"), field.mint("url")
    requests = "".join(
        f"GET /{token(one, 'path')}/ HTTP/1.1\r\nHost: x\r\n{more}\r\n"
        for one, more in ((first, ""), (second, "Connection: close\r\n"))
    )
    with socket.create_connection(
        field.address, timeout=steady.PATIENCE, source_address=("127.0.0.10", 0)
    ) as sock:
        port = sock.getsockname()[1]
        sock.sendall(requests.encode())  # pipelined
        answers = b"".join(iter(lambda: sock.recv(65_536), b""))
    assert answers.count(b"HTTP/1.1 ") == 2
    hits = field.wait(lambda hit: hit["source"] == {"ip": "127.0.0.10", "port": port}, 2)
    assert [hit["canary"] for hit in hits] == [first["id"], second["id"]]


HEADLESS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--ignore-certificate-errors",
    "--no-first-run",
    "--virtual-time-budget=3000",
    "--dump-dom",
)


@pytest.fixture(scope="module")
def chromium() -> str:
    return require_any("chromium", "chromium-browser", "google-chrome")


@pytest.mark.parametrize("mode", ["page", "pixel", "redirect"])
def test_a_real_browser(field: Field, chromium: str, tmp_path: Path, mode: str) -> None:
    options = ["--set", f"mode={mode}"]
    if mode == "redirect":
        options += ["--set", f"to=http://127.0.0.1:{field.address[1]}/arrived"]
    canary = field.mint("url", *options)
    url = canary["row"]["url"].replace("http://", "https://") if mode == "page" else canary["row"]["url"]
    document = tmp_path / "wiki.html"
    document.write_text(f"<p>Runbook</p>{canary['text']}")
    subprocess.run(
        [
            chromium,
            *HEADLESS,
            f"--user-data-dir={tmp_path / 'profile'}",
            document.as_uri() if mode == "pixel" else url,
        ],
        capture_output=True,
        check=True,
        timeout=steady.PATIENCE,
        env=field.environment,
    )
    hit = field.of(canary)[0]
    assert hit["facet"] == "path"
    assert hit["source"]["ip"] == "127.0.0.1"
    assert hit["source"]["port"] > 0
    assert "Chrome/" in hit["client"]
    assert bool(hit["tls"]) is (mode == "page")
    if mode == "page":
        assert hit["tls"]["ja4"].startswith("t13")


def test_the_plain_listing_says_the_same(field: Field) -> None:
    told = [json.loads(line) for line in field.trapline("hits", "--acts", "--json").splitlines()]
    seen = {hit["id"] for hit in field.hits}
    assert {hit["id"] for hit in told} >= seen
    assert len({hit["id"] for hit in told}) == len(told), "a hit is told twice"
