"""Print what nothing uses: functions, methods, imports, and code that no path leads to.

    python -m tools.dead_code

A name that only tests use passes. Fields and attributes are not looked at, since templates, JSON and libraries read
them, nor are classes, since most are plug-ins that are found by their folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).resolve().parent.parent
HELD_TO_IT = ("canaries", "listener", "tools")
READ = (*HELD_TO_IT, "tests", "benchmarks", "examples")
SORTS = {"function", "import", "method", "property", "unreachable_code"}

DECORATORS = [
    "@*.command*",
    "@*.group*",
    "@*.get",
    "@*.post",
    "@*.route",
    "@resource.on",
    "@*.before_request",
    "@*.context_processor",
    "@validates_schema",
]
"""What they decorate is called by click, Flask and marshmallow."""

CALLED_BY_LIBRARIES = [
    *(
        "format_commands",
        "get_metavar",
        "log_message",
        "do_GET",
        "handle_DATA",
    ),  # click, http.server, aiosmtpd
    *("on_url", "on_header"),  # httptools
    *(
        "connection_made",
        "connection_lost",
        "data_received",
        "eof_received",
        "pause_writing",
        "resume_writing",
    ),  # asyncio
    *(
        "begin_auth",
        "_process_env_request",
        "auth_completed",
        "choose_server_host_key",
        "_get_extra_kex_algs",
        "*_auth_supported",
        "validate_*",
        "change_password",
        "*_requested",
    ),  # asyncssh
    "session_started",
    *("handle_starttag", "handle_endtag", "handle_data"),  # html.parser
    *("async_sign_raw", "async_timestamp"),  # pyHanko
]


def unused(root: Path) -> list[str]:
    """One line for each name below ``root`` that nothing uses."""
    found = Vulture(ignore_names=CALLED_BY_LIBRARIES, ignore_decorators=DECORATORS)
    found.scavenge([str(root / folder) for folder in READ if (root / folder).exists()])
    return [
        f"{item.filename.relative_to(root)}:{item.first_lineno}: unused {item.typ} {item.name}"
        for item in found.get_unused_code(min_confidence=60)
        if item.typ in SORTS and item.filename.relative_to(root).parts[0] in HELD_TO_IT
    ]


if __name__ == "__main__":
    lines = unused(ROOT)
    print(*lines, sep="\n")
    sys.exit(bool(lines))
