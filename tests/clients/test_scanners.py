"""Secret scanners run over one sample of each kind of key: what a scanner can name is named.

A scanner is a tripwire (some log in with what they find), and an intruder's first sieve: a bait it passes over is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint

pytestmark = pytest.mark.clients

CLIENTS = Path(os.environ.get("CLIENTS", Path(__file__).parent.parent.parent / ".venv-clients"))

SCANNERS = ("kingfisher 1", "kingfisher 2", "gitleaks", "detect-secrets", "secretlint")

NAMED: dict[str, tuple[str, ...]] = {
    "amqp-url": ("rabbitmq", "credential-uri", "", "Basic Auth", ""),
    "anthropic-key": ("anthropic", "anthropic", "anthropic", "", "ANTHROPIC"),
    "aws-key": ("aws", "aws", "aws", "AWS Access Key", "AWS"),
    "azure-client-secret": ("azure", "azure-ad", "azure-ad", "", ""),
    "azure-connection-string": ("azurestorage", "azure-storage", "", "Azure Storage", ""),
    "cloudflare-token": ("cloudflare", "cloudflare", "cloudflare", "", ""),
    "cohere-key": ("", "cohere", "cohere", "", ""),
    "databricks-token": ("databricks", "databricks", "databricks", "", "DATABRICKS"),
    "datadog-key": ("datadog", "datadog", "", "", ""),
    "digitalocean-token": ("digitalocean", "digitalocean", "digitalocean", "", ""),
    "discord-bot-token": ("", "", "", "Discord", ""),
    "docker-config": ("docker", "", "", "", ""),
    "ftp-credentials": ("ftp", "credential-uri", "", "Basic Auth", "BasicAuth"),
    "gcp-service-account": ("gcp", "gcp", "private-key", "Private Key", "PrivateKey"),
    "gh-hosts": ("github", "github", "github", "GitHub", "GITHUB"),
    "git-credentials": ("uri", "credential-uri", "", "Basic Auth", "BasicAuth"),
    "git-remote": ("uri", "credential-uri", "", "Basic Auth", "BasicAuth"),
    "github-token": ("github", "github-pat", "github-pat", "GitHub", "GITHUB"),
    "github-token style=fine-grained": ("github", "github-fine", "github-fine", "", "GITHUB"),
    "gitlab-token": ("gitlab", "gitlab", "gitlab", "GitLab", "GITLAB"),
    "gitlab-token style=routable": ("gitlab", "gitlab", "gitlab", "GitLab", "GITLAB"),
    "groq-key": ("groq", "groq", "", "", "GROQ"),
    "heroku-key": ("heroku", "heroku", "heroku", "", ""),
    "huggingface-token": ("huggingface", "huggingface", "huggingface", "", "HUGGINGFACE"),
    "jwt": ("jwt", "jwt", "jwt", "JSON Web Token", ""),
    "kubeconfig": ("jwt", "jwt", "jwt", "JSON Web Token", ""),
    "linear-key": ("linear", "linear", "linear", "", "LINEAR"),
    "mailgun-key": ("mailgun", "mailgun", "mailgun", "", ""),
    "mongodb-url": ("mongodb", "mongodb", "", "Basic Auth", "MongoDB"),
    "mysql": ("mysql", "credential-uri", "", "Basic Auth", "MySQL"),
    "netrc": ("netrc", "", "", "", ""),
    "newrelic-key": ("", "new-relic", "new-relic", "", ""),
    "notion-token": ("notion", "notion", "notion", "", "NOTION"),
    "npm-token": ("npm", "npm", "npm", "NPM", "NPM"),
    "openai-key": ("openai", "openai", "openai", "OpenAI", "OPENAI"),
    "pip-conf": ("uri", "credential-uri", "", "Basic Auth", "BasicAuth"),
    "postgres-url": ("postgres", "credential-uri", "", "Basic Auth", "PostgreSQL"),
    "pypirc": ("pypi", "pypi", "pypi", "PyPI", ""),
    "redis-url": ("redis", "credential-uri", "", "Basic Auth", ""),
    "sendgrid-key": (
        "sendgrid",
        "sendgrid",
        "sendgrid",
        "SendGrid",
        "",
    ),  # secretlint: only where a hyphen was drawn, every second one
    "sentry-dsn": ("sentry", "", "", "", ""),
    "shopify-token": ("shopify", "shopify", "shopify", "", "SHOPIFY"),
    "slack-bot-token": ("slack", "slack", "slack", "Slack", "SLACK"),
    "sms-gateway": ("twilio", "twilio", "twilio", "Twilio", ""),
    "square-token": ("square", "square", "square", "", ""),
    "ssh-key": ("pem", "private-key", "private-key", "Private Key", "PrivateKey"),
    "stripe-key": ("stripe", "stripe", "stripe", "Stripe", ""),
    "telegram-bot-token": ("telegram", "telegram", "telegram", "Telegram", ""),
    "terraform-credentials": ("terraform", "hashicorp", "hashicorp", "", ""),
    "vault-token": ("hashicorp", "vault", "vault", "", "VAULT"),
    "wireguard": ("wireguard", "", "", "", ""),
}
"""Kind to a word of the rule that names it, scanner by scanner; empty: this scanner has no rule for it.

Kingfisher 2 brings betterleaks' rules. Nobody names newrelic-key's sort of licence keys; kingfisher 1 names one in two
of smtp-credentials."""

SAMPLES = 7
"""Of each kind: scanners' thresholds (entropy, digits) let some values pass by, so most of them must be named."""

TWINS = ("github-token", "github-token style=fine-grained", "gitlab-token style=routable", "npm-token")
"""Kinds with a checksum, of which kingfisher 1 drops those whose checksum is wrong."""

