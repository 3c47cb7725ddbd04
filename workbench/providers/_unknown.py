"""Notes what a stream holds that nobody here knows: in the log, once for each kind, and never with content."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

log = logging.getLogger(__name__)

MOST_KINDS = 32
"""Kinds noted of one stream; who makes up more is not worth a longer log."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")


class Unknown:
    """What one stream from `who` held beyond the known."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._noted: set[tuple[str, str]] = set()
        self._met: dict[str, frozenset[str]] = {}

    def note(self, what: str, name: object) -> None:
        """Log that a `what` called `name` was ignored, unless it was noted before."""
        # A kind is a plain word; anything else might be content.
        kind = what, name if isinstance(name, str) and _NAME.fullmatch(name) else "without a name"
        if kind not in self._noted and len(self._noted) < MOST_KINDS:
            self._noted.add(kind)
            log.debug("%s sent an unknown %s, which was ignored: %s", self._who, *kind)

    def keys(self, what: str, found: Mapping[str, object], known: frozenset[str]) -> None:
        """Note the keys of `found` that are not `known`."""
        known = self._met.get(what, known)
        if not found.keys() <= known:
            for name in found.keys() - known:
                self.note(f"key of a {what}", name)
            if len(known) < MOST_KINDS:
                self._met[what] = known | found.keys()  # one vendor pads every event under a key of its own
