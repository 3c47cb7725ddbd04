"""Scripted drafts, and a sleep that takes no time."""

from __future__ import annotations

from tests.providers.wires import PLAN, claude_config
from workbench.domain.events import DraftEvent, Failed, Finished, Started
from workbench.errors import FailureKind, ProviderError
from workbench.ports import Provider
from workbench.providers._scripted import ScriptedProvider, Step
from workbench.providers._wrapping import wrap

STARTED = Started(model="m")
DONE = Finished(stop="complete")
FOREVER = 3600.0
TICK = 0.02


def scripted(*scripts: list[Step]) -> ScriptedProvider:
    return ScriptedProvider(claude_config(), *scripts)


def script_of(*steps: Step) -> list[Step]:
    return list(steps)


def refusal(kind: FailureKind = "overloaded", *, retryable: bool = True, after: float | None = None) -> ProviderError:
    return ProviderError(kind, "It is overloaded.", "Wait.", retryable=retryable, retry_after=after)


class Sleeps:
    """Waits for nothing and remembers for how long it would have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def wrapped(
    inner: Provider, sleep: Sleeps, *, attempts: int = 3, retry_wait: float = 60, first_text: float = FOREVER
) -> Provider:
    return wrap(
        inner,
        first_text=first_text,
        gap=FOREVER,
        whole=FOREVER,
        limit=1000,
        attempts=attempts,
        retry_wait=retry_wait,
        sleep=sleep,
    )


async def drafted_by(provider: Provider) -> list[DraftEvent]:
    return [event async for event in provider.stream(PLAN)]


def failure_of(events: list[DraftEvent]) -> Failed:
    last = events[-1]
    assert isinstance(last, Failed)
    return last
