"""MongoDB: the conversation in bytes, cut anywhere, and the real driver against a real listener."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import struct
from collections.abc import Callable, Sequence
from typing import Any

import pymongo
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.errors import OperationFailure

from listener.protocol import bson
from listener.protocol.conversation import Close, Record, Send, Step
from listener.protocol.identity import Identity
from listener.protocol.octets import Octets
from listener.traps.mongodb import MongodbConversation

FIRST = [b"\x3a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xd4\x07\x00\x00\x00\x00\x00\x00admin.$cmd\x00"]
"""What clients send first."""


def message(command: dict[str, Any], flags: int = 0, more: bytes = b"") -> bytes:
    body = struct.pack("<I", flags) + b"\0" + bson.encode(command) + more
    return struct.pack("<iiii", 16 + len(body), 7, 0, 2013) + body


def query(command: dict[str, Any]) -> bytes:
    body = struct.pack("<i", 0) + b"admin.$cmd\0" + struct.pack("<ii", 0, -1) + bson.encode(command)
    return struct.pack("<iiii", 16 + len(body), 7, 0, 2004) + body


CLIENT = {
    "driver": {"name": "PyMongo", "version": "4"},
    "os": {"type": "Linux", "architecture": "x86_64"},
    "platform": "CPython",
}
HELLO = query({"ismaster": 1, "helloOk": True, "client": CLIENT})
PLAIN = message({"saslStart": 1, "mechanism": "PLAIN", "payload": b"\0app\0hunter2", "$db": "$external"})
WHO = {"client": "PyMongo 4 Linux x86_64 CPython", "metadata": CLIENT}


FLOODS = [[query({"ismaster": 1, "client": {"driver": {"name": "x" * 900_000, "version": "1"}}}), PLAIN]]
"""A long name of a client."""


def talk(*said: bytes, key: bytes = b"k" * 32) -> list[Step]:
    conversation = MongodbConversation(Identity(key), 1, now=lambda: 1_700_000_000_000_000)
    return [step for data in said for step in conversation.feed(data)]


def answers(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The documents of all replies, whose heads are checked."""
    found = []
    for step in steps:
        if isinstance(step, Send):
            size, _, request, code = struct.unpack("<iiii", step.data[:16])
            assert (size, request) == (len(step.data), 7)
            found.append(bson.decode(Octets(step.data[36 if code == 1 else 21 :])))
    return found


def notes(steps: Sequence[Step]) -> list[Record]:
    return [step for step in steps if isinstance(step, Record)]


def test_a_hello_shows_the_client_and_gets_a_servers_answer() -> None:
    steps = talk(HELLO)
    assert steps[0] == Record("hello", WHO)
    (answer,) = answers(steps)
    assert answer["ismaster"] is answer["helloOk"] is True
    assert answer["localTime"] == bson.Millis(1_700_000_000_000)
    assert (answer["minWireVersion"], answer["ok"]) == (0, 1.0)


def test_a_web_browser_is_told_that_this_is_another_protocol() -> None:
    """What every scanner of HTTP is told by a real server, which then closes."""
    noted, sent, closed = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    assert noted == Record("http")
    assert isinstance(sent, Send)
    head, _, body = sent.data.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert body == b"It looks like you are trying to access MongoDB over HTTP on the native driver port.\r\n"
    assert closed == Close()


def test_old_messages_may_ask_little() -> None:
    """OP_QUERY since MongoDB 5.1: a hello, a login and the version, as scanners ask."""
    assert answers(talk(query({"buildinfo": 1})))[0]["ok"] == 1.0
    (refused,) = answers(talk(query({"serverStatus": 1})))
    assert (refused["ok"], refused["code"], refused["codeName"]) == (0.0, 352, "UnsupportedOpQueryCommand")
    assert refused["errmsg"].startswith("Unsupported OP_QUERY command: serverStatus. The client driver may")


def test_plain_gives_the_password_before_it_is_answered() -> None:
    steps = talk(HELLO, PLAIN)
    assert steps[2] == Record("login", WHO | {"user": "app", "password": "hunter2", "mechanism": "PLAIN"})
    assert answers(steps)[1] == {"conversationId": 1, "done": True, "payload": b"", "ok": 1.0}


