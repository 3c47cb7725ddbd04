"""Reads the Messages API's stream: blocks by type, usage by key, the end by its stop reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Usage
from workbench.errors import FailureKind
from workbench.providers._bodies import count, mapping, said, text
from workbench.providers._characters import Characters
from workbench.providers._failures import Remote, failed, failure

Mode = Literal["schema", "tool"]
TOOL: Final = "submit_review"

BY_TYPE: dict[str, FailureKind] = {
    "authentication_error": "key_refused",
    "billing_error": "spend_limit",
    "permission_error": "not_allowed",
    "not_found_error": "unknown_model",
    "request_too_large": "too_long",
    "rate_limit_error": "rate_limited",
    "timeout_error": "timed_out",
    "overloaded_error": "overloaded",
    "api_error": "provider_error",
    "invalid_request_error": "bad_request",
}
"""What the vendor's error types mean, in a refusal and inside a stream."""
_TRUNCATED = frozenset({"max_tokens", "model_context_window_exceeded"})


class Reading:
    """One stream as it is read. `over` turns true at the stream's own end mark."""

    def __init__(self, remote: Remote, mode: Mode, *, request_id: str) -> None:
        self.over = False
        self._remote = remote
        self._mode = mode
        self._request_id = request_id
        self._started = False
        self._blocks: dict[object, str] = {}
        self._usage: dict[str, object] = {}
        self._stop = ""
        self._category = ""
        self._called = False
        self._answered = False
        self._characters = Characters()

    def read(self, frame: Mapping[str, object]) -> Iterator[DraftEvent]:
        """The events in one frame; what it does not know, it skips. Raises ProviderError for an error frame."""
        match frame.get("type"):
            case "message_start":
                message = mapping(frame.get("message"))
                yield from self._start(text(message.get("model")))
                yield from self._count(message.get("usage"))
            case "content_block_start":
                yield from self._start("")
                yield from self._open(frame.get("index"), mapping(frame.get("content_block")))
            case "content_block_delta":
                yield from self._start("")
                yield from self._piece(frame.get("index"), mapping(frame.get("delta")))
            case "message_delta":
                delta = mapping(frame.get("delta"))
                self._stop = text(delta.get("stop_reason")) or self._stop
                self._category = text(mapping(delta.get("stop_details")).get("category")) or self._category
                yield from self._count(frame.get("usage"))
            case "message_stop":
                self.over = True
            case "error":
                kind = BY_TYPE.get(text(mapping(frame.get("error")).get("type")), "provider_error")
                raise failure(self._remote, kind, said(frame))
            case _:
                return

    def end(self) -> Iterator[DraftEvent]:
        """The last events, once the body has ended. Raises ProviderError when nothing was ever sent."""
        if not self._started:
            raise failure(self._remote, "empty_answer", retryable=True)
        if rest := self._characters.rest():
            yield Delta(text=rest)
        yield self._ending()

    def _ending(self) -> Finished | Failed:
        if not self.over:
            return failed(self._remote, "cut_off", "it ended without its end mark")
        if self._stop == "refusal":
            return Finished(stop="refused", detail=self._category)
        if self._stop in _TRUNCATED:
            return Finished(stop="truncated")
        finished = {"end_turn", "tool_use"} if self._mode == "tool" else {"end_turn"}
        if self._stop not in finished:
            return failed(self._remote, "cut_off", f"it stopped for “{self._stop or 'no reason'}”")
        if self._mode == "tool" and not self._called:
            advice = self._remote.words("Draft again, or set providers.{name}.mode to schema.")
            return failed(self._remote, "wrong_shape", "it answered in prose", remedy=advice)
        return Finished(stop="complete") if self._answered else failed(self._remote, "empty_answer")

    def _start(self, model: str) -> Iterator[DraftEvent]:
        if not self._started:
            self._started = True
            yield Started(model=model or self._remote.config.model, request_id=self._request_id)

    def _open(self, index: object, block: Mapping[str, object]) -> Iterator[DraftEvent]:
        kind = text(block.get("type"))
        self._blocks[index] = kind
        # One tool is offered: whatever is called is it.
        self._called = self._called or kind == "tool_use"
        if kind == "text" and self._mode == "schema":
            yield from self._say(text(block.get("text")))

    def _piece(self, index: object, delta: Mapping[str, object]) -> Iterator[DraftEvent]:
        kind, block = delta.get("type"), self._blocks.get(index)
        if self._mode == "schema" and kind == "text_delta" and block in {"text", None}:
            yield from self._say(text(delta.get("text")))
        elif self._mode == "tool" and kind == "input_json_delta" and block == "tool_use":
            yield from self._say(text(delta.get("partial_json")))

    def _say(self, piece: str) -> Iterator[DraftEvent]:
        if whole := self._characters.feed(piece):
            self._answered = True
            yield Delta(text=whole)

    def _count(self, usage: object) -> Iterator[DraftEvent]:
        known = {key: value for key, value in mapping(usage).items() if value is not None}
        if known:
            self._usage.update(known)
            yield _usage(self._usage)


def _usage(total: Mapping[str, object]) -> Usage:
    split = mapping(total.get("cache_creation"))
    hour = count(split.get("ephemeral_1h_input_tokens")) or 0
    written = count(total.get("cache_creation_input_tokens"))
    if written is None:
        written = hour + (count(split.get("ephemeral_5m_input_tokens")) or 0)
    # The split comes at the start only; a later total may be smaller than it.
    hour = min(hour, written)
    return Usage(
        input_tokens=count(total.get("input_tokens")) or 0,
        cache_read_tokens=count(total.get("cache_read_input_tokens")) or 0,
        cache_write_5m_tokens=written - hour,
        cache_write_1h_tokens=hour,
        output_tokens=count(total.get("output_tokens")) or 0,
    )
