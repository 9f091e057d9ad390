"""Libraries of services, beside their commonest ones: each asks who it is, then for something of value."""

from __future__ import annotations

from tests.clients.case import Intruder, case


@case("slack_sdk", "pypi:slack-sdk", "slack-bot-token", "secret", how="auth.test, then channels")
def slack_goes_on(it: Intruder) -> None:
    it.calls(
        "import os, slack_sdk\nc = slack_sdk.WebClient(os.environ['SLACK_BOT_TOKEN'],"
        " base_url=os.environ['SLACK_API_BASE'] + '/')",
        "c.auth_test()",
        "c.conversations_list()",
    )


@case("@slack/web-api", "npm:@slack/web-api", "slack-bot-token", "secret", how="slackApiUrl")
def slack_node(it: Intruder) -> None:
    it.node_calls(
        'const { WebClient } = require("@slack/web-api"); const c = new WebClient(row.secret,'
        ' { slackApiUrl: row.url + "/", retryConfig: { retries: 0 } });',
        "c.auth.test()",
        "c.conversations.list()",
    )


@case("@notionhq/client", "npm:@notionhq/client", "notion-token", "secret", how="baseUrl")
def notion_node(it: Intruder) -> None:
    it.node_calls(
        'const { Client } = require("@notionhq/client"); const c = new Client({ auth: row.secret, baseUrl: row.url });',
        "c.users.me({})",
        "c.search({})",
    )


@case("cloudflare (Node)", "npm:cloudflare", "cloudflare-token", "secret")
def cloudflare_node(it: Intruder) -> None:
    it.node_calls(
        'const C = require("cloudflare"); const c = new C({ apiToken: row.secret, baseURL: row.url, maxRetries: 0 });',
        "c.user.tokens.verify()",
        "c.zones.list()",
    )


@case("Gitbeaker", "npm:@gitbeaker/rest", "gitlab-token", "secret", how="host:")
def gitbeaker(it: Intruder) -> None:
    it.node(
        'const { Gitlab } = await import("file://" + process.env.NODE_PATH + "/@gitbeaker/rest/dist/index.mjs");'
        " const c = new Gitlab({ host: row.url, token: row.secret }); console.log(await c.Users.showCurrentUser());"
        " console.log(await c.Projects.all())"
    )


@case("python-gitlab", "pypi:python-gitlab", "gitlab-token", "secret", how="auth, then projects")
def gitlab_goes_on(it: Intruder) -> None:
    it.calls(
        "import gitlab\nc = gitlab.Gitlab(row['url'], private_token=row['secret'])",
        "c.auth()",
        "c.projects.list(get_all=False)",
    )


@case("groq-sdk (Node)", "npm:groq-sdk", "groq-key", "secret")
def groq_node(it: Intruder) -> None:
    it.node_calls(
        'const G = require("groq-sdk"); const c = new G({ apiKey: row.secret, baseURL: row.url, maxRetries: 0 });',
        "c.models.list()",
        'c.chat.completions.create({ model: "x", messages: [{ role: "user", content: "hi" }] })',
    )


@case("mailgun.js", "npm:mailgun.js", "mailgun-key", "secret", how="url:")
def mailgun_node(it: Intruder) -> None:
    it.node_calls(
        'const M = require("mailgun.js"); const F = require("form-data");'
        ' const c = new (M.default || M)(F).client({ username: "api", key: row.secret, url: row.url });',
        "c.domains.list()",
        'c.messages.create("mg.example.com", { from: "a@b.c", to: "d@e.f", text: "x" })',
    )


@case("@sendgrid/mail", "npm:@sendgrid/mail", "sendgrid-key", "secret", how="setDefaultRequest")
def sendgrid_node(it: Intruder) -> None:
    it.node(
        'const m = require("@sendgrid/mail"); m.setApiKey(row.secret);'
        ' m.client.setDefaultRequest("baseUrl", row.url + "/");'
        ' const say = to => m.send({ to, from: "d@e.f", subject: "s", text: "t" }).catch(e => String(e));'
        ' console.log(await say("a@b.c"), await say("g@b.c"))'
    )