def test_scram_gives_the_user_and_a_proof_that_can_be_held_against_a_password() -> None:
    start = {"saslStart": 1, "mechanism": "SCRAM-SHA-256", "payload": b"n,,n=app,r=abc", "$db": "admin"}
    first = talk(message(start))
    challenge = answers(first)[0]["payload"].decode()
    fields = dict(part.split("=", 1) for part in challenge.split(","))
    assert fields["r"].startswith("abc")
    assert len(fields["r"]) > 20
    salted = hashlib.pbkdf2_hmac("sha256", b"hunter2", base64.b64decode(fields["s"]), int(fields["i"]))
    key = hmac.digest(salted, b"Client Key", "sha256")
    bare = f"c=biws,r={fields['r']}"
    signed = f"n=app,r=abc,{challenge},{bare}".encode()
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    final = f"{bare},p={base64.b64encode(proof).decode()}"
    steps = talk(message(start), message({"saslContinue": 1, "conversationId": 1, "payload": final.encode()}))
    kept = notes(steps)[-1].shown
    assert (kept["user"], kept["challenge"], kept["response"]) == ("app", challenge, final)
    assert kept["asked"] == "n,,n=app,r=abc"
    assert answers(steps)[-1]["code"] == 18


def test_a_user_shown_in_the_hello_is_noted() -> None:
    asked = message({"hello": 1, "saslSupportedMechs": "admin.app"})
    early = message({"hello": 1, "speculativeAuthenticate": {"payload": b"n,,n=app,r=abc"}})
    assert [note.shown["user"] for note in notes(talk(asked, early))] == ["app", "app"]
    assert answers(talk(asked))[0]["saslSupportedMechs"] == ["SCRAM-SHA-1", "SCRAM-SHA-256"]


def test_another_mechanism_is_noted_and_fails() -> None:
    steps = talk(message({"saslStart": 1, "mechanism": "MONGODB-AWS", "payload": b"xyz"}))
    assert notes(steps)[0].shown == {"mechanism": "MONGODB-AWS", "response": "xyz"}
    assert answers(steps)[0]["codeName"] == "AuthenticationFailed"


def test_commands_are_noted_and_refused() -> None:
    find = {"find": "members", "filter": {"score": 1.5}, "$db": "crm"}
    before, after = talk(message(find)), talk(PLAIN, message(find))
    assert answers(before)[0]["errmsg"] == "Command find requires authentication"
    shown = notes(after)[1].shown["command"]
    assert shown == {"find": "members", "filter": {"score": "1.5"}, "$db": "crm"}
    refused = answers(after)[1]
    assert (refused["ok"], refused["code"], refused["codeName"]) == (0.0, 13, "Unauthorized")
    assert refused["errmsg"].startswith('not authorized on crm to execute command { find: "members"')


def test_every_account_may_ask_who_it_is_and_what_it_may_see() -> None:
    command = {"listDatabases": 1, "$db": "admin"}
    before, after = answers(talk(message(command)))[-1], answers(talk(PLAIN, message(command)))[-1]
    assert (before["ok"], after["ok"]) == (0.0, 1.0)
    before = answers(talk(message({"connectionStatus": 1, "$db": "admin"})))[-1]
    assert before == {"authInfo": {"authenticatedUsers": [], "authenticatedUserRoles": []}, "ok": 1.0}
    status = answers(talk(PLAIN, message({"connectionStatus": 1, "$db": "admin"})))[-1]
    assert status["authInfo"]["authenticatedUsers"] == [{"user": "app", "db": "$external"}]
    names = answers(talk(PLAIN, message({"listDatabases": 1, "nameOnly": True, "$db": "admin"})))[-1]
    assert names == {"databases": [], "ok": 1.0}
    seen = {"listCollections": 1, "nameOnly": True, "authorizedCollections": True, "$db": "crm"}
    cursor = {"id": 0, "ns": "crm.$cmd.listCollections", "firstBatch": []}
    assert answers(talk(PLAIN, message(seen)))[-1] == {"cursor": cursor, "ok": 1.0}
    assert answers(talk(message(seen)))[-1]["ok"] == 0.0
    everything = answers(talk(PLAIN, message({"listCollections": 1, "$db": "crm"})))[-1]
    assert everything["codeName"] == "Unauthorized"


def test_what_is_no_command_is_told_so_before_a_login_too() -> None:
    for command in ({"atlasVersion": 1}, {"nosuch": 1, "$db": "admin"}):
        for said in (talk(message(command)), talk(PLAIN, message(command))):
            refused = answers(said)[-1]
            name = next(iter(command))
            assert (refused["code"], refused["codeName"]) == (59, "CommandNotFound")
            assert refused["errmsg"] == f"no such command: '{name}'"
    assert answers(talk(message({"serverStatus": 1})))[0]["code"] == 13


def test_who_asks_is_told_its_address() -> None:
    conversation = MongodbConversation(Identity(b"k" * 32), 1)
    conversation.peer, conversation.peer_port = "203.0.113.9", 4000
    said = answers(list(conversation.feed(message({"whatsmyuri": 1, "$db": "admin"}))))
    assert said == [{"you": "203.0.113.9:4000", "ok": 1.0}]


