"""Keys of services: language models, payments, chat, mail, monitoring."""

from __future__ import annotations

from tests.clients.case import Intruder, case

_CHAT = "c.chat.completions.create(model='x', messages=[{'role': 'user', 'content': 'hi'}])"
_NODE_CHAT = 'c.chat.completions.create({ model: "x", messages: [{ role: "user", content: "hi" }] })'


@case("openai (Python)", "pypi:openai", "openai-key", "secret")
def openai_py(it: Intruder) -> None:
    it.calls("import openai\nc = openai.OpenAI(max_retries=0)", "c.models.list()", _CHAT)


@case("openai (Node)", "npm:openai", "openai-key", "secret")
def openai_node(it: Intruder) -> None:
    it.node_calls(
        'const O = require("openai"); const c = new O({ maxRetries: 0 });', "c.models.list()", _NODE_CHAT
    )


@case("anthropic (Python)", "pypi:anthropic", "anthropic-key", "secret")
def anthropic_py(it: Intruder) -> None:
    it.calls(
        "import anthropic\nc = anthropic.Anthropic(max_retries=0)",
        "c.models.list()",
        "c.messages.create(model='x', max_tokens=9, messages=[{'role': 'user', 'content': 'hi'}])",
    )


@case("anthropic (Node)", "npm:@anthropic-ai/sdk", "anthropic-key", "secret")
def anthropic_node(it: Intruder) -> None:
    it.node_calls(
        'const A = require("@anthropic-ai/sdk"); const c = new A({ maxRetries: 0 });',
        "c.models.list()",
        'c.messages.create({ model: "x", max_tokens: 9, messages: [{ role: "user", content: "hi" }] })',
    )


@case("groq", "pypi:groq", "groq-key", "secret")
def groq(it: Intruder) -> None:
    it.calls("import groq\nc = groq.Groq(max_retries=0)", "c.models.list()", _CHAT)


@case("cohere", "pypi:cohere", "cohere-key", "secret")
def cohere(it: Intruder) -> None:
    it.calls("import cohere\nc = cohere.Client(timeout=10)", "c.models.list()", "c.chat(message='hi')")


@case("mistralai", "pypi:mistralai", "openai-key", "secret", how="server_url=")
def mistral(it: Intruder) -> None:
    it.calls(
        "try:\n    from mistralai.client import Mistral\nexcept ImportError:\n    from mistralai import Mistral\n"
        'c = Mistral(api_key=row["secret"], server_url=row["url"])',
        "c.models.list()",
        "c.chat.complete(model='x', messages=[{'role': 'user', 'content': 'hi'}])",
    )


@case("replicate", "pypi:replicate", "openai-key", "secret", how="base_url=")
def replicate(it: Intruder) -> None:
    it.calls(
        'import replicate\nc = replicate.Client(api_token=row["secret"], base_url=row["url"])',
        "c.models.list()",
        "c.predictions.list()",
    )


@case("huggingface_hub", "pypi:huggingface-hub", "huggingface-token", "secret")
def huggingface(it: Intruder) -> None:
    it.python("import huggingface_hub\nprint(huggingface_hub.whoami())", **it.sourced)


@case("hf", "pypi:huggingface-hub", "huggingface-token", "secret")
def hf(it: Intruder) -> None:
    it.run("hf", "auth", "whoami", typed="", seconds=30, **it.sourced)


@case("stripe (Python)", "pypi:stripe", "stripe-key", "secret", how="base_addresses=")
def stripe_py(it: Intruder) -> None:
    it.calls(
        "import os, stripe\nc = stripe.StripeClient(os.environ['STRIPE_SECRET_KEY'],"
        " base_addresses={'api': row['url']})",
        "c.v1.balance.retrieve()",
        "c.v1.customers.list()",
    )


@case("stripe (Python)", "pypi:stripe", "stripe-key", how="the bare key")
def stripe_bare(it: Intruder) -> None:
    it.python(
        "import os, stripe\nstripe.max_network_retries = 0\nstripe.api_key = os.environ['STRIPE_SECRET_KEY']\n"
        "stripe.Balance.retrieve()",
        **it.sourced,
    )


@case("stripe (Node)", "npm:stripe", "stripe-key", "secret", how="host:", named=True)
def stripe_node(it: Intruder) -> None:
    it.node_calls(
        'const S = require("stripe"); const s = new S(process.env.STRIPE_SECRET_KEY, { host: row.host, port: 80,'
        ' protocol: "http", maxNetworkRetries: 0 });',
        "s.balance.retrieve()",
        "s.customers.list()",
    )


@case("slack_sdk", "pypi:slack-sdk", "slack-bot-token", "secret", how="base_url=")
def slack(it: Intruder) -> None:
    it.calls(
        "import os, slack_sdk\nc = slack_sdk.WebClient(os.environ['SLACK_BOT_TOKEN'],"
        " base_url=os.environ['SLACK_API_BASE'] + '/')",
        "c.auth_test()",
        "c.users_list()",
    )


