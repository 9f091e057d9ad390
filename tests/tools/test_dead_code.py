"""Dead code: what nothing calls is named, what a library or a test calls is not."""

from __future__ import annotations

from pathlib import Path

from tools import dead_code


def test_what_nothing_uses_is_named_with_its_place(tmp_path: Path) -> None:
    source = (
        "import os\n\n\ndef forgotten() -> None:\n    return\n\n\ndef used() -> None:\n    return\n\n\n"
        "@app.get('/')\ndef page() -> None:\n    return\n\n\ndef connection_made() -> None:\n    return\n"
    )
    for folder, text in (("canaries", source), ("tests", "used()\n\n\ndef idle() -> None:\n    return\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "module.py").write_text(text)
    assert sorted(dead_code.unused(tmp_path)) == [
        "canaries/module.py:1: unused import os",
        "canaries/module.py:4: unused function forgotten",
    ]
