"""The trial of permissions."""

from __future__ import annotations

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.trials.permissions import PermissionsTrial
from tests.listener.health.looking import failures


def tried(home: Home) -> str:
    return failures(list(PermissionsTrial().run(View(home, home.clock.now()))))


def test_what_others_may_write_to(home: Home) -> None:
    assert not tried(home)
    (home.path / "trapline.toml").chmod(0o666)
    assert f"others may write to {home.path.resolve()}/trapline.toml" in tried(home)
    (home.path / "trapline.toml").chmod(0o600)
    home.path.parent.chmod(0o777)
    assert "another folder in the place of the home" in tried(home)
