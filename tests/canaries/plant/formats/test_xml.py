"""XML: elements where they stand, and one more like them."""

from __future__ import annotations

import base64
import re

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats._xml import cloned, leaves, parse, reading
from tests.canaries.plant.formats.forms import text_after


def test_places_are_characters_not_bytes() -> None:
    text = '<a x="\xe9"><b>\u20ac</b><c/></a>'
    root = parse(text)
    assert [text[one.start : one.end] for one in root.children] == ["<b>\u20ac</b>", "<c/>"]
    assert [one.words for one in leaves(root)] == ["\u20ac"]


def test_a_clone_has_other_values_and_nothing_else() -> None:
    text = "<s><id>a</id><!-- note --><key>real</key></s>"
    root = parse(text)
    first, second = root.children
    assert cloned(text, root, {}, {first.start: "b<", second.start: None}) == "<s><id>b&lt;</id></s>"


def test_entities_are_never_expanded() -> None:
    with pytest.raises(PlantError, match="entities"):
        text_after("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a><key>&b;</key></a>', "stripe-key")


def test_what_stood_there_reads_the_same() -> None:
    assert reading(parse("<a><b>1</b></a>")) == reading(parse("<a>\n  <b>1</b>\n</a>"))
    assert reading(parse("<a><b>1</b></a>")) != reading(parse("<a><b>2</b></a>"))


def test_a_server_gets_a_brother_without_its_password() -> None:
    old = "<servers>\n  <server><id>a</id><username>u</username><password>real</password></server>\n</servers>\n"
    after = text_after("settings.xml", old, "netrc")
    assert after.count("<server>") == 2
    assert after.count("real") == 1


def test_sources_that_are_asked_by_themselves_get_no_brother() -> None:
    old = '<configuration><packageSources><add key="Feed_url" value="https://a.example.org"/></packageSources></configuration>'
    with pytest.raises(PlantError, match="no place"):
        text_after("NuGet.config", old, "stripe-key")


def test_a_password_in_base64_gets_a_brother_in_base64() -> None:
    old = (
        "<Servers>\n  <Server><Host>ftp.acme.org</Host><Port>21</Port><User>deploy</User>"
        '<Pass encoding="base64">cmVhbA==</Pass></Server>\n</Servers>\n'
    )
    after = text_after("sitemanager.xml", old, "ftp-credentials")
    (made,) = [one for one in re.findall('<Pass encoding="base64">(.*?)</Pass>', after) if one != "cmVhbA=="]
    assert base64.b64decode(made, validate=True).decode().isprintable()
    assert after.count("ftp.acme.org") == 1, "the bait does not lead to the owner's server"


def test_a_property_of_maven_is_called_after_what_it_sets() -> None:
    old = (
        "<settings><profiles><profile><id>sonar</id>\n  <properties>\n    <sonar.host.url>https://a.example</sonar.host.url>\n"
        "    <sonar.login>x</sonar.login>\n  </properties>\n</profile></profiles></settings>\n"
    )
    after = text_after("settings.xml", old, "stripe-key")
    assert re.search(r"\n    <(\w+\.stripe\.secret\.key)>sk_live_\w+</\1>\n", after)
    assert "<!--" not in after
    assert after.index("<sonar.login>") < after.index("sk_live_"), "a group of properties stays together"


def test_a_source_of_datagrip_is_named_after_its_server() -> None:
    old = (
        '<project><component><data-source name="shop@db" uuid="0f1e2d3c-4b5a-4697-8796-a5b4c3d2e1f0">\n'
        "<jdbc-url>jdbc:mysql://db:3306/shop</jdbc-url>\n</data-source></component></project>\n"
    )
    assert re.search(r'name="\w+@\w+\.traps\.example\.net"', text_after("dataSources.xml", old, "mysql"))
