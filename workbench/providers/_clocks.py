"""Stops a draft that hangs, trickles or never ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final, Self

from workbench.domain.events import Delta, DraftEvent, Failed, Finished
from workbench.domain.plan import Plan
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._closing import closing
from workbench.providers._wrapped import Wrapped

_REMEDY: Final = "Draft again; if it stays so, raise drafting.{setting}."


class Clocked(Wrapped):
    """A provider whose every draft is timed.

    Seconds to the first text, between two pieces of text (other events do not count), and for the
    whole draft; `limit` is the most characters of text. The time the reader takes is not the provider's.
    """

    def __init__(self, inner: Provider, *, first_text: float, gap: float, whole: float, limit: int) -> None:
        super().__init__(inner)
        self._first_text = first_text
        self._gap = gap
        self._whole = whole
        self._limit = limit

    async def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The inner provider's events; Failed when a clock runs out or the text grows without end."""
        begun = False
        characters = 0
        watch = _Watch(name=self.config.name, first_text=self._first_text, gap=self._gap, whole=self._whole)
        with watch:
            async with closing(self._inner.stream(plan)) as events:
                while True:
                    try:
                        event = await watch.next(events)
                    except _ExpiredError as expired:
                        if not begun:
                            failure = expired.failure
                            raise ProviderError("timed_out", failure.message, failure.remedy, retryable=True) from None
                        yield expired.failure
                        return
                    if event is None:
                        return
                    begun = True
                    if isinstance(event, Delta):
                        room, characters = self._limit - characters, characters + len(event.text)
                        if characters > self._limit:
                            if room:
                                yield Delta(text=event.text[:room])
                            yield self._too_much()
                            return
                    yield event
                    if isinstance(event, Finished | Failed):
                        return

    def _too_much(self) -> Failed:
        return Failed(
            failure="too_much_text",
            message=f"{self.config.name} wrote more than {self._limit:,} characters and was stopped.",
            remedy="Draft again, or use what arrived.",
        )


class _ExpiredError(Exception):
    def __init__(self, failure: Failed) -> None:
        super().__init__(failure.message)
        self.failure = failure


class _Watch:
    """The three clocks of one draft, on one timer: arming one for every event would take longer than the event."""

    def __init__(self, *, name: str, first_text: float, gap: float, whole: float) -> None:
        self._name = name
        self._patience = first_text
        self._setting = "first_text"
        self._gap = gap
        self._whole = whole
        self._silence = 0.0
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._deadline = 0.0
        self._waiting: asyncio.Task[object] | None = None
        self._rang = False
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    async def next(self, events: AsyncIterator[DraftEvent]) -> DraftEvent | None:
        """The next event, or None at the end. Raises _ExpiredError."""
        asked = self._loop.time()
        patience, rest = self._patience - self._silence, self._whole - (asked - self._began)
        if min(patience, rest) <= 0:
            raise self._expired(rest <= 0)
        task = asyncio.current_task()
        cancelled_before = task.cancelling() if task is not None else 0
        self._deadline, self._waiting = asked + min(patience, rest), task
        if self._timer is None or self._timer.when() > self._deadline:
            self._set(self._deadline)
        try:
            event = await anext(events, None)
        except asyncio.CancelledError:
            # Ours, unless somebody else cancelled the task too.
            if self._rang and task is not None and task.uncancel() <= cancelled_before:
                raise self._expired(rest < patience) from None
            raise
        finally:
            self._waiting = None
        if isinstance(event, Delta):
            self._silence, self._patience, self._setting = 0.0, self._gap, "gap"
        else:
            self._silence += self._loop.time() - asked
        return event

    def _set(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(moment, self._ring)

    def _ring(self) -> None:
        """The deadline it was set for has come, or has moved on since."""
        self._timer = None
        if self._waiting is None:
            return  # the next wait sets it
        if self._loop.time() < self._deadline:
            self._set(self._deadline)
        else:
            self._rang = True
            self._waiting.cancel()

    def _expired(self, whole: bool) -> _ExpiredError:
        setting = "whole" if whole else self._setting
        message = {
            "first_text": f"{self._name} wrote nothing for {self._patience:g} s.",
            "gap": f"{self._name} fell silent for {self._gap:g} s.",
            "whole": f"{self._name} was not done after {self._whole:g} s.",
        }[setting]
        return _ExpiredError(Failed(failure="timed_out", message=message, remedy=_REMEDY.format(setting=setting)))
