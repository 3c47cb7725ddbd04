"""The machine's clock and its randomness, behind the `Clock` port."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class SystemClock:
    """The `Clock` port over the machine's clock and randomness."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def new_id(self) -> str:
        """Nine characters of milliseconds, seven of chance."""
        milliseconds = int(self.now().timestamp() * 1000)
        head = ""
        for _ in range(9):
            milliseconds, digit = divmod(milliseconds, 36)
            head = _DIGITS[digit] + head
        return head + "".join(secrets.choice(_DIGITS) for _ in range(7))
