"""More programs that log in to machines: SSH, FTP, mail, git, package tools; and HTTP clients with a stolen login."""

from __future__ import annotations

import io
import tarfile

from tests.clients.case import Intruder, case


@case("aiosmtplib", "pypi:aiosmtplib", "smtp-credentials", "password")
def aiosmtplib(it: Intruder) -> None:
    it.python(
        "import asyncio, aiosmtplib\nfrom email.message import EmailMessage\nm = EmailMessage()\n"
        "m['From'] = row['sender']\nm['To'] = 'a@localhost'\nm.set_content('x')\n"
        "asyncio.run(aiosmtplib.send(m, hostname=row['host'], port=int(row['port']), username=row['user'],"
        " password=row['password'], timeout=10))"
    )


@case("yagmail", "pypi:yagmail", "smtp-credentials", "password", how="without TLS")
def yagmail(it: Intruder) -> None:
    it.python(
        "import yagmail\ny = yagmail.SMTP(row['user'], row['password'], host=row['host'], port=int(row['port']),"
        " smtp_starttls=False, smtp_ssl=False)\ny.send('a@localhost', 's', 'x')"
    )


@case("ImapFlow", "npm:imapflow", "imap-credentials", "password")
def imapflow(it: Intruder) -> None:
    it.node(
        'const { ImapFlow } = require("imapflow"); const c = new ImapFlow({ host: row.host, port: Number(row.port) ||'
        " 143, secure: false, auth: { user: row.user, pass: row.password }, logger: false });"
        " await c.connect(); console.log(await c.list()); await c.logout()"
    )


@case("IMAPClient", "pypi:imapclient", "imap-credentials", "password", how="ssl=False")
def imapclient(it: Intruder) -> None:
    it.python(
        "from imapclient import IMAPClient\nc = IMAPClient(row['host'], int(row['port']), ssl=False, timeout=10)\n"
        "c.login(row['user'], row['password'])\nprint(c.list_folders())\nprint(c.select_folder('INBOX'))"
    )


@case("imap_tools", "pypi:imap-tools", "imap-credentials", "password")
def imap_tools(it: Intruder) -> None:
    it.python(
        "from imap_tools import MailBoxUnencrypted\n"
        "with MailBoxUnencrypted(row['host'], int(row['port'])).login(row['user'], row['password']) as m:\n"
        "    print(list(m.fetch(limit=3)))"
    )


@case("aioimaplib", "pypi:aioimaplib", "imap-credentials", "password")
def aioimaplib(it: Intruder) -> None:
    it.python(
        "import asyncio, aioimaplib\nasync def go():\n    c = aioimaplib.IMAP4(row['host'], int(row['port']))\n"
        "    await c.wait_hello_from_server()\n    print(await c.login(row['user'], row['password']))\n"
        "    print(await c.select())\nasyncio.run(asyncio.wait_for(go(), 10))"
    )


@case("basic-ftp", "npm:basic-ftp", "ftp-credentials", "password")
def basic_ftp(it: Intruder) -> None:
    it.node(
        'const { Client } = require("basic-ftp"); const u = new URL(row.url); const c = new Client(10000);'
        " await c.access({ host: u.hostname, port: Number(u.port) || 21, user: u.username, password: u.password });"
        " console.log(await c.list()); c.close()"
    )


@case("ftp (Node)", "npm:ftp", "ftp-credentials", "password")
def ftp_node(it: Intruder) -> None:
    it.node(
        'const F = require("ftp"); const u = new URL(row.url); const c = new F();'
        ' await new Promise(r => { c.on("ready", () => c.list((e, l) => { console.log(String(e), l); c.end(); r(); }));'
        ' c.on("error", e => { console.log(String(e)); r(); });'
        " c.connect({ host: u.hostname, port: Number(u.port) || 21,"
        " user: u.username, password: u.password }); })"
    )


@case("aioftp", "pypi:aioftp", "ftp-credentials", "password")
def aioftp(it: Intruder) -> None:
    it.python(
        "import asyncio, aioftp\nfrom urllib.parse import urlsplit\nu = urlsplit(row['url'])\nasync def go():\n"
        "    async with aioftp.Client.context(u.hostname, u.port or 21, u.username, u.password) as c:\n"
        "        print(await c.list())\nasyncio.run(asyncio.wait_for(go(), 10))"
    )


@case("ssh2 (Node)", "npm:ssh2", "ssh-key", "fingerprint")
def ssh2_node(it: Intruder) -> None:
    key = it.file("id_ed25519")
    it.node(
        'const { Client } = require("ssh2"); const c = new Client(); await new Promise(r => {'
        ' c.on("ready", () => c.exec("id", (e, s) => { console.log(String(e)); if (s) s.on("close", () => { c.end();'
        ' r(); }).resume(); else r(); })); c.on("error", e => { console.log(String(e)); r(); });'
        f" c.connect({{ host: row.host, port: Number(row.port) || 22, username: row.user,"
        f' privateKey: require("fs").readFileSync("{key}") }}); }})'
    )


