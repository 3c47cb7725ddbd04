"""Providers behind our clocks and retries, opened when they are first needed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.domain.plan import RUNAWAY_FACTOR
from workbench.ports import Adapter, Library, Provider, ProviderConfig
from workbench.providers._wrapping import wrap
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.rehearsal.server import RehearsalServer

_CHARACTERS_PER_WORD = 14
"""Of JSON: six of prose, and the braces, keys and citations around it."""


class Opener:
    """Opens providers when they are first needed; with the first rehearsal one, the rehearsal server too."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        adapters: Mapping[str, Adapter],
        configs: Mapping[str, ProviderConfig],
    ) -> None:
        self._settings = settings
        self._library = library
        self._adapters = adapters
        self._configs = configs
        self._lock = threading.Lock()
        self._server: RehearsalServer | None = None

    def open(self, name: str) -> Provider:
        """The provider, behind our clocks and our retries."""
        config = self._configs[name]
        if config.rehearsal:
            config = replace(config, base_url=self._rehearsal_url())
        clocks = self._settings.drafting
        longest = max(one.band.high for one in self._library.personas())
        return wrap(
            self._adapters[config.api].open(config),
            first_text=clocks.first_text,
            gap=clocks.gap,
            whole=clocks.whole,
            limit=longest * RUNAWAY_FACTOR * _CHARACTERS_PER_WORD,
            attempts=clocks.attempts,
            retry_wait=clocks.retry_wait,
        )

    def close(self) -> None:
        """Stop the rehearsal server, if it runs."""
        if self._server is not None:
            self._server.stop()

    def _rehearsal_url(self) -> str:
        with self._lock:
            if self._server is None:
                # Nobody who has keys waits for its import.
                from workbench.rehearsal.server import RehearsalServer  # noqa: PLC0415

                pace = self._settings.rehearsal
                self._server = RehearsalServer(first_token=pace.first_token, tokens_per_second=pace.tokens_per_second)
                self._server.start()
            return self._server.url
