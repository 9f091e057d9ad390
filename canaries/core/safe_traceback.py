"""What went wrong in Trapline's own code, for whoever runs the listener: where, and what sort of thing.

What the error itself says is left out: it may quote a visitor, with terminal escapes, or the password they sent.
"""

from __future__ import annotations

import sys
import traceback

from canaries.core import log_lines


def format_error(error: BaseException) -> str:
    """The places in Trapline's code, outermost first, and the error's type; before it what it came of. Whole lines."""
    cause = error.__cause__ or error.__context__
    before = f"{format_error(cause)}which led to\n" if cause is not None else ""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{before}{places}{type(error).__qualname__}\n"


def log_error(error: BaseException) -> None:
    """The account, on standard error."""
    if log_lines.are_json():
        log_lines.write("", type(error).__qualname__, "error", format_error(error))
    else:
        sys.stderr.write(format_error(error))
        sys.stderr.flush()
