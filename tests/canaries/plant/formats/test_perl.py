"""Perl: variables, constants and hashes of settings."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after

HASH = "our %config = (\n    api_key => 'x'\n);\n1;\n"


def test_an_entry_more_comes_before_the_last_one_that_has_no_comma() -> None:
    after = text_after("config.pl", HASH, "postgres-url")
    assert after.splitlines()[1].endswith(",")
    assert after.splitlines()[2] == "    api_key => 'x'"


def test_an_address_is_the_same_in_either_quotes() -> None:
    single = text_after("config.pl", "our $DB_URL = 'x';\n1;\n", "postgres-url")
    double = text_after("config.pl", 'our $DB_URL = "x";\n1;\n', "postgres-url")
    assert "\\@" not in single
    assert double.count("\\@") == 1


def test_a_variable_that_is_not_declared_gets_a_brother_only_where_nothing_is_strict() -> None:
    assert text_after("a.pl", "$db_password = 'x';\n1;\n", "stripe-key").count("\n$") == 3
    for line in ("use strict;", "use v5.36;", "use Mojo::Base -base;"):
        with pytest.raises(PlantError, match="no place"):
            text_after("a.pl", f"{line}\n$db_password = 'x';\n1;\n", "stripe-key")


def test_arguments_of_a_call_are_no_place() -> None:
    with pytest.raises(PlantError, match="no place"):
        text_after("a.pl", "my $db = DBI->connect(\n    password => 'x',\n);\n", "stripe-key")


def test_lists_of_words_and_plain_patterns_are_understood() -> None:
    for line in ("use POSIX qw(strftime :sys_wait_h);", "die unless $a =~ /^prod$/i;", "my $b = $c / 2;"):
        after = text_after("a.pl", f"our $API_KEY = 'x';\n{line}\n", "stripe-key")
        assert after.endswith(f"';\n{line}\n")


def test_what_only_perl_can_parse_is_refused() -> None:
    for line in ("my @a = qw(it's);", "$a =~ s/'//;", "print <<EOT;", "=head1 NAME"):
        with pytest.raises(PlantError, match="as it stands"):
            text_after("a.pl", f"our $KEY = 'x';\n{line}\n", "stripe-key")
