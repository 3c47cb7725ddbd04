"""Turns what went wrong with a vendor into one ProviderError a person can act on, and that into an event."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from workbench.domain.events import DraftEvent, Failed
from workbench.errors import FailureKind, ProviderError
from workbench.ports import ProviderConfig
from workbench.providers._closing import closing

LONGEST_QUOTE = 200
"""Characters of a vendor's own words that reach the screen."""
MAY_PASS: Final[frozenset[FailureKind]] = frozenset(
    {"rate_limited", "overloaded", "provider_error", "unreachable", "timed_out", "cut_off"}
)
"""Failures that another try may cure."""

_WHAT: dict[FailureKind, str] = {
    "key_refused": "{who} refused the key",
    "not_allowed": "{who} does not allow this key to use {model}",
    "unknown_model": "{who} does not know the model {model}",
    "spend_limit": "The spend limit at {who} is reached",
    "bad_request": "{who} refused the request",
    "too_long": "The request is too long for {model}",
    "rate_limited": "The rate limit at {who} is reached",
    "overloaded": "{who} is overloaded",
    "provider_error": "{who} had an error of its own",
    "unreachable": "{host} could not be reached",
    "timed_out": "{host} did not answer in time",
    "cut_off": "The answer from {who} broke off",
    "empty_answer": "{who} sent an empty answer",
    "not_a_provider": "{host} does not answer like {vendor}",
    "wrong_shape": "{model} did not hand in a review",
    "too_much_text": "The answer from {who} grew without end",
}
_REMEDY: dict[FailureKind, str] = {
    "key_refused": "Check the key in {key_name} (the variable that providers.{name}.key_name names).",
    "not_allowed": "Allow the model for this key in the vendor's console, or change providers.{name}.model.",
    "unknown_model": "Correct providers.{name}.model; `workbench models` lists what there is.",
    "spend_limit": "Raise the limit in the vendor's console, or wait until it starts anew.",
    "bad_request": "Check the settings under providers.{name}.",
    "too_long": "Shorten the tool's description, or choose a model with a larger context in providers.{name}.model.",
    "rate_limited": "Draft again later, or lower drafting.concurrency.",
    "overloaded": "Draft again in a few minutes.",
    "provider_error": "Draft again; if it stays so, look at the vendor's status page.",
    "unreachable": "Check the network, HTTPS_PROXY and NO_PROXY, and providers.{name}.base_url.",
    "timed_out": "Draft again; if it stays so, check the network.",
    "cut_off": "Draft again, or use what arrived.",
    "empty_answer": "Draft again.",
    "not_a_provider": "Check providers.{name}.base_url, and any proxy or portal in between.",
    "wrong_shape": "Draft again.",
    "too_much_text": "Draft again, or use what arrived.",
}
_SHORTEST_KEY = 8
"""A placeholder like `none` is no secret, and blotting it out would spoil the sentence."""
_BY_STATUS: dict[int, FailureKind] = {
    401: "key_refused",
    402: "spend_limit",
    403: "not_allowed",
    404: "unknown_model",
    407: "unreachable",
    408: "timed_out",
    409: "provider_error",
    413: "too_long",
    429: "rate_limited",
    503: "overloaded",
    504: "timed_out",
    529: "overloaded",
}
_SECRETS = re.compile(r"\bBearer\s+\S+|\bsk-[A-Za-z0-9_-]{4,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Whom a failure is about: the configured provider, its vendor, its usual key, the address spoken to."""

    config: ProviderConfig
    vendor: str
    key_name: str
    host: str

    def words(self, sentence: str) -> str:
        """The sentence with its blanks filled in."""
        return sentence.format(
            who=self.host if self.config.base_url else self.vendor,
            vendor=self.vendor,
            host=self.host,
            model=f"“{self.config.model}”",
            key_name=self.key_name,
            name=self.config.name,
        )

    def redacted(self, text: str) -> str:
        """The text on one line, without keys and lone surrogates, at most LONGEST_QUOTE characters."""
        key = self.config.key.reveal()
        masked = text.replace(key, "••••") if len(key) >= _SHORTEST_KEY else text
        sendable = masked.encode("utf-8", "replace").decode("utf-8")  # half a pair goes through no socket
        line = " ".join(_SECRETS.sub("••••", sendable).split())
        return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def by_status(status: int) -> FailureKind:
    """What an HTTP status alone says."""
    return _BY_STATUS.get(status, "provider_error" if status >= 500 else "bad_request")


def failure(
    remote: Remote,
    kind: FailureKind,
    quote: str = "",
    *,
    remedy: str = "",
    retryable: bool | None = None,
    retry_after: float | None = None,
) -> ProviderError:
    """The error for `kind`. `quote` is what the other side said; whether it may be retried follows from the kind."""
    what, quoted = remote.words(_WHAT[kind]), remote.redacted(quote)
    return ProviderError(
        kind,
        f"{what}: {quoted.rstrip('.')}." if quoted else f"{what}.",
        remedy or remote.words(_REMEDY[kind]),
        retryable=kind in MAY_PASS if retryable is None else retryable,
        retry_after=retry_after,
    )


def as_event(error: ProviderError) -> Failed:
    """The same failure inside a stream."""
    return Failed(failure=error.kind, message=error.message, remedy=error.remedy)


def failed(remote: Remote, kind: FailureKind, quote: str = "", *, remedy: str = "") -> Failed:
    """A failure that is known only inside the stream."""
    return as_event(failure(remote, kind, quote, remedy=remedy))


async def told(events: AsyncIterator[DraftEvent]) -> AsyncIterator[DraftEvent]:
    """The same events; a ProviderError after the first one becomes the last event instead of being raised."""
    begun = False
    async with closing(events):
        try:
            async for event in events:
                begun = True
                yield event
        except ProviderError as error:
            if not begun:
                # The frames below hold the vendor's own words, which may hold the key.
                raise error.with_traceback(None) from None
            yield as_event(error)
