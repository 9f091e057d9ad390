"""Why somebody looked a record up, as the statement or its session says: a claim of whoever wrote it, and hostile text.

    SET trapline.reason = 'case 4711'
    SELECT ... /*application='crm',reason='case%204711'*/

The second is sqlcommenter's form (google.github.io/sqlcommenter/spec): a comment of ``name='value'`` pairs, in values a
quote behind a backslash and all else percent-encoded. The setting counts where there are both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

LONGEST_REASON = 200
"""Characters that are kept."""
SETTING, COMMENT = "setting", "comment"
_OPEN, _CLOSE = "/*", "*/"
_PAIR = re.compile(r"\s*([\w.%-]{1,64})\s*=\s*'((?:[^'\\]|\\.)*+)'\s*(?:,|\Z)", re.DOTALL)


def given_reason(said: Mapping[str, object]) -> tuple[str, str]:
    """(the reason, ``setting`` or ``comment``) of what a reader in a database says; both empty where there is none.

    A reason without a letter or a digit is none.
    """
    setting = _kept(said.get("reason"))
    if setting:
        return setting, SETTING
    comment = _kept(_commented(said.get("tail") or said.get("query")))
    return (comment, COMMENT) if comment else ("", "")


def _kept(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = value.encode("utf-8", "replace").decode().strip()[:LONGEST_REASON]
    return text if any(char.isalnum() for char in text) else ""


def _commented(query: object) -> str:
    """The tag ``reason`` of the last comment that has one."""
    if not isinstance(query, str):
        return ""
    end = len(query)
    while (end := query.rfind(_CLOSE, 0, end)) >= 0:
        start = query.rfind(_OPEN, 0, end)
        if start < 0:
            return ""
        found = _tags(query[start + len(_OPEN) : end]).get("reason")
        if found is not None:
            return found
        end = start
    return ""


def _tags(comment: str) -> dict[str, str]:
    """Name to value; empty where the comment is not wholly of such pairs."""
    found, place = dict[str, str](), 0
    while place < len(comment):
        pair = _PAIR.match(comment, place)
        if pair is None:
            return {}
        found[unquote(pair[1])] = unquote(re.sub(r"\\(.)", r"\1", pair[2], flags=re.DOTALL), errors="replace")
        place = pair.end()
    return found
