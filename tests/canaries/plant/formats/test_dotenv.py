"""``.env``: an assignment more, spelt as its neighbours are, under a name that nothing looks up."""

from __future__ import annotations

import re

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import planted, text_after


def test_it_stands_beside_its_like() -> None:
    after = text_after(".env", "A=1\nSTRIPE_KEY=x\n\nB=2\n", "stripe-key").splitlines()
    assert after[1] == "STRIPE_KEY=x"
    assert after[2].endswith("sk_live_" + after[2].partition("sk_live_")[2])
    assert "_STRIPE_SECRET_KEY=" in after[2]
    assert after[-2:] == ["", "B=2"]


def test_it_stands_behind_all_the_settings_of_its_like() -> None:
    old = "DB_HOST=a\nDB_DATABASE=shop\nDB_USERNAME=u\nDB_PASSWORD=p\nMAIL_HOST=b\n"
    lines = text_after(".env", old, "mysql").splitlines()
    assert [line.partition("=")[0] for line in lines[:4]] == [
        "DB_HOST",
        "DB_DATABASE",
        "DB_USERNAME",
        "DB_PASSWORD",
    ]
    assert [line.partition("=")[0].partition("_")[2] for line in lines[4:8]] == [
        line.partition("=")[0] for line in lines[:4]
    ]
    assert lines[-1] == "MAIL_HOST=b"


@pytest.mark.parametrize(
    ("old", "start", "quote"),
    [
        ("export A='b'\n", "export ", "'"),
        ('A="b"\n', "", '"'),
        ("A=b\n", "", ""),
    ],
)
def test_export_and_quotes_follow_the_file(old: str, start: str, quote: str) -> None:
    line = text_after(".env", old, "github-token").splitlines()[1]
    assert line.startswith(start)
    assert line.partition("=")[2].startswith(f"{quote}ghp_")
    assert line.endswith(quote)


def test_what_needs_quotes_gets_them() -> None:
    assert '="DefaultEndpointsProtocol=https;' in text_after(".env", "A=b\n", "azure-connection-string")


def test_the_very_names_only_where_asked_and_never_over_one_in_use() -> None:
    composed, after = planted(".env", b"A=1\n", "stripe-key", manner="live")
    assert b"\nSTRIPE_SECRET_KEY=" in after
    assert "STRIPE_SECRET_KEY" in composed.remarks[0]
    with pytest.raises(PlantError, match="override"):
        planted(".env", b"STRIPE_SECRET_KEY=1\n", "stripe-key", manner="live")


def test_a_commented_old_value_where_asked() -> None:
    after = text_after(".env", "STRIPE_SECRET_KEY=1\nB=2\n", "stripe-key", manner="comment")
    assert after.splitlines()[1].startswith("# STRIPE_SECRET_KEY=sk_live_")


def test_a_quoted_value_over_several_lines_is_one_value() -> None:
    old = 'KEY="-----BEGIN\nSTRIPE_KEY=not this\n-----END"\nB=2\n'
    assert text_after(".env", old, "stripe-key").startswith(old[: old.index("B=2")])


def test_of_a_whole_env_only_what_tells_goes_in() -> None:
    after = text_after(".env", "A=1\n", "env-file")
    assert "ALLOWED_HOSTS" not in after
    assert "_STRIPE_SECRET_KEY=" in after


@pytest.mark.parametrize("kind", ["postgres-url", "mysql", "smtp-credentials"])
@pytest.mark.parametrize(
    "names",
    [("HOST", "PORT", "USERNAME", "PASSWORD"), ("PASS", "USER", "HOST"), ("SERVER", "LOGIN", "PASSWD")],
)
def test_a_login_has_the_names_of_the_files_own(kind: str, names: tuple[str, ...]) -> None:
    head = "MAIL" if kind.startswith("smtp") else "DB"
    lines = [f"{head}_{name}={'25' if name == 'PORT' else 'x'}" for name in names]
    text = "\n".join(["APP_KEY=y", f"{head}_POOL=5", *lines, f"{head}_TLS=on", "", "AWS_BUCKET=z", ""])
    after = text_after(".env", text, kind)
    made = [line for line in after.splitlines() if line not in text.splitlines()]
    assert [line.partition("=")[0].partition("_")[2] for line in made] == [f"{head}_{name}" for name in names]
    assert after.splitlines().index(made[0]) == text.splitlines().index(f"{head}_TLS=on") + 1


def test_a_login_stands_in_no_other_services_group() -> None:
    text = "REDIS_HOST=a\nREDIS_USER=b\nREDIS_PASSWORD=c\nAPP_URL=https://a\nAPP_KEY=c\n"
    for kind in ("postgres-url", "smtp-credentials", "stripe-key"):
        made = set(text_after(".env", text, kind).splitlines()) - set(text.splitlines())
        assert not any("_REDIS_" in line or "_APP_" in line for line in made)


def test_quotes_are_those_of_the_setting_beside() -> None:
    text = 'A=b\nB=c\nC=d\nDATABASE_URL="postgres://a:b@c/d"\n'
    assert re.search(r'^[A-Z]+_DATABASE_URL="[^"]+"$', text_after(".env", text, "postgres-url"), re.MULTILINE)


@pytest.mark.parametrize("folder", ["etc/default", "etc/sysconfig", "/srv/image/etc/default"])
def test_variables_of_services_are_a_format_and_those_of_the_system_none(folder: str) -> None:
    old = "# sourced\nREDIS_URL=redis://a\nOPTS='-v \\\n -w'\n"
    assert "_REDIS_URL=redis://" in text_after(f"{folder}/shop", old, "redis-url")
    with pytest.raises(PlantError, match="not known"):
        text_after(f"{folder}/grub", old, "redis-url")


@pytest.mark.parametrize("place", range(3))
def test_a_continued_line_is_no_hindrance_wherever_it_is(place: int) -> None:
    lines = ["A=b", "REDIS_URL=redis://a"]
    lines.insert(place, 'OPTS="--verbose \\\n --workers 4"')
    composed, _ = planted(".env", ("\n".join(lines) + "\n").encode(), "redis-url")
    assert "#" not in composed.added
    assert not composed.remarks


def test_a_comment_is_seen_by_nothing_that_loads_the_file() -> None:
    composed, _ = planted(".env", b"REDIS_URL=redis://a\n", "redis-url", manner="comment")
    assert not composed.remarks