@case("ssh2-sftp-client", "npm:ssh2-sftp-client", "ssh-key", "fingerprint")
def sftp_node(it: Intruder) -> None:
    key = it.file("id_ed25519")
    it.node(
        'const S = require("ssh2-sftp-client"); const c = new S(); await c.connect({ host: row.host, port:'
        f' Number(row.port) || 22, username: row.user, privateKey: require("fs").readFileSync("{key}"), retries: 0 }});'
        ' console.log(await c.list("/"))'
    )


@case("Fabric", "pypi:fabric", "ssh-key", "fingerprint")
def fabric(it: Intruder) -> None:
    it.python(
        "from fabric import Connection\n"
        f"c = Connection(row['host'], user=row['user'], port=int(row.get('port') or 22),"
        f" connect_kwargs={{'key_filename': '{it.file('id_ed25519')}'}})\n"
        "c.run('id')"
    )


@case("parallel-ssh", "pypi:parallel-ssh", "ssh-key", "fingerprint")
def parallel_ssh(it: Intruder) -> None:
    it.python(
        "from pssh.clients import SSHClient\n"
        f"c = SSHClient(row['host'], user=row['user'], port=int(row.get('port') or 22),"
        f" pkey='{it.file('id_ed25519')}', num_retries=1, timeout=10)\n"
        "o = c.run_command('id')\nprint(list(o.stdout))"
    )


@case("GitPython", "pypi:gitpython", "git-remote", "password", trusted=True)
def gitpython(it: Intruder) -> None:
    it.python(
        "import git\nprint(git.cmd.Git().ls_remote(row['remote']))",
        GIT_SSL_NO_VERIFY="1",
        GIT_TERMINAL_PROMPT="0",
    )


@case("Dulwich", "pypi:dulwich", "git-remote", "password", trusted=True)
def dulwich(it: Intruder) -> None:
    it.python("from dulwich import porcelain\nprint(porcelain.ls_remote(row['remote']))")


@case("aiohttp", "pypi:aiohttp", "netrc", "password", how="trust_env", named=True)
def aiohttp_netrc(it: Intruder) -> None:
    it.python(
        "import asyncio, aiohttp\nasync def go():\n    async with aiohttp.ClientSession(trust_env=True) as s:\n"
        "        print((await s.get('http://' + row['host'] + '/')).status)\nasyncio.run(go())"
    )


@case("HTTPX", "pypi:httpx", "netrc", "password", how="NetRCAuth", named=True)
def httpx_netrc(it: Intruder) -> None:
    it.python(
        f"import httpx\nprint(httpx.get('http://' + row['host'] + '/', auth=httpx.NetRCAuth('{it.file('.netrc')}')))"
    )


@case("uv", "pypi:uv", "pip-conf", "password", how="--index-url", named=True)
def uv_pip(it: Intruder) -> None:
    it.run("uv", "pip", "install", "--target", "here", "--index-url", it.row["index"], "leftpad", seconds=20)


@case("Poetry", "pypi:poetry", "pypirc", "secret", how="publish")
def poetry_publish(it: Intruder) -> None:
    (it.home / "pyproject.toml").write_text(
        '[project]\nname = "acme-core"\nversion = "0.1"\nrequires-python = ">=3.11"\n[tool.poetry]\npackages = []\n'
    )
    (it.home / "dist").mkdir()
    with tarfile.open(it.home / "dist" / "acme_core-0.1.tar.gz", "w:gz") as archive:
        said = b"Metadata-Version: 2.1\nName: acme-core\nVersion: 0.1\n"
        member = tarfile.TarInfo("acme_core-0.1/PKG-INFO")
        member.size = len(said)
        archive.addfile(member, io.BytesIO(said))
    url = it.row["url"]
    it.run(
        "poetry", "publish", "--no-interaction", "--repository", "internal",
        POETRY_REPOSITORIES_INTERNAL_URL=url, POETRY_HTTP_BASIC_INTERNAL_USERNAME="__token__",
        POETRY_HTTP_BASIC_INTERNAL_PASSWORD=it.row["secret"],
    )  # fmt: skip


@case("pnpm", "npm:pnpm", "npm-token", "secret")
def pnpm(it: Intruder) -> None:
    it.run("pnpm", "view", "left-pad")


@case("Yarn 1", "npm:yarn", "npm-token", "host", named=True, how="it sends no token for unscoped packages")
def yarn(it: Intruder) -> None:
    (it.home / "package.json").write_text('{"name": "x", "version": "1.0.0", "license": "MIT"}')
    it.run("yarn", "add", "left-pad")


@case(
    "atlassian-python-api",
    "pypi:atlassian-python-api",
    "netrc",
    "password",
    how="with the login of a .netrc",
    named=True,
)
def atlassian(it: Intruder) -> None:
    it.python(
        f"import netrc\nu, _, p = netrc.netrc('{it.file('.netrc')}').authenticators(row['host'])\n"
        "from atlassian import Confluence\nprint(Confluence('http://' + row['host'], u, p).get_all_spaces())"
    )


@case("vncdotool", "pypi:vncdotool", "vnc-password", how="the password only")
def vncdotool(it: Intruder) -> None:
    it.run("vncdo", "-s", it.row["host"], "-p", it.row["password"], "capture", "x.png", seconds=10)
