"""Our real providers, wrapped, against a rehearsal server that fails as it is told to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tests.providers.scripts import Sleeps
from tests.providers.wires import PLAN, claude_config, codestral_config, text_of
from tests.running import run
from workbench.domain.events import DraftEvent, Failed, Waiting
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._failures import as_event
from workbench.providers._wrapping import wrap
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral
from workbench.rehearsal.faults import FAULTS
from workbench.rehearsal.server import RehearsalServer

FOREVER = 3600.0
LIMIT = 5000
VENDORS = {"anthropic": "claude", "mistral": "codestral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a draft. `raised` is the error before the first event; `pauses` are the waits in seconds."""

    events: list[DraftEvent] = field(default_factory=list[DraftEvent])
    raised: ProviderError | None = None
    pauses: list[float] = field(default_factory=list[float])

    @property
    def kinds(self) -> list[str]:
        """The kinds of event in order, each run of one kind once."""
        return [event.kind for place, event in enumerate(self.events) if event.kind != self._kind_before(place)]

    @property
    def last(self) -> DraftEvent:
        return self.events[-1]

    @property
    def failure(self) -> Failed:
        """Why it failed, raised or told."""
        if self.raised is not None:
            return as_event(self.raised)
        assert isinstance(self.last, Failed)
        return self.last

    @property
    def text(self) -> str:
        return text_of(self.events)

    def _kind_before(self, place: int) -> str:
        return self.events[place - 1].kind if place else ""


@contextmanager
def rehearsal() -> Generator[str]:
    """The URL of a server that writes as fast as it can."""
    server = RehearsalServer(first_token=0, tokens_per_second=100_000)
    try:
        yield server.start()
    finally:
        server.stop()


def vendors_of(*faults: str) -> list[tuple[str, str]]:
    """Each fault with each provider it can happen to, for a parametrized test."""
    return [(VENDORS[vendor], fault) for fault in faults for vendor in FAULTS[fault].vendors]


def provider(name: str, url: str, fault: str = "", *, key: str = "", mode: str = "schema") -> Provider:
    suffix = f"+{fault}" if fault else ""
    if name == "claude":
        config = claude_config(base_url=url, model=f"claude-sonnet-5-5{suffix}", mode=mode)
    else:
        config = codestral_config(base_url=url, model=f"codestral-2508{suffix}")
    config = replace(config, rehearsal=True, key=type(config.key)(key) if key else config.key)
    return Claude(config) if name == "claude" else Codestral(config)


async def drafting(
    inner: Provider,
    *,
    first_text: float = FOREVER,
    gap: float = FOREVER,
    whole: float = FOREVER,
    attempts: int = 3,
) -> Outcome:
    sleeps = Sleeps()
    outer = wrap(
        inner,
        first_text=first_text,
        gap=gap,
        whole=whole,
        limit=LIMIT,
        attempts=attempts,
        retry_wait=60,
        sleep=sleeps,
    )
    events: list[DraftEvent] = []
    raised: ProviderError | None = None
    try:
        async for event in outer.stream(PLAN):
            events.append(event)  # noqa: PERF401 - what came before an error stays
    except ProviderError as error:
        raised = error
    finally:
        await outer.close()
    waits = [event.seconds for event in events if isinstance(event, Waiting)]
    assert waits == sleeps.seconds
    return Outcome(events=events, raised=raised, pauses=waits)


def outcome(inner: Provider, **clocks: float) -> Outcome:
    """What becomes of a draft by `inner`; `clocks` as for `wrap`."""
    return run(drafting(inner, **clocks))  # type: ignore[arg-type]  # `attempts` is a whole number among the clocks
