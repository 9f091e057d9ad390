"""A record of GitHub's audit log."""

from __future__ import annotations

from listener.logs.github_audit import GithubAudit

LINE = (
    b'{"@timestamp":1795766400000,"action":"git.clone","actor":"octocat","actor_ip":"203.0.113.7","org":"trust",'
    b'"repo":"trust/alerts","hashed_token":"q83v","user_agent":"git/2.43","token_id":77}'
)


def test_a_record() -> None:
    found = GithubAudit().record(LINE)
    assert found is not None
    assert (found.event, found.account, found.client) == ("git.clone", "octocat", "203.0.113.7")
    assert (found.at, found.request) == ("2026-11-27T08:00:00.000000Z", "git.clone trust/alerts")
    assert found.user_agent == "git/2.43"
    assert found.facts == {"org": "trust", "repo": "trust/alerts", "hashed_token": "q83v", "token_id": "77"}


def test_what_is_missing_or_none() -> None:
    found = GithubAudit().record(b'{"action":"team.create","@timestamp":"soon"}')
    assert found is not None
    assert (found.at, found.account, found.request) == ("", "", "team.create")
    assert GithubAudit().record(b'{"action":5}') is None
    assert GithubAudit().sound(LINE + b"\nnoise") == 1
