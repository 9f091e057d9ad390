"""An MQTT login: two files that Mosquitto's clients read by themselves (as the trap's test shows), and a URL."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from canaries.core.model import Bait


def test_files_and_url_say_the_same(mint: Callable[..., Bait]) -> None:
    bait = mint("mqtt-credentials", ports={"mqtt": 1884})
    url = urlsplit(bait.row["url"])
    for file in bait.files:
        options = dict(line.split(" ", 1) for line in file.content.decode().splitlines())
        assert (options["-h"], options["-p"]) == (url.hostname, str(url.port)) == (bait.row["host"], "1884")
        assert (options["-u"], options["-P"]) == (url.username, url.password)
        assert ("-t" in options) == file.path.endswith("_sub"), "mosquitto_pub would publish to it"
    assert bait.text == f"MQTT_URL={bait.row['url']}\n"
