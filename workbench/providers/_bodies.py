"""Reads what a vendor says when it refuses: error bodies in all their shapes, and how long to wait."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

_DEEPEST = 6
_TOO_MANY = 2**53
"""What is above is no count, and more than the store can keep."""


def mapping(value: object) -> Mapping[str, object]:
    """The JSON object, or an empty one when the value is something else."""
    # JSON makes dicts and nothing like them; asking for the ABC takes ten times as long.
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> Sequence[object]:
    """The JSON array, or an empty one when the value is something else."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def text(value: object) -> str:
    """The JSON string, or an empty one when the value is something else."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """The JSON number as a count of 0 or more, or None when the value is something else or absurd."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _TOO_MANY else None


def parsed(body: object) -> object:
    """The body as JSON where it is JSON text; what it was otherwise."""
    if not isinstance(body, str | bytes):
        return body
    try:
        return cast("object", json.loads(body))
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def said(body: object, depth: int = 0) -> str:
    """The sentence a person would call the error's message; empty when there is none.

    It stands in `error.message`, `message` (text, an object, or JSON in text), `detail` (text or a
    list of validation errors), depending on vendor, status and year.
    """
    value = parsed(body)
    if depth > _DEEPEST:
        return ""
    if isinstance(value, str):
        return "" if value.lstrip().startswith(("<", "{", "[")) else value.strip()
    if isinstance(value, list):
        return "; ".join(filter(None, (said(one, depth + 1) for one in items(cast("object", value))[:3])))
    whole = mapping(value)
    if isinstance(whole.get("msg"), str):
        where = ".".join(str(part) for part in items(whole.get("loc")) if part != "body")
        return f"{where}: {whole['msg']}" if where else text(whole["msg"])
    inner = (said(whole.get(key), depth + 1) for key in ("error", "message", "detail") if whole.get(key))
    return next(filter(None, inner), "")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the vendor asks us to wait; None when it asks nothing sensible.

    A date counts from the server's own `Date`, so that a wrong clock on either side does no harm.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        wish = _seconds(headers.get(name, "").strip(), headers.get("date", ""))
        if wish is not None and wish >= 0:
            return wish / unit
    return None


def _seconds(raw: str, served: str) -> float | None:
    try:
        value = float(raw)
    except ValueError:
        until, since = _moment(raw), _moment(served)
        return (until - since).total_seconds() if until is not None and since is not None else None
    return value if math.isfinite(value) else None


def _moment(raw: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
