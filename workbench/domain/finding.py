"""What a check says about a span of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`start` and `end` are character offsets into the quote; both 0 for a finding about the whole of it."""

    rule: str
    severity: Severity
    reason: str
    start: int = 0
    end: int = 0
    evidence: str = ""
