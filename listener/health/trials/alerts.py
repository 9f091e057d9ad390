"""A test alert through each channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from canaries.core.errors import TraplineError
from canaries.core.text import visible
from listener.health.state import PartState, failing, well
from listener.health.trials import Trial
from listener.notify import trial_alert
from listener.notify.channels import DeliveryError
from listener.notify.configured import channel

if TYPE_CHECKING:
    from listener.health.checks import View


class AlertsTrial(Trial):
    name = "alerts"
    order = 40

    def run(self, view: View) -> Iterator[PartState]:
        sections = view.home.settings.channels
        if not sections:
            yield failing(
                self.name, "no channel is configured", "add a [channels.NAME] section to trapline.toml"
            )
        for name, section in sorted(sections.items()):
            part = f"{self.name}: {name}"
            try:
                receipt = trial_alert.send(view.home, name, channel(name, dict(section)))
            except DeliveryError as error:
                yield failing(
                    part,
                    f"the test alert was not delivered: {visible(error.reason, limit=200)}",
                    f"mend that, then: trapline alerts test {name}",
                )
            except TraplineError as error:
                yield failing(part, error.sentence, error.hint or "")
            else:
                yield well(part, f"the test alert was taken: {visible(receipt, limit=200)}")
