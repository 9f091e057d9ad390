"""Developers' tools: git, packages, hosting, everything that reads a netrc."""

from __future__ import annotations

from tests.clients.case import Intruder, case


@case("git", "deb:git", "git-credentials", "password", how=".git-credentials")
def git_store(it: Intruder) -> None:
    it.run("git", "ls-remote", f"{it.row['url']}/platform/api.git", GIT_TERMINAL_PROMPT="0")


@case("git", "deb:git", "git-remote", "password", how="a stolen repository's remote")
def git_remote(it: Intruder) -> None:
    it.run("git", "init", "-q", "stolen")
    config = it.home / "stolen" / ".git" / "config"
    config.write_text(config.read_text() + it.text)
    it.run("git", "-C", "stolen", "fetch", "--all", GIT_TERMINAL_PROMPT="0")


@case("git", "deb:git", "netrc", "password", how=".netrc")
def git_netrc(it: Intruder) -> None:
    it.run("git", "ls-remote", f"{it.row['url']}/platform/api.git", GIT_TERMINAL_PROMPT="0")


@case("Mercurial", "deb:mercurial", "netrc", "password", how="[auth] in .hgrc")
def mercurial(it: Intruder) -> None:
    (it.home / ".hgrc").write_text(
        f"[auth]\nx.prefix = {it.row['url']}\nx.username = {it.row['login']}\nx.password = {it.row['password']}\n"
    )
    it.run("hg", "identify", f"{it.row['url']}/repo")


@case("Subversion", "deb:subversion", "netrc", "password", how="typed by hand")
def subversion(it: Intruder) -> None:
    login = ["--username", it.row["login"], "--password", it.row["password"], "--no-auth-cache"]
    it.run("svn", "ls", "--non-interactive", *login, f"{it.row['url']}/svn/trunk")


@case("curl", "deb:curl", "netrc", "password", how="-n")
def curl_netrc(it: Intruder) -> None:
    for path in ("", "api/users"):
        it.run("curl", "-sn", f"{it.row['url']}/{path}")


@case("curl", "deb:curl", "netrc", "password", how="credentials as its proxy", named=True)
def curl_proxy(it: Intruder) -> None:
    proxy = f"http://{it.row['login']}:{it.row['password']}@{it.row['host']}:80"
    it.run("curl", "-s", "--proxy", proxy, "http://intranet.harbour-view.net/")


@case("wget", "deb:wget", "netrc", "password")
def wget(it: Intruder) -> None:
    it.run("wget", "-q", "-t", "1", "-O", "-", f"{it.row['url']}/backup/")


@case("HTTPie", "pypi:httpie", "netrc", "password")
def httpie(it: Intruder) -> None:
    for path in ("", "api/users"):
        it.run("http", "--ignore-stdin", f"{it.row['url']}/{path}")


@case("requests", "pypi:requests", "netrc", "password")
def requests_netrc(it: Intruder) -> None:
    it.calls(
        "import requests",
        "requests.get(row['url'], timeout=10)",
        "requests.get(row['url'] + '/api', timeout=10)",
    )


@case("cadaver", "deb:cadaver", "netrc", "password")
def cadaver(it: Intruder) -> None:
    it.run("cadaver", f"{it.row['url']}/", typed="ls\nquit\n")


@case("npm", "npm", "npm-token", "secret", how="whoami")
def npm_whoami(it: Intruder) -> None:
    it.run("npm", "whoami")


@case("npm", "npm", "npm-token", "secret", how="install")
def npm_install(it: Intruder) -> None:
    it.run("npm", "view", "internal-utils")


@case("pip", "pypi:pip", "pip-conf", "password")
def pip(it: Intruder) -> None:
    it.run("pip", "download", "--retries", "0", "internal-utils", PIP_CONFIG_FILE=str(it.file("pip.conf")))


@case("twine", "pypi:twine", "pypirc", "secret")
def twine(it: Intruder) -> None:
    it.python(
        "import zipfile\nz = zipfile.ZipFile('a-1-py3-none-any.whl', 'w')\n"
        "z.writestr('a-1.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: a\\nVersion: 1\\n')\n"
        "z.writestr('a-1.dist-info/WHEEL', 'Wheel-Version: 1.0\\n')\nz.close()"
    )
    it.run("twine", "upload", "--non-interactive", "-r", "internal", "a-1-py3-none-any.whl")


