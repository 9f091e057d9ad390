"""The samples for SIEMs, held against what a real listener delivers for a real hit, by the samples' own settings."""

from __future__ import annotations

import configparser
import json
import re
import socket
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from canaries.installation.home import Home
from canaries.mint.minting import mint
from tests import steady
from tests.house import ROOT

SIEM = ROOT / "examples/siem"
AGENT = "curl/8.5.0"
TOML = '[operator]\norganisation = "Test Trust"\n'


class Delivered:
    """What came to three receivers."""

    def __init__(self) -> None:
        self.posted: dict[str, tuple[Mapping[str, str], dict[str, Any]]] = {}
        self.cef = ""


def section(name: str) -> dict[str, Any]:
    (found,) = tomllib.loads((SIEM / name / "trapline.toml").read_text("utf-8"))["channels"].values()
    assert isinstance(found, dict)
    return found


def written(name: str, settings: Mapping[str, object]) -> str:
    return f"[channels.{name}]\n" + "".join(
        f"{key} = {json.dumps(value)}\n" for key, value in settings.items()
    )


@pytest.fixture(scope="module")
def delivered(
    listen_once: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Delivered]:
    """One hit, told to all three."""
    found, folder = Delivered(), tmp_path_factory.mktemp("siem")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            event = body.get("type", "") or body["event"]["trapline"]["event"]
            if event.endswith("first"):
                found.posted[self.path] = (dict(self.headers), body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    def collect(server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                text = stream.read().decode()
            if "|first|" in text:
                found.cef = text[text.index("CEF:0") :]

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = socket.create_server(("127.0.0.1", 0))
    threads = [
        threading.Thread(target=web.serve_forever, args=(0.02,)),
        threading.Thread(target=collect, args=(collector,)),
    ]
    for thread in threads:
        thread.start()
    toml = TOML
    for name in ("splunk", "elastic"):
        settings = section(name)
        local = re.sub(r"https://[^/]+", f"http://127.0.0.1:{web.server_port}", settings["url"])
        toml += written(name, {**settings, "url": local, "allow": ["127.0.0.1"]})
    toml += written(
        "sentinel", {**section("sentinel"), "host": "127.0.0.1", "port": collector.getsockname()[1]}
    )
    home = steady.installation(folder / "home", toml, "siem")
    (minted,) = mint(home, "url", memo="in the wiki")
    running = listen_once(home)
    host, port = running.http
    token = minted.canary.tokens[0].value
    requests.get(f"http://{host}:{port}/{token}", headers={"User-Agent": AGENT}, timeout=steady.PATIENCE)
    steady.until(lambda: len(found.posted) == 2 and found.cef, running.log.read_text)
    running.stop()
    home.store.close()
    yield found
    web.shutdown()
    web.server_close()
    collector.shutdown(socket.SHUT_RDWR)
    collector.close()
    for thread in threads:
        thread.join()


def posted(delivered: Delivered, word: str) -> tuple[Mapping[str, str], dict[str, Any]]:
    return next(found for path, found in delivered.posted.items() if word in path)


def at(document: Mapping[str, Any], dotted: str) -> Any:
    value: Any = document
    for part in dotted.split("."):
        value = value[part]
    return value


def test_splunk_gets_an_event_with_the_fields_that_its_files_name(delivered: Delivered) -> None:
    headers, body = posted(delivered, "/services/collector/event")
    assert headers["Authorization"].startswith("Splunk ")
    assert set(body) <= {"time", "host", "source", "sourcetype", "index", "fields", "event"}  # HEC's own
    files = {name: configparser.ConfigParser(interpolation=None) for name in ("props", "savedsearches")}
    for name, parser in files.items():
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(SIEM / "splunk" / f"{name}.conf", encoding="utf-8")
    props = files["props"][body["sourcetype"]]
    search = files["savedsearches"]["Trapline: bait was used"]["search"]
    named = set(re.findall(r"trapline\.(\w+)", props["FIELDALIAS-cim"] + search))
    assert len(named) > 8
    assert named <= set(body["event"]["trapline"])
    assert f'sourcetype="{body["sourcetype"]}"' in search
    raw = json.dumps(body["event"])
    found = re.search(props["TIME_PREFIX"], raw)
    assert found
    moment = raw[found.end() :][: int(props["MAX_TIMESTAMP_LOOKAHEAD"])]
    assert moment == body["event"]["trapline"]["at"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", moment)  # TIME_FORMAT


ECS = {
    *("@timestamp", "ecs.version", "event.kind", "event.category", "event.type", "event.code", "event.id"),
    *("event.action", "event.start", "event.url", "source.ip", "source.port", "user_agent.original"),
    *("rule.name", "rule.description", "organization.name", "observer.product"),
}
"""Fields of ECS 8.11 (elastic.co/guide/en/ecs/8.11/ecs-field-reference.html)."""


def test_elastic_makes_ecs_of_it(delivered: Delivered) -> None:
    headers, document = posted(delivered, "/_doc")
    assert headers["Authorization"].startswith("ApiKey ")
    pipeline = json.loads((SIEM / "elastic/pipeline.json").read_text("utf-8"))
    filled = set()
    for processor in pipeline["processors"]:
        ((kind, options),) = processor.items()
        filled |= _process(document, kind, options)
    assert filled - {"trapline"} <= ECS
    assert at(document, "source.ip") == "127.0.0.1"
    assert at(document, "user_agent.original") == AGENT
    assert at(document, "rule.name") == "url"
    assert at(document, "event.start") <= document["@timestamp"]
    assert document["trapline"]["incident"]
    assert set(document) == {field.split(".")[0] for field in filled}


def _process(document: dict[str, Any], kind: str, options: Mapping[str, Any]) -> set[str]:
    """One processor of an ingest pipeline, on a document; the field that it filled."""
    *folders, last = options["field"].split(".")
    place: Any = document
    for name in folders:
        place = place.setdefault(name, {}) if kind == "set" else place[name]
    if kind == "set":
        place[last] = options["value"]
        return {options["field"]}
    if kind == "remove":
        del place[last]
        return set()
    assert kind in ("rename", "date"), kind
    if last not in place and options.get("ignore_missing"):
        assert options["field"] == "data.link", "this alert has all of them but a link"
        return set()
    target = options["target_field"]
    *inner, name = target.split(".")
    goal: Any = document
    for part in inner:
        goal = goal.setdefault(part, {})
    assert name not in goal, "rename fails where the target is there"
    goal[name] = place.pop(last) if kind == "rename" else place[last]
    return {target}


COLUMNS = {
    "externalId": "ExtID",
    "rt": "ReceiptTime",
    "cnt": "EventCount",
    "src": "SourceIP",
    "c6a2": "DeviceCustomIPv6Address2",
    "spt": "SourcePort",
    "cs1Label": "DeviceCustomString1Label",
    "cs1": "DeviceCustomString1",
    "requestClientApplication": "RequestClientApplication",
    "msg": "Message",
}
"""CEF's keys as Sentinel names them (learn.microsoft.com/azure/sentinel/cef-name-mapping)."""
HEAD = ("DeviceVendor", "DeviceProduct", "DeviceVersion", "DeviceEventClassID", "Activity", "LogSeverity")


def test_sentinel_gets_the_columns_that_its_query_names(delivered: Delivered) -> None:
    _, *head, extension = re.split(r"(?<!\\)\|", delivered.cef, maxsplit=len(HEAD) + 1)
    values = dict(zip(HEAD, head, strict=True))
    keys = set(re.findall(r"(?:^| )(\w+)=", extension))
    assert keys <= set(COLUMNS)
    query = (SIEM / "sentinel/hits.kql").read_text("utf-8")
    text = "\n".join(line for line in query.splitlines() if not line.startswith("//"))
    own = set(re.findall(r"(\w+) = ", text))
    words = set(re.findall(r"\b[A-Z]\w+\b", re.sub(r'"[^"]*"', "", text))) - own
    there = {COLUMNS[key] for key in keys} | set(HEAD) | {"CommonSecurityLog", "TimeGenerated"}
    assert words - there == {"DeviceCustomIPv6Address2"}, "filled where a visitor comes by IPv6"
    assert f'"{values["DeviceEventClassID"]}"' in query
    assert f'DeviceVendor == "{values["DeviceVendor"]}"' in query
    assert int(values["LogSeverity"]) in range(11)


def test_the_samples_are_settings(tmp_path: Path) -> None:
    """As they are, addresses and all."""
    toml = TOML + "".join(
        (SIEM / name / "trapline.toml").read_text("utf-8") for name in ("splunk", "elastic", "sentinel")
    )
    home = Home.create(tmp_path / "home", toml)
    assert sorted(home.settings.channels) == ["elastic", "sentinel", "splunk"]
    home.store.close()
