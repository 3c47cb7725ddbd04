"""A provider that plays a script: for tests of everything that drafts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from workbench.domain.events import DraftEvent
from workbench.domain.plan import Plan
from workbench.ports import Provider, ProviderConfig

Step = DraftEvent | Exception | asyncio.Event
"""An event is streamed, an exception raised, an `asyncio.Event` waited for."""


class ScriptedProvider(Provider):
    """Plays one script per draft, in order; the last one again and again.

    `plans` holds every plan it was given, `open_streams` how many drafts run now, `closed` whether
    `close` was called.
    """

    def __init__(self, config: ProviderConfig, *scripts: Sequence[Step]) -> None:
        self._config = config
        self._scripts = scripts
        self.plans: list[Plan] = []
        self.open_streams = 0
        self.closed = False

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._config

    async def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The script's events; raises its exceptions."""
        script = self._scripts[min(len(self.plans), len(self._scripts) - 1)] if self._scripts else ()
        self.plans.append(plan)
        self.open_streams += 1
        try:
            for step in script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, asyncio.Event):
                    await step.wait()
                else:
                    yield step
        finally:
            self.open_streams -= 1

    async def close(self) -> None:
        """Remembers that it was called."""
        self.closed = True
