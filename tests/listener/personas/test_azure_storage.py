"""Microsoft's storage library lists containers and is refused what is in them."""

from __future__ import annotations

from typing import Any

import pytest

SHAPES = {
    "list": [("GET", "/data/?comp=list", {"authorization": f"SharedKey data:{d * 43}="}) for d in "ab"],
    "sas": [("GET", f"/data/x?sv=1&se=2&sig={d * 43}%3D", {}) for d in "ab"],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

KEY = "A" * 86 + "=="


def client(stand_in: str, label: str) -> Any:
    blob = pytest.importorskip("azure.storage.blob")
    string = f"AccountName=stdata;AccountKey={KEY};BlobEndpoint={stand_in}{label}/stdata;"
    return blob.BlobServiceClient.from_connection_string(string, retry_total=0)


@pytest.mark.parametrize("label", ["", "/q7f3k29xk2m5v8w1z4y6c"])
def test_containers_are_listed_and_kept_shut(stand_in: str, label: str) -> None:
    with client(stand_in, label) as service:
        containers = list(service.list_containers())
        assert containers
        assert all(one.name and one.etag and one.last_modified for one in containers)
        from azure.core.exceptions import HttpResponseError

        with pytest.raises(HttpResponseError) as refused:
            list(service.get_container_client(containers[0].name).list_blobs())
    assert (refused.value.status_code, getattr(refused.value, "error_code", None)) == (
        403,
        "AuthorizationPermissionMismatch",
    )


def test_a_signed_url_fares_alike(ask: Any) -> None:
    name, answer = ask("GET", "/stdata/backups/db.sql?sv=2024-11-04&se=2027-01-01&sr=b&sp=r&sig=abc%3D")
    assert (name, answer.status) == ("azure-storage", 403)
    assert dict(answer.headers)["x-ms-error-code"] == "AuthorizationPermissionMismatch"
    assert ask("GET", "/page?sig=1")[0] == "page"


def test_what_a_visitor_writes_is_escaped(ask: Any) -> None:
    _, answer = ask("GET", '/"><x>/?comp=list', authorization="SharedKey a:b")
    assert b"<x>" not in answer.body
