"""A Databricks personal access token."""

from __future__ import annotations

from typing import ClassVar

from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds._service import ServiceKey


class DatabricksToken(ServiceKey):
    name: ClassVar[str] = "databricks-token"
    title: ClassVar[str] = "A Databricks token with a workspace that is a trap"
    fired_by: ClassVar[str] = (
        "The databricks libraries and command: they take the workspace from DATABRICKS_HOST and send the "
        "token in clear (Bearer)."
    )
    try_hint: ClassVar[str] = "curl -H 'Authorization: Bearer {secret}' {url}/api/2.0/preview/scim/v2/Me"
    variable: ClassVar[str] = "DATABRICKS_TOKEN"
    base: ClassVar[str] = "DATABRICKS_HOST"

    def secret(self, stream: SeededRandom) -> str:
        return f"dapi{stream.text('token', HEX, 32)}"