@case("Octokit", "npm:@octokit/rest", "github-token", "secret", how="baseUrl")
def octokit(it: Intruder) -> None:
    it.node(
        'const { Octokit } = await import("file://" + process.env.NODE_PATH + "/@octokit/rest/dist-src/index.js");'
        " const c = new Octokit({ auth: row.secret, baseUrl: row.url });"
        " console.log((await c.users.getAuthenticated()).data);"
        " console.log((await c.repos.listForAuthenticatedUser()).data)"
    )


@case("ghapi", "pypi:ghapi", "github-token", "secret", how="gh_host=")
def ghapi(it: Intruder) -> None:
    it.calls(
        "from ghapi.all import GhApi\nc = GhApi(token=row['secret'], gh_host=row['url'])",
        "__import__('asyncio').run(c.users.get_authenticated())",
        "__import__('asyncio').run(c.repos.list_for_authenticated_user())",
    )


@case("cohere-ai (Node)", "npm:cohere-ai", "cohere-key", "secret", how="environment:")
def cohere_node(it: Intruder) -> None:
    it.node_calls(
        'const { CohereClient } = require("cohere-ai"); const c = new CohereClient({ token: row.secret,'
        " environment: row.url });",
        "c.models.list({}, { maxRetries: 0 })",
        'c.chat({ message: "hi" }, { maxRetries: 0 })',
    )


@case("square (Node)", "npm:square", "square-token", "secret", how="baseUrl:")
def square_node(it: Intruder) -> None:
    it.node_calls(
        'const { SquareClient } = require("square"); const c = new SquareClient({ token: row.secret,'
        " baseUrl: row.url, environment: row.url });",
        "c.locations.list()",
        "c.customers.list()",
    )


@case("squareup", "pypi:squareup", "square-token", "secret", how="base_url=")
def square_py(it: Intruder) -> None:
    it.calls(
        "from square import Square\nc = Square(token=row['secret'], base_url=row['url'])",
        "c.locations.list()",
        "list(c.customers.list())",
    )


@case("pydo", "pypi:pydo", "digitalocean-token", how="plain http: it does not send the token")
def pydo(it: Intruder) -> None:
    it.calls("import pydo\nc = pydo.Client(row['secret'], endpoint=row['url'])", "c.account.get()")


@case("aiogram", "pypi:aiogram", "telegram-bot-token", "secret", how="TelegramAPIServer")
def aiogram(it: Intruder) -> None:
    it.python(
        "import asyncio\nfrom aiogram import Bot\nfrom aiogram.client.session.aiohttp import AiohttpSession\n"
        "from aiogram.client.telegram import TelegramAPIServer\n"
        "async def go():\n"
        "    s = AiohttpSession(api=TelegramAPIServer.from_base(row['url']))\n"
        "    async with Bot(row['secret'], session=s) as b:\n"
        "        print(await b.get_me())\n        print(await b.get_updates())\n"
        "asyncio.run(go())"
    )


@case("langchain-openai", "pypi:langchain-openai", "openai-key", "secret", how="with a stream")
def langchain(it: Intruder) -> None:
    it.calls(
        "from langchain_openai import ChatOpenAI\nc = ChatOpenAI(model='gpt-4o', max_retries=0)",
        "c.invoke('hi')",
        "list(c.stream('hi'))",
    )


@case("llm", "pypi:llm", "openai-key", "secret", how="OPENAI_BASE_URL")
def llm_command(it: Intruder) -> None:
    for said in ("hello", "who am I?"):
        it.run("llm", "-m", "gpt-4o-mini", said, typed="", seconds=30, **it.sourced)


@case("opensearch-py", "pypi:opensearch-py", "elasticsearch-url", "password")
def opensearch_py(it: Intruder) -> None:
    it.calls(
        "from opensearchpy import OpenSearch\nc = OpenSearch([row['url']])",
        "c.info()",
        "c.cat.indices()",
    )


