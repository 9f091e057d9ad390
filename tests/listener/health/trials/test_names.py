"""The trial of names."""

from __future__ import annotations

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.trials.names import NamesTrial
from tests.listener.health.looking import failures


def test_a_name_of_this_machine_and_mail_that_arrives_nowhere(home: Home) -> None:
    (home.path / "trapline.toml").write_text(
        '[bait]\nbase_url = "http://localhost:8080"\ndomain = "mail.invalid"\n[traps.smtp]\n'
    )
    parts = list(NamesTrial().run(View(Home(home.path), home.clock.now())))
    assert parts[0].level == "well"
    assert "this machine" in parts[0].says
    assert "mail.invalid has no MX record" in failures(parts)
