"""The second act's parts; the act itself is told in tests/test_story.py, on the listener that these settings start."""

from __future__ import annotations

import json
from pathlib import Path

from canaries.core import settings as home_settings
from listener.demo import insider
from listener.demo.fake_servers import WebhookReceiver
from listener.demo.insider import InsiderAct
from listener.demo.stage import Stage
from listener.traps.sensors import SensorsSettings
from listener.traps.smtp import SmtpSettings


def test_its_settings_are_real_ones() -> None:
    made = home_settings.parse({}, insider.settings("/run/demo"))
    smtp = home_settings.bind(SmtpSettings, made.traps["smtp"], "traps.smtp")
    sensors = home_settings.bind(SensorsSettings, made.traps["sensors"], "traps.sensors")
    assert (smtp.bind, smtp.domains) == (("127.0.0.1:0",), (insider.DOMAIN,))
    assert sensors.bind == ("unix:/run/demo/s",)


def test_only_alarms_on_the_phony_subscribers_count(tmp_path: Path) -> None:
    webhook = WebhookReceiver()
    act = InsiderAct(Stage(tmp_path, print), webhook, "127.0.0.1:25")
    act._people = ["ab"]
    for event, canary in (
        ("first", "ab"),
        ("digest", "ab"),
        ("first", "cd"),
        ("unwell", ""),
        ("stronger", "ab"),
    ):
        webhook.bodies.append(json.dumps({"data": {"event": event, "canary": canary}}).encode())
    assert [one["event"] for one in act._alarms()] == ["first", "stronger"]
    webhook._server.server_close()
