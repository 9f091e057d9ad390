"""Property files: a group like another data source's."""

from __future__ import annotations

import re

from tests.canaries.plant.formats.forms import text_after


def test_a_data_source_gets_a_brother_that_no_program_reads() -> None:
    old = "spring.datasource.url=jdbc:mysql://localhost/a\nspring.datasource.username=u\nspring.datasource.password=real\n"
    added = text_after("application.properties", old, "mysql")[len(old) :].splitlines()
    assert [line.partition(".")[2].partition("=")[0] for line in added] == [
        "datasource.url",
        "datasource.username",
        "datasource.password",
    ]
    assert added[0].partition("=")[2].startswith("jdbc:mysql://")
    assert not any(line.startswith("spring.") for line in added)


def test_a_continued_line_is_not_cut() -> None:
    old = "a.password=x \\\n  y\nb=1\n"
    assert "a.password=x \\\n  y\n" in text_after("a.properties", old, "stripe-key")


def test_a_login_in_camel_case_is_made_whole() -> None:
    old = "dbHost=h\ndbUser=u\ndbPassword=x\nmailUser=u\nmailPassword=x\n"
    added = text_after("app.properties", old, "mysql").replace(old.partition("mail")[0], "").splitlines()
    assert [line.partition("=")[0].partition("Db")[2] for line in added[:3]] == ["Host", "User", "Password"]


def test_what_a_wrapper_downloads_is_no_login() -> None:
    old = "distributionBase=HOME\ndistributionUrl=https\\://a.example/b.zip\nzipStorePath=c\n"
    added = text_after("gradle-wrapper.properties", old, "stripe-key").replace(old, "").splitlines()
    assert all(line.startswith("# ") for line in added)
    assert not any(
        "istribution" in line for line in text_after("a.properties", old, "stripe-key").splitlines()[3:]
    )


def test_an_address_does_not_part_a_group() -> None:
    old = "spring.datasource.url=jdbc:h2:a\nspring.datasource.username=u\nspring.datasource.password=x\nb=1\n"
    assert text_after("a.properties", old, "url").startswith(old.removesuffix("b=1\n"))


def test_a_name_is_spelled_as_that_beside_it() -> None:
    old = "org.gradle.jvmargs=-Xmx2g\norg.gradle.parallel=true\nnexusUsername=u\nnexusPassword=x\n"
    assert "StripeSecretKey=sk_live_" in text_after("gradle.properties", old, "stripe-key")


def test_the_one_login_of_sbt_is_commented_out_whole() -> None:
    old = "realm=Nexus\nhost=h\nuser=u\npassword=x\n"
    added = text_after(".sbt/.credentials", old, "netrc")[len(old) :].splitlines()
    assert [line.partition("=")[0] for line in added] == ["# realm", "# host", "# user", "# password"]


def test_what_a_login_has_further_below_belongs_to_it() -> None:
    old = "quarkus.datasource.username=a\nquarkus.datasource.password=b\nquarkus.datasource.jdbc.url=jdbc:postgresql://h/a\n"
    added = text_after("application.properties", old, "postgres-url")[len(old) :].splitlines()
    ends = [line.partition("=")[0].partition(".")[2] for line in added]
    assert ends == ["datasource.username", "datasource.password", "datasource.jdbc.url"]


def test_the_sign_between_key_and_value_is_the_files() -> None:
    old = "hibernate.connection.username a\nhibernate.connection.password b\nhibernate.connection.url jdbc:mysql://h/a\n"
    assert "=" not in text_after("hibernate.properties", old, "mysql")


def test_a_program_that_knows_one_database_gets_another_login_in_its_words() -> None:
    old = "changeLogFile: a.xml\nurl: jdbc:postgresql://a/b\nusername: c\npassword: d\ndriver: org.postgresql.Driver\n"
    after = text_after("liquibase.properties", old, "postgres-url")
    made = [line for line in after.splitlines() if line not in old.splitlines()]
    names = [re.sub("^[a-z]+", "", line.partition(": ")[0]) for line in made]
    assert names == ["Url", "Username", "Password"]
    assert ": jdbc:postgresql://" in made[0]
