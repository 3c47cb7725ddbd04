"""Reads the Messages API's stream: blocks by type, usage by key, the end by its stop reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Iteration, Started, Usage
from workbench.errors import FailureKind, ProviderError
from workbench.providers._aside import Aside
from workbench.providers._bodies import count, items, mapping, said, text
from workbench.providers._characters import Characters
from workbench.providers._failures import Remote, failed, failure
from workbench.providers._unknown import Unknown

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
_KEYS = frozenset({"type", "message", "index", "content_block", "delta", "usage", "error", "request_id"})
_QUIET = frozenset({"ping", "content_block_stop"})
_BLOCKS = frozenset({"text", "tool_use", "thinking", "redacted_thinking"})
_DELTAS = frozenset({"text_delta", "input_json_delta", "thinking_delta", "signature_delta"})


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
        self._model = ""
        self._stop = ""
        self._category = ""
        self._called = False
        self._answered = False
        self._prose = Aside()
        self._characters = Characters()
        self._unknown = Unknown(remote.config.name)

    def read(self, frame: Mapping[str, object]) -> Sequence[DraftEvent]:
        """The events in one frame; what it does not know, it skips. Raises ProviderError for an error frame."""
        self._unknown.keys("frame", frame, _KEYS)
        match text(frame.get("type")):
            case "content_block_delta":
                piece = self._piece(frame.get("index"), mapping(frame.get("delta")))
                return piece if self._started else (*self._start({}), *piece)
            case "message_start":
                message = mapping(frame.get("message"))
                return (*self._start(message), *self._count(message.get("usage")))
            case "content_block_start":
                return (*self._start({}), *self._open(frame.get("index"), mapping(frame.get("content_block"))))
            case "message_delta":
                delta = mapping(frame.get("delta"))
                self._stop = text(delta.get("stop_reason")) or self._stop
                self._category = text(mapping(delta.get("stop_details")).get("category")) or self._category
                return self._count(frame.get("usage"))
            case "message_stop":
                self.over = True
            case other:
                if other == "error" or other in BY_TYPE or (not other and said(frame)):
                    # Some say only beside the data that it is one.
                    body = {"error": frame} if other in BY_TYPE else frame
                    raise failure(self._remote, body_kind(body, "provider_error"), said(frame))
                if other not in _QUIET:
                    self._unknown.note("event", other)
        return ()

    def kept(self) -> Sequence[DraftEvent]:
        """What was held back, once nothing better can follow: prose in the tool's place, half a character."""
        # Prose is no review, but it is what the model said.
        said_instead = () if self._answered else self._say(self._prose.text())
        rest = self._characters.rest()
        return (*said_instead, *((Delta(text=rest),) if rest else ()))

    def end(self) -> Sequence[DraftEvent]:
        """The last events, once the body has ended. Raises ProviderError when nothing was ever sent."""
        if not self._started:
            raise failure(self._remote, "empty_answer", retryable=True)
        answered = self._answered
        return (*self.kept(), self._ending(answered))

    def _ending(self, answered: bool) -> Finished | Failed:
        if not self.over:
            return failed(self._remote, "cut_off", "it ended without its end mark")
        if self._stop == "refusal":
            return Finished(stop="refused", detail=self._category)
        if self._stop in _TRUNCATED:
            return Finished(stop="truncated")
        finished = {"end_turn", "tool_use"} if self._mode == "tool" else {"end_turn"}
        if self._stop not in finished:
            return failed(self._remote, "cut_off", f"it stopped for “{self._stop or 'no reason'}”")
        if answered:
            return Finished(stop="complete")
        if not self._prose:
            return failed(self._remote, "empty_answer")
        what = "it put its answer beside the tool" if self._called else "it answered in prose"
        advice = self._remote.words("Draft again, or set providers.{name}.mode to schema.")
        return failed(self._remote, "wrong_shape", what, remedy=advice)

    def _start(self, message: Mapping[str, object]) -> Sequence[DraftEvent]:
        if self._started:
            return ()
        self._started = True
        self._model = text(message.get("model")) or self._remote.config.model
        missed = mapping(mapping(message.get("diagnostics")).get("cache_miss_reason"))
        started = Started(
            model=self._model,
            request_id=self._request_id,
            message_id=text(message.get("id")),
            miss=text(missed.get("type")),
            missed_tokens=count(missed.get("cache_missed_input_tokens")) or 0,
        )
        return (started,)

    def _open(self, index: object, block: Mapping[str, object]) -> Sequence[DraftEvent]:
        kind = text(block.get("type"))
        try:
            self._blocks[index] = kind
        except TypeError:
            raise self._damaged() from None
        if kind not in _BLOCKS:
            self._unknown.note("block", kind)
        # One tool is offered: whatever is called is it.
        self._called = self._called or kind == "tool_use"
        return self._word(text(block.get("text"))) if kind == "text" else ()

    def _piece(self, index: object, delta: Mapping[str, object]) -> Sequence[DraftEvent]:
        try:
            kind, block = text(delta.get("type")), self._blocks.get(index)
        except TypeError:
            raise self._damaged() from None
        if kind == "text_delta" and block in {"text", None}:
            return self._word(text(delta.get("text")))
        if kind == "input_json_delta" and block in {"tool_use", None}:
            self._called = True
            return self._say(text(delta.get("partial_json"))) if self._mode == "tool" else ()
        if kind not in _DELTAS:
            self._unknown.note("delta", kind)
        return ()

    def _word(self, piece: str) -> Sequence[DraftEvent]:
        if self._mode == "schema":
            return self._say(piece)
        if not self._prose.add(piece):
            raise failure(self._remote, "too_much_text", "it went on in prose")
        return ()

    def _damaged(self) -> ProviderError:
        """A block's index that can be none."""
        return failure(self._remote, "cut_off", "a piece of it is damaged")

    def _say(self, piece: str) -> Sequence[DraftEvent]:
        whole = self._characters.feed(piece)
        if not whole:
            return ()
        self._answered = True
        return (Delta(text=whole),)

    def _count(self, usage: object) -> Sequence[DraftEvent]:
        known = {key: value for key, value in mapping(usage).items() if value is not None}
        if not known:
            return ()
        self._usage.update(known)
        return (usage_of(self._usage, self._model),)