@case("@opensearch-project/opensearch", "npm:@opensearch-project/opensearch", "elasticsearch-url", "password")
def opensearch_node(it: Intruder) -> None:
    it.node_calls(
        'const { Client } = require("@opensearch-project/opensearch"); const c = new Client({ node: row.url });',
        "c.info()",
        "c.cat.indices()",
    )


@case("@elastic/elasticsearch", "npm:@elastic/elasticsearch", "elasticsearch-url", "password")
def elastic_node(it: Intruder) -> None:
    it.node_calls(
        'const { Client } = require("@elastic/elasticsearch"); const c = new Client({ node: row.url, maxRetries: 0 });',
        "c.info()",
        "c.cat.indices()",
    )


@case("node-vault", "npm:node-vault", "vault-token", "token")
def node_vault(it: Intruder) -> None:
    it.node_calls(
        'const v = require("node-vault")({ endpoint: row.url, token: row.token });',
        "v.tokenLookupSelf()",
        'v.read("secret/data/prod")',
    )


@case("smart_open", "pypi:smart-open", "aws-key", "access_key_id", how="s3://")
def smart_open(it: Intruder) -> None:
    it.python(
        "import boto3, smart_open\nprint(smart_open.open('s3://backups/a.txt', transport_params="
        "{'client': boto3.client('s3', endpoint_url=row['url'], aws_access_key_id=row['access_key_id'],"
        " aws_secret_access_key=row['secret_access_key'], region_name='eu-west-1')}).read())"
    )


@case("s3fs", "pypi:s3fs", "aws-key", "access_key_id", how="endpoint_url=")
def s3fs(it: Intruder) -> None:
    it.calls(
        "import s3fs\nf = s3fs.S3FileSystem(key=row['access_key_id'], secret=row['secret_access_key'],"
        " client_kwargs={'endpoint_url': row['url'], 'region_name': 'eu-west-1'})",
        "f.ls('')",
        "f.ls('backups')",
    )


@case("aiobotocore", "pypi:aiobotocore", "aws-key", "access_key_id")
def aiobotocore(it: Intruder) -> None:
    it.python(
        "import asyncio\nfrom aiobotocore.session import get_session\n"
        "async def go():\n"
        "    async with get_session().create_client('sts', endpoint_url=row['url'], region_name='eu-west-1',"
        " aws_access_key_id=row['access_key_id'], aws_secret_access_key=row['secret_access_key']) as c:\n"
        "        print(await c.get_caller_identity())\n        print(await c.get_session_token())\n"
        "asyncio.run(go())"
    )


@case(
    "AWS SDK for JavaScript v3 (S3)",
    "npm:@aws-sdk/client-s3",
    "aws-key",
    "access_key_id",
    how="virtual hosts",
    named=True,
)
def aws_s3_node(it: Intruder) -> None:
    it.node_calls(
        'const { S3Client, ListBucketsCommand, ListObjectsV2Command } = require("@aws-sdk/client-s3");'
        ' const c = new S3Client({ endpoint: row.url, region: "eu-west-1", credentials: { accessKeyId:'
        " row.access_key_id, secretAccessKey: row.secret_access_key }, maxAttempts: 1 });",
        "c.send(new ListBucketsCommand({}))",
        'c.send(new ListObjectsV2Command({ Bucket: "backups" }))',
    )


@case("minio (Node)", "npm:minio", "s3cmd", "access_key_id", named=True)
def minio_node(it: Intruder) -> None:
    it.node(
        'const M = require("minio"); const u = new URL(row.url); const c = new M.Client({ endPoint: u.hostname,'
        " port: Number(u.port) || 80, useSSL: false, accessKey: row.access_key_id, secretKey: row.secret_access_key });"
        " console.log(await c.listBuckets());"
        ' console.log(await c.bucketExists("backups"))'
    )