@case("PyGithub", "pypi:pygithub", "github-token", "secret")
def pygithub(it: Intruder) -> None:
    it.calls(
        "import github, os\nc = github.Github(base_url=os.environ['GITHUB_API_URL'], retry=None, timeout=10,"
        " auth=github.Auth.Token(row['secret']))",
        "c.get_user().login",
        "list(c.get_user().get_repos())",
    )


@case("python-gitlab", "pypi:python-gitlab", "gitlab-token", "secret")
def python_gitlab(it: Intruder) -> None:
    it.calls(
        'import gitlab\ng = gitlab.Gitlab(row["url"], private_token=row["secret"])',
        "g.auth()",
        "g.groups.list(get_all=False)",
    )


@case("curl", "deb:curl", "gh-hosts", "secret", how="token of gh")
def curl_gh(it: Intruder) -> None:
    for path in ("user", "user/repos"):
        it.run(
            "curl", "-s", "-H", f"Authorization: token {it.row['secret']}", f"{it.row['url']}/api/v3/{path}"
        )


@case("curl", "deb:curl", "jwt", "secret", how="Bearer")
def curl_jwt(it: Intruder) -> None:
    for path in ("", "admin"):
        it.run("curl", "-s", "-H", f"Authorization: Bearer {it.row['secret']}", f"{it.row['url']}/{path}")


@case("sentry-sdk", "pypi:sentry-sdk", "sentry-dsn", "secret")
def sentry_py(it: Intruder) -> None:
    it.python(
        'import sentry_sdk\nsentry_sdk.init(row["dsn"])\nsentry_sdk.capture_message("x")\nsentry_sdk.flush(10)'
    )


@case("@sentry/node", "npm:@sentry/node", "sentry-dsn", "secret")
def sentry_node(it: Intruder) -> None:
    it.node(
        'const s = require("@sentry/node"); s.init({ dsn: row.dsn }); s.captureMessage("x"); await s.flush(10000)'
    )


@case("curl", "deb:curl", "webhook-url", "secret", how="POST")
def curl_webhook(it: Intruder) -> None:
    for said in ("hello", "is anybody there?"):
        it.run("curl", "-s", "-d", f'{{"text": "{said}"}}', it.row["webhook"])


@case("slack_sdk", "pypi:slack-sdk", "webhook-url", "secret", how="WebhookClient")
def slack_webhook(it: Intruder) -> None:
    it.calls(
        "from slack_sdk.webhook import WebhookClient\nc = WebhookClient(row['webhook'])",
        "c.send(text='x')",
        "c.send(text='y')",
    )


@case("axios", "npm:axios", "ci-variables", "secret")
def axios(it: Intruder) -> None:
    it.node(
        'const headers = { Authorization: "Bearer " + row.secret };'
        ' for (const path of ["/hooks/deploy", "/api/env"]) console.log((await require("axios").post(row.url + path,'
        " {}, { headers, validateStatus: null })).status)"
    )


@case("wandb", "pypi:wandb", "netrc", "password", how=".netrc", named=True)
def wandb(it: Intruder) -> None:
    it.python(
        "import wandb\nprint(wandb.Api(timeout=5, api_key='0123456789' * 4).viewer)",
        WANDB_BASE_URL=it.row["url"],
    )
    it.run("curl", "-sn", it.row["url"])


@case("posthog", "pypi:posthog", "ci-variables", "host", how="host=", named=True)
def posthog(it: Intruder) -> None:
    it.python(
        'import posthog\np = posthog.Posthog("phc_x", host=row["url"], sync_mode=True)\n'
        'p.capture("x", distinct_id="y")'
    )


@case("jira", "pypi:jira", "netrc", "password", how="basic_auth=")
def jira(it: Intruder) -> None:
    it.python(
        'import jira\njira.JIRA(row["url"], basic_auth=(row["login"], row["password"]), max_retries=0, timeout=5)'
    )
