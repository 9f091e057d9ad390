"""Egress of assistants, read as text out of Python tuples."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.netdata.sources.ai_egress import AiEgress, networks

TEXT = '''"""
Source: OpenAI published egress IPs (2026-02-21)
"""
OPENAI_IP_RANGES: tuple[str, ...] = (
    # /28 ranges
    "104.210.139.192/28",
    "2001:db8::/32",
)
'''


def test_claims(tmp_path: Path) -> None:
    (tmp_path / "mcp_ip_guard").mkdir()
    (tmp_path / "mcp_ip_guard" / "ranges.py").write_text(TEXT)
    (tmp_path / "mcp_ip_guard" / "anthropic_ranges.py").write_text(
        'ANTHROPIC_IP_RANGES: tuple[str, ...] = ("160.79.104.0/21",)\n'
    )
    source = AiEgress()
    assert source.date(tmp_path) == "2026-02-21"
    found = [(str(claim.network), claim.value.provider) for claim in source.claims(tmp_path)]
    assert found == [
        ("104.210.139.192/28", "openai"),
        ("2001:db8::/32", "openai"),
        ("160.79.104.0/21", "anthropic"),
    ]
    with pytest.raises(ValueError, match="no network"):
        networks("x = 1")