@case("slack_sdk", "pypi:slack-sdk", "slack-bot-token", how="the bare token")
def slack_bare(it: Intruder) -> None:
    it.python(
        "import os, slack_sdk\nslack_sdk.WebClient(os.environ['SLACK_BOT_TOKEN']).auth_test()", **it.sourced
    )


@case("sendgrid", "pypi:sendgrid", "sendgrid-key", "secret", how="host=")
def sendgrid(it: Intruder) -> None:
    it.calls(
        "import os, sendgrid\nc = sendgrid.SendGridAPIClient(os.environ['SENDGRID_API_KEY'], host=row['url'])",
        "c.client.scopes.get()",
        "c.client.marketing.contacts.get()",
    )


@case("twilio", "pypi:twilio", "sms-gateway", how="the bare token")
def twilio_bare(it: Intruder) -> None:
    it.python(
        "import os\nfrom twilio.rest import Client\nc = Client(row['account_sid'], row['auth_token'])\n"
        "print(c.messages.list(limit=1))"
    )


@case("requests", "pypi:requests", "sms-gateway", "auth_token", "account_sid", how="POST Messages.json")
def requests_sms(it: Intruder) -> None:
    it.python(
        "import requests\nsid = row['account_sid']\nfor to in ('+13035550136', '+13035550137'):\n"
        "    requests.post(f\"{row['url']}/2010-04-01/Accounts/{sid}/Messages.json\", auth=(sid, row['auth_token']),"
        " data={'To': to, 'From': '+13035550100', 'Body': 'x'}, timeout=10)"
    )


@case("python-telegram-bot", "pypi:python-telegram-bot", "telegram-bot-token", "secret", how="base_url=")
def telegram(it: Intruder) -> None:
    it.python(
        "import asyncio, os, telegram\nasync def main():\n"
        "    async with telegram.Bot(os.environ['TELEGRAM_BOT_TOKEN'], base_url=row['url'] + '/bot') as bot:\n"
        "        print(await bot.get_me())\nasyncio.run(main())",
        **it.sourced,
    )


@case("datadog", "pypi:datadog", "datadog-key", "secret")
def datadog(it: Intruder) -> None:
    it.calls(
        "import datadog\ndatadog.initialize()", "datadog.api.Monitor.get_all()", "datadog.api.Hosts.search()"
    )


@case("notion-client", "pypi:notion-client", "notion-token", "secret", how="base_url=")
def notion(it: Intruder) -> None:
    it.calls(
        "import os\nfrom notion_client import Client\n"
        "c = Client(auth=os.environ['NOTION_TOKEN'], base_url=row['url'])",
        "c.users.me()",
        "c.search()",
    )


def _curl(kind: str, variable: str, header: str, *paths: str) -> None:
    """The services whose libraries cannot be led elsewhere: what a curl with the bait's own URL shows."""

    def run(it: Intruder) -> None:
        for path in paths:
            it.run("curl", "-s", "-H", header.replace("*", it.sourced[variable]), it.row["url"] + path)

    run.__name__ = f"curl_{kind.replace('-', '_')}"
    case("curl", "deb:curl", kind, "secret", how=header.partition(":")[0])(run)


_curl("digitalocean-token", "DIGITALOCEAN_TOKEN", "Authorization: Bearer *", "/v2/account", "/v2/droplets")
_curl(
    "discord-bot-token",
    "DISCORD_BOT_TOKEN",
    "Authorization: Bot *",
    "/api/v10/users/@me",
    "/api/v10/users/@me/guilds",
)
_curl("heroku-key", "HEROKU_API_KEY", "Authorization: Bearer *", "/account", "/apps")
_curl("linear-key", "LINEAR_API_KEY", "Authorization: *", "/graphql", "/graphql?query={issues{nodes{id}}}")
_curl("newrelic-key", "NEW_RELIC_API_KEY", "Api-Key: *", "/graphql", "/graphql?query={actor{accounts{id}}}")
_SHOP = "/admin/api/2024-10"
_curl(
    "shopify-token",
    "SHOPIFY_ACCESS_TOKEN",
    "X-Shopify-Access-Token: *",
    f"{_SHOP}/shop.json",
    f"{_SHOP}/customers.json",
)
_curl("square-token", "SQUARE_ACCESS_TOKEN", "Authorization: Bearer *", "/v2/locations", "/v2/customers")


@case("curl", "deb:curl", "mailgun-key", "secret", how="-u api:KEY")
def curl_mailgun(it: Intruder) -> None:
    for path in ("/v3/domains", "/v3/lists"):
        it.run("curl", "-s", "-u", f"api:{it.sourced['MAILGUN_API_KEY']}", it.row["url"] + path)