Found = dict[str, dict[str, list[set[str]]]]
"""Scanner to kind to the rules that named each sample."""


def baits(home: Home, wanted: str) -> Iterator[tuple[str, str]]:
    """Baits of ``KIND NAME=VALUE...``: the text of each with its files, and its strongest token."""
    kind, *options = wanted.split()
    for made in mint(home, kind, options=dict(option.split("=") for option in options), count=SAMPLES):
        files = [file.content.decode() for file in made.bait.files]
        yield "\n".join([made.bait.text, *files]), made.bait.tokens[0].value


def wrong(token: str) -> str:
    """The same shape with another checksum: the last characters of each of these formats are it, or are under it."""
    at = -12 if token.startswith("github_pat_") else -1
    other = "B" if token[at].isupper() else "1" if token[at] == "0" else "0"
    other = "A" if other == token[at] else other
    return token[:at] + other + (token[at + 1 :] if at != -1 else "")


def put(folder: Path, name: str, number: int, text: str) -> None:
    place = folder / name.replace(" ", "~")
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{number}.txt").write_text(text)


@pytest.fixture(scope="module")
def loot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stolen folder: one folder a bait, and twins whose checksum is wrong."""
    top = tmp_path_factory.mktemp("scanned")
    home = Home.create(
        top / "home", '[bait]\nbase_url = "https://{label}.harbour-view.net"\ndomain = "harbour-view.net"\n'
    )
    folder = top / "loot"
    for wanted in NAMED:
        for number, (text, token) in enumerate(baits(home, wanted)):
            put(folder, wanted, number, text)
            if wanted in TWINS:
                put(folder, f"twin {wanted}", number, text.replace(token, wrong(token)))
    home.store.close()
    return folder


@pytest.fixture(scope="module")
def found(loot: Path) -> Found:
    """Scanner to kind to the rules that it named."""
    report: Found = {}
    for number in (1, 2):
        report[f"kingfisher {number}"] = _grouped(_kingfisher(loot, number))
    report["gitleaks"] = _grouped(_gitleaks(loot))
    report["detect-secrets"] = _grouped(_detect_secrets(loot))
    report["secretlint"] = _grouped(_secretlint(loot))
    return report


def _grouped(named: Iterator[tuple[str, str]]) -> dict[str, list[set[str]]]:
    groups: dict[str, list[set[str]]] = {}
    for path, rule in named:
        place = Path(path)
        group = groups.setdefault(place.parent.name.replace("~", " "), [set() for _ in range(SAMPLES)])
        group[int(place.stem)].add(rule.lower())
    return groups


def times(samples: list[set[str]], word: str) -> int:
    """How many of the samples a rule with that word named."""
    return sum(any(word.lower() in rule for rule in rules) for rules in samples)


def _run(*command: str, cwd: Path, **variables: str) -> str:
    environment = {"PATH": f"{CLIENTS / 'bin'}:/usr/bin:/bin", "HOME": str(cwd.parent), **variables}
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=240, check=False
    )
    assert done.stdout, done.stderr
    return done.stdout


def _kingfisher(loot: Path, number: int) -> Iterator[tuple[str, str]]:
    options = ["--no-validate", "--confidence", "low", "--no-dedup", "--format", "json", "--no-update-check"]
    program = ["python", "-m", "kingfisher", "scan", str(loot), *options]
    said = _run(*program, cwd=loot, PYTHONPATH=str(CLIENTS / f"kingfisher{number}"))
    report, _ = json.JSONDecoder().raw_decode(said)
    for one in report["findings"]:
        yield one["finding"]["path"], one["rule"]["id"]


def _gitleaks(loot: Path) -> Iterator[tuple[str, str]]:
    for one in _json(_run("gitleaks", "dir", str(loot), "--no-banner", "-f", "json", "-r", "-", cwd=loot)):
        yield one["File"], one["RuleID"]


def _detect_secrets(loot: Path) -> Iterator[tuple[str, str]]:
    report = _json(_run("detect-secrets", "scan", "--all-files", "--no-verify", ".", cwd=loot))
    for path, secrets in report["results"].items():
        for one in secrets:
            yield path, one["type"]


def _secretlint(loot: Path) -> Iterator[tuple[str, str]]:
    rules = loot.parent / "secretlintrc.json"
    rules.write_text('{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}')
    program = CLIENTS / "npm" / "node_modules" / ".bin" / "secretlint"
    report = (
        loot.parent / "secretlint.json"
    )  # a pipe would be cut at 64 KiB: it exits before it has written all
    options = ["--secretlintrc", str(rules), "--format", "json", "--output", str(report)]
    subprocess.run(
        [str(program), *options, f"{loot}/**/*"],
        capture_output=True,
        cwd=CLIENTS / "npm",
        timeout=240,
        check=False,
    )
    for one in _json(report.read_text()):
        for message in one["messages"]:
            yield one["filePath"], message["messageId"]


def _json(text: str) -> Any:
    return json.loads(text)


@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("wanted", sorted(NAMED))
def test_it_is_named(found: Found, wanted: str, scanner: str) -> None:
    word = NAMED[wanted][SCANNERS.index(scanner)]
    samples = found[scanner].get(wanted, [])
    assert not word or times(samples, word) > SAMPLES // 2, samples


@pytest.mark.parametrize("wanted", TWINS)
def test_a_wrong_checksum_is_dropped(found: Found, wanted: str) -> None:
    """So that the findings above say that ours are right."""
    service = wanted.partition("-")[0]
    assert times(found["kingfisher 1"][wanted], service) > SAMPLES // 2
    assert not times(found["kingfisher 1"].get(f"twin {wanted}", []), service)
