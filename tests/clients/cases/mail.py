"""Mail, files, shells."""

from __future__ import annotations

from tests.clients.case import Intruder, case

LETTER = "From: a@b.test\nTo: c@d.test\nSubject: x\n\nx\n"


@case("swaks", "deb:swaks", "smtp-credentials", "password")
def swaks(it: Intruder) -> None:
    login = ["--auth", "--auth-user", it.row["user"], "--auth-password", it.row["password"]]
    it.run("swaks", "--to", "c@d.test", "--server", it.row["host"], "--port", it.row["port"], *login)


@case("msmtp", "deb:msmtp", "smtp-credentials", "password", how=".msmtprc")
def msmtp(it: Intruder) -> None:
    it.file(".msmtprc").chmod(0o600)
    it.run("msmtp", "c@d.test", typed=LETTER)


@case("smtplib", "python", "smtp-credentials", "password")
def smtplib(it: Intruder) -> None:
    it.python(
        "import smtplib\ns = smtplib.SMTP(row['host'], int(row['port']), timeout=10)\n"
        "s.login(row['user'], row['password'])\ns.sendmail(row['sender'], ['c@d.test'], 'Subject: x\\n\\nx')"
    )


@case("curl", "deb:curl", "smtp-credentials", "password", how="smtp://")
def curl_smtp(it: Intruder) -> None:
    server = f"smtp://{it.row['host']}:{it.row['port']}"
    login = f"{it.row['user']}:{it.row['password']}"
    mail = ["--mail-from", it.row["sender"], "--mail-rcpt", "c@d.test", "-T", "-"]
    it.run("curl", "-s", server, "--user", login, *mail, typed=LETTER)


@case("nodemailer", "npm:nodemailer", "smtp-credentials", "password", how="ignoreTLS")
def nodemailer(it: Intruder) -> None:
    it.node(
        'const t = require("nodemailer").createTransport({ host: row.host, port: +row.port, ignoreTLS: true,'
        " auth: { user: row.user, pass: row.password } }); console.log(await t.verify()); t.close()"
    )


@case("nodemailer", "npm:nodemailer", "smtp-credentials", "password", how="STARTTLS where it is offered")
def nodemailer_starttls(it: Intruder) -> None:
    it.node(
        'const t = require("nodemailer").createTransport({ host: row.host, port: +row.port,'
        " auth: { user: row.user, pass: row.password } }); console.log(await t.verify()); t.close()"
    )


@case("swaks", "deb:swaks", "email-address", "email", how="writes to the address", named=True)
def swaks_to_address(it: Intruder) -> None:
    it.run(
        "swaks", "--to", it.row["email"], "--from", "a@b.test", "--server", it.row["email"].partition("@")[2]
    )


@case("imaplib", "python", "imap-credentials", "password")
def imaplib(it: Intruder) -> None:
    it.python(
        "import imaplib\nimaplib.IMAP4(row['host'], int(row['port']), timeout=10).login(row['user'], row['password'])"
    )


@case("mbsync", "deb:isync", "imap-credentials", "password", how=".mbsyncrc")
def mbsync(it: Intruder) -> None:
    it.run("mbsync", "-a")


@case("mutt", "deb:mutt", "imap-credentials", "password", how=".muttrc")
def mutt(it: Intruder) -> None:
    it.run(
        "script",
        "-qec",
        "timeout --foreground -s KILL 8 mutt",
        "/dev/null",
        TERM="xterm",
        typed="yyqq\n",
        seconds=15,
    )


@case("curl", "deb:curl", "imap-credentials", "password", how="imap://")
def curl_imap(it: Intruder) -> None:
    it.run(
        "curl",
        "-s",
        f"imap://{it.row['host']}:{it.row['port']}/",
        "--user",
        f"{it.row['user']}:{it.row['password']}",
    )


@case("fetchmail", "deb:fetchmail", "imap-credentials", "password", how="as POP3", named=True)
def fetchmail(it: Intruder) -> None:
    rc = it.home / ".fetchmailrc"
    rc.write_text(
        f'poll {it.row["host"]} protocol pop3 user "{it.row["user"]}" password "{it.row["password"]}" sslproto ""\n'
    )
    rc.chmod(0o600)
    it.run("fetchmail", "--nodetach", "--nosyslog", "--mda", "cat")