def test_a_hello_and_the_build_have_the_fields_of_their_release() -> None:
    (hello,) = answers(talk(message({"hello": 1, "$db": "admin"})))
    assert list(hello) == [
        "isWritablePrimary", "topologyVersion", "maxBsonObjectSize", "maxMessageSizeBytes", "maxWriteBatchSize",
        "localTime", "logicalSessionTimeoutMinutes", "connectionId", "minWireVersion", "maxWireVersion",
        "readOnly", "ok",
    ]  # fmt: skip
    assert hello["topologyVersion"]["counter"] == 0
    assert len(hello["topologyVersion"]["processId"]) == 24
    (build,) = answers(talk(message({"buildInfo": 1, "$db": "admin"})))
    assert build["version"] == ".".join(map(str, build["versionArray"][:3]))
    assert len(build["gitVersion"]) == 40
    assert build["storageEngines"] == ["devnull", "wiredTiger"]


def test_documents_in_sections_of_their_own_are_noted() -> None:
    documents = b"documents\0" + bson.encode({"name": "anna"}) + bson.encode({"name": "otto"})
    section = b"\x01" + struct.pack("<I", 4 + len(documents)) + documents
    note = notes(talk(message({"insert": "members", "$db": "crm"}, more=section)))[0]
    command: Any = note.shown["command"]
    assert command["documents"] == [{"name": "anna"}, {"name": "otto"}]


def test_what_wants_no_answer_gets_none_and_a_checksum_is_no_section() -> None:
    assert answers(talk(message({"insert": "members"}, flags=2))) == []
    assert answers(talk(message({"ping": 1}, flags=1, more=b"\1\2\3\4"))) == [{"ok": 1.0}]


def test_the_version_is_the_installations() -> None:
    found = {answers(talk(message({"buildInfo": 1}), key=bytes([n]) * 32))[0]["version"] for n in range(12)}
    assert len(found) > 2


@pytest.mark.parametrize(
    "data", [b"POST / HTTP/1.1\r\n\r\n", bytes(16), struct.pack("<iiii", 16, 1, 0, 2012)]
)
def test_what_is_no_message_is_not_gone_along_with(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|opcode"):
        talk(data)


@given(cuts=st.lists(st.integers(0, 400), max_size=8))
def test_however_the_bytes_are_cut_the_conversation_is_the_same(cuts: list[int]) -> None:
    whole = HELLO + PLAIN + message({"find": "members", "$db": "crm"}) + message({"endSessions": []})
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[begin:end] for begin, end in itertools.pairwise(places)]
    assert talk(*parts) == talk(whole)


# The real driver.


@pytest.fixture(scope="module")
def stolen(steal: Callable[..., Any]) -> Any:
    return steal("mongodb", "mongodb-url")


def refusal(stolen: Any, **options: Any) -> str:
    """What pymongo says when it is refused."""
    url = stolen.local_url
    with (
        pymongo.MongoClient[Any](url, serverSelectionTimeoutMS=10_000, **options) as client,
        pytest.raises(OperationFailure) as caught,
    ):
        client.get_default_database().list_collection_names()
    return str(caught.value)


@pytest.mark.parametrize("tls", [False, True])
def test_pymongo_hands_over_its_password(stolen: Any, tls: bool) -> None:
    stolen.forget()
    assert "not authorized" in refusal(
        stolen, **({"tls": True, "tlsAllowInvalidCertificates": True} if tls else {})
    )
    hit = stolen.hit("login")
    assert hit.facet == "password"
    observed = hit.entry.body["observed"]
    assert observed["user"] == stolen.row["user"]
    assert observed["metadata"]["driver"]["name"].startswith("PyMongo")
    assert observed["metadata"]["os"]["type"] == "Linux"
    assert ("tls" in observed) == tls


def test_with_its_default_mechanism_pymongo_shows_the_unique_user(steal: Callable[..., Any]) -> None:
    stolen = steal("mongodb", "mongodb-url", mechanism="default")
    assert "Authentication failed" in refusal(stolen)
    hit = stolen.hit("login")
    assert hit.facet == "user"
    assert hit.entry.body["observed"]["mechanism"] == "SCRAM-SHA-256"


def test_what_a_client_tells_of_itself_is_short() -> None:
    note, answer = talk(message({"hello": 1, "client": {"application": {"name": "x" * 600}}}))
    assert isinstance(note, Record)
    assert "x" * 600 in str(note.shown)
    (said,) = answers([answer])
    assert (said["code"], said["codeName"]) == (185, "ClientMetadataDocumentTooLarge")
