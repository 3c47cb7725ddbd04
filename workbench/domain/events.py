"""What a provider's stream says, as one closed union. Both vendors' dialects end here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.errors import FailureKind

Stop = Literal["complete", "truncated", "refused", "stopped"]
"""How a stream ended by somebody's word: the provider finished, hit the token limit, refused; or we stopped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The response has begun: from now on others can read what this request writes to the cache.

    `model` is the one it reports, `request_id` its own trace id, `message_id` the answer's name. `miss` is the vendor's
    own word why an expected cache hit was none (`system_changed`, …), `missed_tokens` how many it cost.
    """

    model: str
    request_id: str = ""
    message_id: str = ""
    miss: str = ""
    missed_tokens: int = 0
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of the answer's JSON text, cut anywhere."""

    text: str
    kind: Literal["delta"] = "delta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens as they are billed. `input_tokens` is the uncached rest; the whole prompt is the sum of the first four."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        """Every token of the prompt, cached or not."""
        written = self.cache_write_5m_tokens + self.cache_write_1h_tokens
        return self.input_tokens + self.cache_read_tokens + written


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration(Tokens):
    """One of several passes behind one answer; `model` is another one's where it ran on another, else empty."""

    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Tokens):
    """Tokens so far, as totals: a later report replaces an earlier one, it is never added.

    Where a vendor bills several passes, `iterations` are they, and the totals are their sums.
    """

    iterations: tuple[Iteration, ...] = ()
    kind: Literal["usage"] = "usage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """We wait before trying again: `seconds` from now, because of `reason`; `attempt` is the next try's number."""

    seconds: float
    reason: str
    attempt: int
    kind: Literal["waiting"] = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The stream ended by somebody's word. `detail` is a refusal's category, if one was given."""

    stop: Stop
    detail: str = ""
    kind: Literal["finished"] = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The stream ended by accident. `message` says what happened, `remedy` what to do next."""

    failure: FailureKind
    message: str
    remedy: str = ""
    kind: Literal["failed"] = "failed"


DraftEvent = Started | Delta | Usage | Waiting | Finished | Failed