def body_kind(body: Mapping[str, object], fallback: FailureKind) -> FailureKind:
    """The failure an error body names by its code, type or words; `fallback` when it names none."""
    error = mapping(body.get("error"))
    code, words = text(mapping(error.get("details")).get("error_code")), text(error.get("message")).lower()
    if "spend_limit" in code or "credit balance" in words:
        return "spend_limit"
    if "prompt is too long" in words or "exceed context limit" in words:
        return "too_long"
    return BY_TYPE.get(text(error.get("type")), fallback)


def usage_of(total: Mapping[str, object], model: str) -> Usage:
    """The tokens of a usage object as the API reports it, for an answer by `model`.

    Several passes (a compaction, an advisor) stand in `iterations`; the totals beside them leave some out.
    """
    passes = tuple(_passes(total, model))
    parts = passes or (_pass(total, _hour(total), model),)
    return Usage(
        input_tokens=sum(one.input_tokens for one in parts),
        cache_read_tokens=sum(one.cache_read_tokens for one in parts),
        cache_write_5m_tokens=sum(one.cache_write_5m_tokens for one in parts),
        cache_write_1h_tokens=sum(one.cache_write_1h_tokens for one in parts),
        output_tokens=sum(one.output_tokens for one in parts),
        iterations=passes if len(passes) > 1 or any(one.model for one in passes) else (),
    )


def _passes(total: Mapping[str, object], model: str) -> Iterator[Iteration]:
    """The passes in their order. One without a split of its own has its share of what the whole's leaves over."""
    ones = [mapping(one) for one in items(total.get("iterations"))]
    left = max(_told_hour(total) - sum(map(_hour, ones)), 0)
    for one in ones:
        hour = _hour(one) if mapping(one.get("cache_creation")) else min(left, _written(one))
        left -= 0 if mapping(one.get("cache_creation")) else hour
        yield _pass(one, hour, model)


def _written(one: Mapping[str, object]) -> int:
    written, split = count(one.get("cache_creation_input_tokens")), mapping(one.get("cache_creation"))
    if written is None:
        return sum(count(split.get(f"ephemeral_{life}_input_tokens")) or 0 for life in ("5m", "1h"))
    return written


def _told_hour(one: Mapping[str, object]) -> int:
    return count(mapping(one.get("cache_creation")).get("ephemeral_1h_input_tokens")) or 0


def _hour(one: Mapping[str, object]) -> int:
    # The split comes at the start only; a later total may be smaller than it.
    return min(_told_hour(one), _written(one))


def _pass(one: Mapping[str, object], hour: int, model: str) -> Iteration:
    named = text(one.get("model"))
    return Iteration(
        input_tokens=count(one.get("input_tokens")) or 0,
        cache_read_tokens=count(one.get("cache_read_input_tokens")) or 0,
        cache_write_5m_tokens=_written(one) - hour,
        cache_write_1h_tokens=hour,
        output_tokens=count(one.get("output_tokens")) or 0,
        model="" if named == model else named,
    )
