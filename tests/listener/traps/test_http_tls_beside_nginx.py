"""TLS of the HTTP trap beside that of nginx, as sslscan sees both: versions, ciphers in their order, groups, habits."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from tests import real_servers, steady
from tests.programs import needs

pytestmark = needs("nginx", "openssl", "sslscan")
_CERTIFICATE = re.compile(r"  SSL Certificate:.*", re.DOTALL)
_NAMED = re.compile(r"(?m)^(Version|OpenSSL|Testing SSL server).*$")


def scanned(port: int) -> list[str]:
    """What sslscan says, line by line, but for names and the certificate, which is each server's own."""
    command = ["sslscan", "--no-colour", f"127.0.0.1:{port}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=steady.PATIENCE, check=True)
    said = _NAMED.sub("", _CERTIFICATE.sub("", done.stdout))
    return [line for line in said.splitlines() if line.strip()]


def test_sslscan_sees_the_same_on_both_sides(start_front: Any, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=localhost", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "certificate")]  # fmt: skip
    subprocess.run(made, capture_output=True, timeout=steady.PATIENCE, check=True)
    bundle.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "certificate").read_bytes())
    trap = scanned(start_front().address[1])
    with real_servers.nginx(tmp_path / "nginx", b"", http2=True, certificate=bundle) as (_, port):
        assert trap == scanned(port)
    assert len([line for line in trap if line.startswith(("Preferred", "Accepted"))]) > 20
    assert "TLSv1.0   enabled" in trap, "old programs and scanners are let in, as by the package's settings"
