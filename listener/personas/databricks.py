"""A Databricks workspace: the token is a service principal's, which sees nothing.

docs.databricks.com/api/workspace: SCIM "Get current user", clusters, jobs; the error document.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import BASE62
from listener.personas import Answer
from listener.personas._key_api import Call, Headers, KeyApi

_DIGITS = BASE62[:10]
_NAMES = ("ci-deploy", "etl-prod", "jobs-runner", "terraform", "airflow", "dbt-prod")
_EMPTY = re.compile(
    r"GET (?:\d\.\d/)(?:clusters/list|jobs/list|secrets/scopes/list|pipelines|sql/warehouses|token/list"
    r"|workspace/list|unity-catalog/(?:catalogs|schemas|tables|metastores)|instance-pools/list|repos)\Z"
)


class Databricks(KeyApi):
    name: ClassVar[str] = "databricks"
    order: ClassVar[int] = 32
    kinds = frozenset({"databricks-token"})
    base = "/api/"
    key = re.compile(r"dapi[0-9a-f]{32}(?:-\d)?")
    paths = re.compile(r"\d\.\d/")
    own = re.compile(r"2\.[01]/(?:preview/scim|clusters|jobs|secrets|workspace|dbfs|unity-catalog|token)/")

    def headers(self, call: Call) -> Headers:
        workspace = self.identity.stream("databricks").between("workspace", 10**14, 10**16)
        return (("x-databricks-org-id", str(workspace)), ("x-request-id", call.once.uuid("id")))

    def stranger(self, call: Call) -> Answer:
        message = "Credential was not sent or was of an unsupported type for this API."
        return self.said(call, 401, {"error_code": 401, "message": message}, "asks")

    def reply(self, call: Call) -> Answer:
        if call.path.endswith("scim/v2/Me"):
            return self.said(call, 200, self._principal(call), "me")
        if _EMPTY.match(call.asked):
            return self.said(call, 200, {}, "list")
        message = (
            f"User {self._principal(call)['applicationId']} does not have permission to perform this action."
        )
        return self.said(call, 403, {"error_code": "PERMISSION_DENIED", "message": message}, "denied")

    def _principal(self, call: Call) -> dict[str, Any]:
        application = call.who.uuid("application")
        group = call.who.text("group", _DIGITS, 15)
        return {
            "userName": application,
            "displayName": call.who.pick("name", _NAMES),
            "schemas": [
                "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal",
                "urn:ietf:params:scim:schemas:extension:workspace:2.0:ServicePrincipal",
            ],
            "active": True,
            "groups": [{"display": "users", "type": "direct", "value": group, "$ref": f"Groups/{group}"}],
            "id": str(call.who.between("id", 10**15, 9 * 10**15)),
            "applicationId": application,
        }
