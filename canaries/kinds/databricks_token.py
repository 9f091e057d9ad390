"""A Databricks personal access token."""

from canaries.crypto.seeded_random import HEX
from canaries.kinds._service import KeyForm, ServiceKey


class DatabricksToken(ServiceKey):
    name = "databricks-token"
    title = "A Databricks token with a workspace that is a trap"
    fired_by = (
        "The databricks libraries and command: they take the workspace from DATABRICKS_HOST and send the "
        "token in clear (Bearer)."
    )
    try_hint = "curl -H 'Authorization: Bearer {secret}' {url}/api/2.0/preview/scim/v2/Me"
    variable = "DATABRICKS_TOKEN"
    base = "DATABRICKS_HOST"
    form = KeyForm("dapi", "token", HEX, 32)