@case("poplib", "python", "imap-credentials", "password", how="as POP3", named=True)
def poplib(it: Intruder) -> None:
    it.python(
        "import poplib\np = poplib.POP3(row['host'], timeout=10)\np.user(row['user'])\np.pass_(row['password'])"
    )


@case("curl", "deb:curl", "ftp-credentials", "password", how="ftp://, .netrc")
def curl_ftp(it: Intruder) -> None:
    it.run("curl", "-sn", f"ftp://{it.row['host']}:{it.row['port']}/")


@case("lftp", "deb:lftp", "ftp-credentials", "password")
def lftp(it: Intruder) -> None:
    it.run("lftp", "-e", "set net:max-retries 1; set net:timeout 5; ls; bye", it.row["url"], seconds=15)


@case("ftplib", "python", "ftp-credentials", "password")
def ftplib(it: Intruder) -> None:
    it.python(
        "import ftplib\nf = ftplib.FTP(timeout=10)\nf.connect(row['host'], int(row['port']))\n"
        "f.login(row['user'], row['password'])\nprint(f.nlst())"
    )


@case("wget", "deb:wget", "ftp-credentials", "password", how="ftp://")
def wget_ftp(it: Intruder) -> None:
    it.run("wget", "-q", "-t", "1", "-T", "5", it.row["url"])


def _ssh(it: Intruder) -> None:
    """OpenSSH takes its files from the account's home, not from ``HOME``: an intruder names them."""
    config = it.file(".ssh/config")
    text = config.read_text().replace("~/.ssh/", f"{it.home}/.ssh/")
    config.write_text(text + f"    UserKnownHostsFile {it.home}/.ssh/known_hosts\n    BatchMode yes\n")


@case("ssh", "deb:openssh-client", "ssh-key", "fingerprint")
def ssh(it: Intruder) -> None:
    _ssh(it)
    it.run("ssh", "-F", str(it.file(".ssh/config")), it.row["alias"], "id")


@case("scp", "deb:openssh-client", "ssh-key", "fingerprint")
def scp(it: Intruder) -> None:
    _ssh(it)
    it.run("scp", "-F", str(it.file(".ssh/config")), f"{it.row['alias']}:/etc/passwd", ".", seconds=15)


@case("sftp", "deb:openssh-client", "ssh-key", "fingerprint")
def sftp(it: Intruder) -> None:
    _ssh(it)
    it.run("sftp", "-F", str(it.file(".ssh/config")), it.row["alias"], typed="ls\n", seconds=15)


@case("rsync", "deb:rsync", "ssh-key", "fingerprint", how="over ssh")
def rsync(it: Intruder) -> None:
    _ssh(it)
    it.run("rsync", "-e", f"ssh -F {it.file('.ssh/config')}", f"{it.row['alias']}:/srv/", ".", seconds=15)


@case("git", "deb:git", "ssh-key", "fingerprint", how="over ssh")
def git_ssh(it: Intruder) -> None:
    _ssh(it)
    it.run(
        "git",
        "ls-remote",
        f"{it.row['alias']}:platform/api.git",
        GIT_SSH_COMMAND=f"ssh -F {it.file('.ssh/config')}",
        seconds=15,
    )


@case("paramiko", "pypi:paramiko", "ssh-key", "fingerprint")
def paramiko(it: Intruder) -> None:
    it.python(
        "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n"
        f"c.connect(row['host'], int(row['port']), row['user'], key_filename={str(it.file('.ssh/id_ed25519'))!r},"
        " timeout=10)\nc.exec_command('id', timeout=5)\nc.close()"
    )


@case("asyncssh", "pypi:asyncssh", "ssh-key", "fingerprint")
def asyncssh(it: Intruder) -> None:
    it.python(
        "import asyncio, asyncssh\nasync def main():\n"
        "    async with asyncssh.connect(row['host'], int(row['port']), username=row['user'], known_hosts=None,\n"
        f"            client_keys=[{str(it.file('.ssh/id_ed25519'))!r}], config=None) as c:\n"
        "        await asyncio.wait_for(c.run('id'), 5)\nasyncio.run(main())"
    )


@case("sshpass", "deb:sshpass", "ftp-credentials", "password", how="the same password by ssh", named=True)
def sshpass(it: Intruder) -> None:
    options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
    login = f"{it.row['user']}@{it.row['host']}"
    it.run("sshpass", "-p", it.row["password"], "ssh", *options, login, "id", seconds=15)
