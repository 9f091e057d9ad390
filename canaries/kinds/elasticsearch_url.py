"""The URL of an Elasticsearch cluster, with its password."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait
from canaries.kinds import Kind, Order
from canaries.kinds._databases import HttpLoginOptions, http_login

_USERS = ("elastic", "elastic", "kibana_system", "logstash_writer", "filebeat", "app_search", "reporting")


class ElasticsearchUrl(Kind):
    name: ClassVar[str] = "elasticsearch-url"
    title: ClassVar[str] = "An Elasticsearch URL with its password"
    fired_by: ClassVar[str] = (
        "The official clients, curl and whatever else speaks HTTP to that URL: user and password come in clear (Basic) "
        "with the first request, then the searches. Over https the clients ask for a certificate they trust."
    )
    plant_hint: ClassVar[str] = (
        "In a .env, a compose file, filebeat.yml or logstash.conf, the settings of a search service."
    )
    try_hint: ClassVar[str] = (
        "curl -H 'Accept: application/vnd.elasticsearch+json; compatible-with=9' '{url}/'"
    )
    Options: ClassVar[type[Any]] = HttpLoginOptions

    def mint(self, order: Order, options: HttpLoginOptions) -> Bait:
        made = http_login(order, options, _USERS)
        return Bait(made.tokens, f"ELASTICSEARCH_URL={made.url}\n", row=made.row())
