"""Names, networks, documents."""

from __future__ import annotations

from tests.clients.case import Intruder, case


@case("dig", "deb:bind9-dnsutils", "dns-name", "host", named=True, by_name=True)
def dig(it: Intruder) -> None:
    it.run("dig", "+short", it.row["host"])


@case("nslookup", "deb:bind9-dnsutils", "dns-name", "host", named=True, by_name=True)
def nslookup(it: Intruder) -> None:
    it.run("nslookup", it.row["host"])


@case("host", "deb:bind9-host", "dns-name", "host", named=True, by_name=True)
def host(it: Intruder) -> None:
    it.run("host", it.row["host"])


@case("getent", "deb:libc-bin", "dns-name", "host", named=True, by_name=True)
def getent(it: Intruder) -> None:
    it.run("getent", "hosts", it.row["host"])


@case("dnspython", "pypi:dnspython", "dns-name", "host", named=True, by_name=True)
def dnspython(it: Intruder) -> None:
    it.python("import dns.resolver\nprint(dns.resolver.resolve(row['host']).rrset)")


@case("sh", "deb:dash", "sensitive-command", "host", how="the command is run", named=True, by_name=True)
def sensitive_command(it: Intruder) -> None:
    it.run("sh", str(it.file(it.row["command"])))


@case("wireguard-go", "deb:wireguard-go", "wireguard", "public_key", how="wg-quick's steps", named=True)
def wireguard_go(it: Intruder) -> None:
    it.run(
        "sh",
        "-c",
        "mkdir -p /dev/net; wireguard-go -f wg0 >/dev/null 2>&1 & sleep 2; grep -v ^Address wg0.conf > wg.stripped;"
        " wg setconf wg0 wg.stripped; ip link set wg0 up; sleep 6; kill $!",
        seconds=20,
    )


@case("openvpn", "deb:openvpn", "openvpn", "metadata", named=True)
def openvpn(it: Intruder) -> None:
    it.run("timeout", "6", "openvpn", "--config", str(it.file(".ovpn")), "--dev", "null", "--ifconfig-noexec")


def _office(kind: str, ending: str) -> None:
    def run(it: Intruder) -> None:
        it.run("soffice", "--headless", "--convert-to", "pdf", str(it.file(ending)), seconds=60)

    run.__name__ = f"libreoffice_{kind}"
    case("LibreOffice", "deb:libreoffice-core-nogui", kind, "host", how=f"opens the {kind}", named=True)(run)


for _kind in ("docx", "xlsx", "odt"):
    _office(_kind, f".{_kind}")


def _browser(it: Intruder, what: str) -> None:
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--timeout=6000",
        f"--user-data-dir={it.home}/profile",
    ]
    it.run("chromium", *options, "--dump-dom", what, seconds=30)


@case("Chromium", "deb:chromium", "html", "host", how="opens the page", named=True)
def chromium_html(it: Intruder) -> None:
    _browser(it, it.file(".html").as_uri())


@case("Chromium", "deb:chromium", "svg", "host", how="opens the picture", named=True)
def chromium_svg(it: Intruder) -> None:
    _browser(it, it.file(".svg").as_uri())


@case("Chromium", "deb:chromium", "url", "host", how="goes there", named=True)
def chromium_url(it: Intruder) -> None:
    _browser(it, it.row["url"])


@case("Chromium", "deb:chromium", "pdf", how="opens it, nobody clicks", named=True)
def chromium_pdf(it: Intruder) -> None:
    _browser(it, it.file(".pdf").as_uri())


@case("w3m", "deb:w3m", "html", how="opens the page", named=True)
def w3m(it: Intruder) -> None:
    it.run("w3m", "-dump", str(it.file(".html")))


@case("zbarimg", "deb:zbar-tools", "qr", "host", how="with curl", named=True)
def zbarimg(it: Intruder) -> None:
    it.run(
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={it.home}/profile",
        "--window-size=600,600",
        f"--screenshot={it.home}/qr.png",
        it.file(".svg").as_uri(),
    )
    read = it.run("zbarimg", "--raw", "-q", "qr.png").strip()
    it.run("curl", "-s", read)


@case("curl", "deb:curl", "robots", "host", how="the path that robots.txt forbids", named=True)
def curl_robots(it: Intruder) -> None:
    it.run("curl", "-s", it.row["url"])


@case("curl", "deb:curl", "terraform-http-backend", "password", how="the state, by the backend's login")
def curl_terraform(it: Intruder) -> None:
    it.run("curl", "-s", "-u", f"{it.row['user']}:{it.row['password']}", it.row["url"])
