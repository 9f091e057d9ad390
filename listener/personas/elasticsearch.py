"""Elasticsearch: any user may look at the cluster's name and at nothing else.

elastic.co/docs/api/doc/elasticsearch: root endpoint, security errors. Official clients go on only where a 200 carries
``X-Elastic-Product``.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from canaries.crypto.seeded_random import URLSAFE
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_PATH = re.compile(
    r"/_(?:cat|cluster|nodes|search|msearch|bulk|security|alias|aliases|mapping|count|all|template|index_template"
    r"|snapshot|license|xpack|stats|settings|resolve|data_stream|sql|async_search|component_template)(?:/|\Z)"
    r"|/[^/_][^/]*/_(?:search|doc|count|mapping|bulk|settings|stats|msearch|alias|source|create|update|field_caps)"
)
_RELEASES = (
    ("9.1.2", "ca1a70216fbdefbef3c65b1dff04903ea5964ef5", "2025-08-11T15:04:41.449624592Z", "10.2.2"),
    ("9.1.3", "0c781091a2f57de895a73a1391ff8426c0153c8d", "2025-08-24T22:05:04.526302670Z", "10.2.2"),
    ("9.1.4", "0b7fe68d2e369469ff9e9f344ab6df64ab9c5293", "2025-09-16T22:05:19.073893347Z", "10.2.2"),
    ("9.1.5", "90ee222e7e0136dd8ddbb34015538f3a00c129b7", "2025-10-02T22:07:12.966975992Z", "10.2.2"),
    ("9.2.0", "25d88452371273dd27356c98598287b669a03eae", "2025-10-21T10:06:21.288851013Z", "10.3.1"),
    ("9.2.1", "4ad0ef0e98a2e72fafbd79a19fa5cae2f026117d", "2025-11-06T22:07:39.673130621Z", "10.3.1"),
)
"""Version, build hash, build date and Lucene's version, as these releases tell them."""
_COMPATIBLE = re.compile(r"application/vnd\.elasticsearch\+json;\s*compatible-with=(\d{1,2})")
_CHALLENGES = ('Basic realm="security", charset="UTF-8"', 'Bearer realm="security"', "ApiKey")
_ACTIONS = {
    "_search": ("indices:data/read/search", "index privileges [read,all]"),
    "_count": ("indices:data/read/search", "index privileges [read,all]"),
    "_doc": ("indices:data/read/get", "index privileges [read,all]"),
    "_bulk": ("indices:data/write/bulk", "index privileges [create_doc,create,index,write,all]"),
    "_mapping": ("indices:admin/mappings/get", "index privileges [view_index_metadata,manage,all]"),
}
_OTHERWISE = ("cluster:monitor/state", "cluster privileges [monitor,manage,all]")


class Elasticsearch(Persona):
    name: ClassVar[str] = "elasticsearch"
    order: ClassVar[int] = 42
    kinds = frozenset({"elasticsearch-url"})
    prefix = re.compile(r"/_")

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        stream = identity.stream("elasticsearch")
        number, build, date, lucene = stream.pick("release", _RELEASES)
        purpose = stream.pick("purpose", ("logs", "search", "prod", "logging", "es"))
        self._role = stream.pick("role", ("ingest", "readonly", "app", "reporting"))
        self._root = {
            "name": f"{purpose}-{stream.pick('node', ('data', 'node', 'master', 'es'))}-{stream.below('number', 6)}",
            "cluster_name": stream.pick(
                "cluster", ("elasticsearch", f"{purpose}-cluster", f"{purpose}-prod")
            ),
            "cluster_uuid": stream.text("uuid", URLSAFE, 22),
            "version": {
                "number": number,
                "build_flavor": "default",
                "build_type": stream.pick("type", ("docker", "deb", "rpm")),
                "build_hash": build,
                "build_date": date,
                "build_snapshot": False,
                "lucene_version": lucene,
                "minimum_wire_compatibility_version": "8.19.0",
                "minimum_index_compatibility_version": "8.0.0",
            },
            "tagline": "You Know, for Search",
        }

    def claims(self, request: Request) -> bool:
        said = request.header(b"accept") + request.header(b"content-type") + request.header(b"user-agent")
        return (
            "elastic" in said.lower()
            or "opensearch" in said.lower()
            or _PATH.match(request.service_path) is not None
        )

    def answer(self, request: Request) -> Answer:
        if not request.authorization:
            reason = f"missing authentication credentials for REST request [{request.service_path}]"
            challenges = tuple(("WWW-Authenticate", challenge) for challenge in _CHALLENGES)
            return self._failed(
                request, 401, reason, *challenges, header={"WWW-Authenticate": list(_CHALLENGES)}
            )
        if request.service_path == "/" and request.method in ("GET", "HEAD"):
            return self._json(request, 200, self._root, ("X-Elastic-Product", "Elasticsearch"), name="root")
        found = re.search(r"/(_\w+)", request.service_path)
        action, granted = _ACTIONS.get(found[1] if found else "", _OTHERWISE)
        user = request.credential.partition(":")[0] or "_api_key"
        reason = (
            f"action [{action}] is unauthorized for user [{user}] with effective roles [{self._role}], this action is "
            f"granted by the {granted}"
        )
        return self._failed(request, 403, reason)

    def _failed(
        self, request: Request, status: int, reason: str, *headers: tuple[str, str], **more: Any
    ) -> Answer:
        cause = {"type": "security_exception", "reason": reason, **more}
        document = {"error": {"root_cause": [cause], **cause}, "status": status}
        product = ("X-Elastic-Product", "Elasticsearch")
        return self._json(
            request, status, document, product, *headers, name="denied" if status == 403 else "asks"
        )

    def _json(
        self, request: Request, status: int, document: Any, *headers: tuple[str, str], name: str
    ) -> Answer:
        """In the media type that was asked for; the root is printed for people, as the real one does."""
        asked = _COMPATIBLE.search(request.header(b"accept"))
        kind = (
            f"application/vnd.elasticsearch+json;compatible-with={asked[1]}" if asked else "application/json"
        )
        pretty = status == 200 or "pretty" in request.query
        text = json.dumps(document, indent=2, separators=(",", " : ")) + "\n" if pretty else ""
        body = text or json.dumps(document, separators=(",", ":"))
        return Answer(status, (*headers, ("content-type", kind)), body.encode(), name)
