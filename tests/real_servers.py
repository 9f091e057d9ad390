"""Real servers on loopback, for tests that hold a trap beside one. Each is ended with the test that asked for it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import steady
from tests.programs import require

_NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; {user}
events {{ worker_connections 64; }}
http {{
  access_log off; default_type application/octet-stream; types {{ text/html html; image/gif gif; }}
  sendfile on; tcp_nopush on; gzip on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} default_server{http2}; {certificate} root {folder}/html;
    index index.html index.htm index.nginx-debian.html;
    location / {{ try_files $uri $uri/ =404; {asking} }}
    {passing}
  }}
}}
"""
"""As Debian's package sets it, for one server."""
_TLS = (
    "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; ssl_certificate {file};"
    ' ssl_certificate_key {file}; ssl_ciphers "HIGH:!aNULL:!MD5:@SECLEVEL=0";'
)
"""The level is that of the hosts' OpenSSL 1.1.1, with which TLS 1.0 needs no other."""
_PASSING = (
    "location /ws {{ proxy_pass http://127.0.0.1:{port}; proxy_http_version 1.1;"
    ' proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }}'
)
"""As nginx's documents have it for WebSocket."""
_PROXYING = "location /v1/ {{ proxy_pass http://127.0.0.1:{port}; }}"
_TIMES = "client_header_timeout {seconds}s; client_body_timeout {seconds}s; keepalive_timeout {seconds}s;"
_ASKING = (
    'limit_except GET POST PUT PATCH DELETE { auth_basic "Restricted"; auth_basic_user_file /dev/null; }'
)


@contextlib.contextmanager
def nginx(
    folder: Path,
    index: bytes,
    *,
    asks: bool = False,
    http2: bool = False,
    passes: int = 0,
    proxies: int = 0,
    seconds: int = 0,
    certificate: Path | None = None,
) -> Iterator[tuple[str, int]]:
    """Its address; ``index`` stands at its root. ``asks``: methods of WebDAV are asked for a login;
    ``http2``: it speaks that alone, with prior knowledge; ``passes``: the port to which it passes WebSockets on;
    ``proxies``: that to which it passes requests below /v1/ on; ``seconds``: what it waits for heads and bodies;
    ``certificate``: PEM with its key, with which it speaks TLS as Debian's package sets that."""
    require("nginx")
    port = steady.free_port()
    (folder / "html").mkdir(parents=True)
    (folder / "html" / "index.nginx-debian.html").write_bytes(index)
    config = folder / "nginx.conf"
    config.write_text(
        _NGINX.format(
            folder=folder,
            port=port,
            user="user root;",
            asking=_ASKING if asks else "",
            passing=(_PASSING.format(port=passes) if passes else "")
            + (_PROXYING.format(port=proxies) if proxies else "")
            + (_TIMES.format(seconds=seconds) if seconds else ""),
            http2=(" ssl" if certificate else "") + (" http2" if http2 else ""),
            certificate=_TLS.format(file=certificate) if certificate else "",
        )
    )
    program = shutil.which("nginx") or "nginx"
    process = subprocess.Popen(
        [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        steady.until(lambda: _answers(port), "nginx does not answer")
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


_BEFORE = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; user root;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream behind {{ server 127.0.0.1:{behind}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port} http2;
    location / {{
      proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
    location ~ ^/[a-z.]+[.][A-Z] {{
      grpc_pass grpc://behind; grpc_set_header Host $http_host;
      grpc_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""


@contextlib.contextmanager
def nginx_before(folder: Path, behind: int) -> Iterator[int]:
    """The port of an nginx that clients speak HTTP/2 with (prior knowledge) and that passes on to the port ``behind``:
    in HTTP/1.1, and what is called as gRPC names its services in HTTP/2, in clear."""
    require("nginx")
    port = steady.free_port()
    folder.mkdir(parents=True)
    config = folder / "nginx.conf"
    config.write_text(_BEFORE.format(folder=folder, port=port, behind=behind))
    program = shutil.which("nginx") or "nginx"
    process = subprocess.Popen(
        [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        steady.until(lambda: _answers(port), "nginx does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


_SSHD = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/rsa
HostKey {folder}/ecdsa
HostKey {folder}/ed25519
PidFile none
AuthorizedKeysFile {keys}
StrictModes no
PermitRootLogin yes
UsePAM no
KbdInteractiveAuthentication no
X11Forwarding yes
AcceptEnv LANG LC_*
ForceCommand /usr/sbin/nologin
{more}
"""
"""As Debian's package sets it, without PAM."""
SSHD_PRIVILEGES = Path("/run/sshd")
"""Where sshd wants a folder when it is started by root."""


@contextlib.contextmanager
def sshd(folder: Path, keys: Path, more: str = "") -> Iterator[int]:
    """Its port; the user who runs the tests gets in with what is in ``keys``. ``more``: lines of sshd_config(5)."""
    require("sshd")
    program = shutil.which("sshd") or "sshd"
    port, config = steady.free_port(), folder / "sshd_config"
    for kind in ("rsa", "ecdsa", "ed25519"):
        made = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(folder / kind)]
        subprocess.run(made, check=True, timeout=steady.PATIENCE)
    if os.getuid() == 0:
        SSHD_PRIVILEGES.mkdir(mode=0o755, exist_ok=True)
    config.write_text(_SSHD.format(port=port, folder=folder, keys=keys, more=more))
    process = subprocess.Popen(
        [program, "-D", "-e", "-f", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        steady.until(lambda: _answers(port), "sshd does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


@contextlib.contextmanager
def slapd(folder: Path, suffix: str) -> Iterator[int]:
    """The port of an OpenLDAP with the entry of ``suffix`` (``dc=corp,dc=local``), as its package sets it up."""
    program = shutil.which("slapd", path="/usr/sbin:/usr/lib/openldap:/usr/bin")
    if program is None:
        pytest.skip("needs slapd")
    port, config = steady.free_port(), folder / "slapd.conf"
    (folder / "data").mkdir()
    config.write_text(
        "include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
        f'database mdb\nsuffix "{suffix}"\nrootdn "cn=admin,{suffix}"\ndirectory {folder}/data\n'
        "access to attrs=userPassword by * auth\naccess to * by * read\n"
    )
    labels = [part.partition("=")[2] for part in suffix.split(",")]
    classes = "objectClass: top\nobjectClass: dcObject\nobjectClass: organization\n"
    (folder / "root.ldif").write_text(f"dn: {suffix}\n{classes}o: {'.'.join(labels)}\ndc: {labels[0]}\n")
    slapadd = Path(program).with_name("slapadd")
    subprocess.run(
        [slapadd, "-f", config, "-l", folder / "root.ldif"],
        check=True,
        capture_output=True,
        timeout=steady.PATIENCE,
    )
    process = subprocess.Popen(
        [program, "-f", config, "-h", f"ldap://127.0.0.1:{port}", "-d", "0"], stderr=subprocess.DEVNULL
    )
    try:
        steady.until(lambda: _answers(port), "slapd does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(steady.PATIENCE)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
