"""Writes drafts, and another one when it is asked the very same thing again: the n-th take is its own."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

from workbench.domain.review import Review
from workbench.domain.text import digest
from workbench.rehearsal.composer import compose
from workbench.rehearsal.heeding import heard

_REMEMBERED = 10_000


class Writer:
    """Counts how often it was asked each thing. The first take depends on nothing but the request.

    Who holds `turn` while composing lets requests that come meanwhile be read, and their time run, in between.
    """

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._takes: OrderedDict[str, int] = OrderedDict()

    def write(self, system: str, said: Iterable[tuple[str, str]], model: str) -> Review:
        """The review that a conversation asks for, roles with their texts in order; in other words each time."""
        user, revision = heard(said)
        asked = digest(f"{system}\x00{user}\x00{model}\x00{revision}")
        take = self._takes.pop(asked, 0) + 1
        self._takes[asked] = take
        if len(self._takes) > _REMEMBERED:
            self._takes.popitem(last=False)
        return compose(system, user, model if take == 1 else f"{model}, take {take}", revision)
