"""How an error leaves the command line: message and remedy on stderr, an exit code, and JSON when asked for."""

from __future__ import annotations

import re
import sys
import traceback
from contextlib import suppress

from workbench.cli.printing import console, put_json, safe
from workbench.errors import InputError, WorkbenchError

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""
UNEXPECTED = 70
"""A fault of ours: sysexits' EX_SOFTWARE."""
_KEYS = re.compile(r"\bsk-[\w-]{8,}|\b(?:Bearer|x-api-key:?)\s+\S+", re.IGNORECASE)
_USUAL_KEYS = ("ANTHROPIC_API_KEY", "MISTRAL_API_KEY")


def report(error: Exception, *, as_json: bool, debug: bool) -> int:
    """Say what happened and what to do next; returns the exit code."""
    if isinstance(error, WorkbenchError):
        message, remedy, code = error.message, error.remedy, error.exit_code
    else:
        message = f"A fault of ours: {type(error).__name__}: {error}"
        remedy = "Please report this line with what you did; `workbench --debug …` shows where it happened."
        code = UNEXPECTED
    message, remedy = redacted(safe(message)), redacted(safe(remedy))
    at = error.line if isinstance(error, InputError) else None
    if as_json:
        shape = {"kind": type(error).__name__, "message": message, "remedy": remedy, "line": at, "exit_code": code}
        put_json({"error": shape})
    out = console(err=True)
    if debug:
        out.print(redacted("".join(traceback.format_exception(error))), soft_wrap=True)
    out.print(f"Line {at}: {message}" if at is not None else message, style="bold red", soft_wrap=True)
    if remedy:
        out.print(remedy, soft_wrap=True)
    sys.stderr.flush()
    return code


def redacted(text: str) -> str:
    """The text without anything that is, or looks like, a key."""
    from workbench.settings import load

    text = _KEYS.sub("••••", text)
    try:
        settings = load()
    except WorkbenchError:  # settings that cannot be read name no key
        return text
    for name in {*_USUAL_KEYS, *(one.key_name for one in settings.providers.values() if one.key_name)}:
        with suppress(WorkbenchError):  # what cannot be a key was never used as one
            key = settings.secret(name).reveal()
            text = text.replace(key, "••••") if key else text
    return text
