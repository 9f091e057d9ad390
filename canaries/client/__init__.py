"""A small typed client of the HTTP API, for machines without a home and without keys. It needs requests only.

from canaries.client.api_client import ApiClient

client = ApiClient("https://trapline.example.net", token)
bait = client.mint("aws-key", memo="in the pipeline's variables")
for hit in client.hits(canary=bait.id): ...

api_client  the client; its parts are canary_calls, incident_calls and duty_calls
values      what it gives
options     ``--server`` of the command line, and where its token comes from
"""
