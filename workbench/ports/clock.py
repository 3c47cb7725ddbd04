"""The time of day and fresh names."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time of day and fresh names; the only source of both."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def new_id(self) -> str:
        """A fresh id that sorts by the time it was made: 16 characters of [0-9a-z]."""
        ...
