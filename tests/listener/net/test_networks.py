"""Lists of networks."""

from __future__ import annotations

import pytest

from listener.net.networks import Networks


def test_membership() -> None:
    ours = Networks(["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"])
    assert "10.2.3.4" in ours
    assert "::ffff:10.2.3.4" in ours
    assert "2001:db8::5" in ours
    assert "192.0.2.1" in ours
    assert "192.0.2.2" not in ours
    assert "rubbish" not in ours


def test_nobody_lies_in_an_empty_list() -> None:
    assert not Networks([])
    assert "127.0.0.1" not in Networks([])


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match=r"proxy\.local"):
        Networks(["proxy.local"])
