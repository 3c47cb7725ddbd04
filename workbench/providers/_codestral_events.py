"""Reads Mistral's stream of chunks: text or lists of text, usage in the last one, the end by its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Usage
from workbench.errors import FailureKind
from workbench.providers._bodies import count, items, mapping, said, text
from workbench.providers._characters import Characters
from workbench.providers._failures import Remote, failed, failure

_BY_CODE: dict[str, FailureKind] = {"1300": "rate_limited", "1500": "unknown_model", "3505": "overloaded"}
_BY_TYPE: dict[str, FailureKind] = {"rate_limited": "rate_limited", "invalid_model": "unknown_model"}
_BY_WORDS: dict[str, FailureKind] = {
    "capacity exceeded": "overloaded",
    "too large for model": "too_long",
    "context length": "too_long",
    "context window": "too_long",
    "prompt is too long": "too_long",
    "rate limit": "rate_limited",
}


class Reading:
    """One stream as it is read. `over` is set by whoever sees the end marker."""

    def __init__(self, remote: Remote, *, request_id: str) -> None:
        self.over = False
        self._remote = remote
        self._request_id = request_id
        self._started = False
        self._answered = False
        self._finish = ""
        self._characters = Characters()

    def read(self, frame: object) -> Iterator[DraftEvent]:
        """The events in one chunk; what it does not know, it skips. Raises ProviderError for an error frame."""
        chunk = mapping(frame)
        if "choices" not in chunk:
            raise failure(self._remote, body_kind(chunk, "provider_error"), said(frame))
        if not self._started:
            self._started = True
            yield Started(model=text(chunk.get("model")) or self._remote.config.model, request_id=self._request_id)
        for item in items(chunk["choices"]):
            choice = mapping(item)
            if choice.get("index", 0) == 0:
                yield from self._say(_content(mapping(choice.get("delta")).get("content")))
                self._finish = text(choice.get("finish_reason")) or self._finish
        if usage := mapping(chunk.get("usage")):
            yield _usage(usage)

    def end(self) -> Iterator[DraftEvent]:
        """The last events, once the body has ended. Raises ProviderError when nothing was ever sent."""
        if not self._started:
            raise failure(self._remote, "empty_answer", retryable=True)
        if rest := self._characters.rest():
            yield Delta(text=rest)
        yield self._ending()

    def _ending(self) -> Finished | Failed:
        if not self.over or not self._finish:
            return failed(self._remote, "cut_off", "it ended without its end mark")
        match self._finish:
            case "stop":
                return Finished(stop="complete") if self._answered else failed(self._remote, "empty_answer")
            case "length" | "model_length":
                return Finished(stop="truncated")
            case "error":
                return failed(self._remote, "provider_error", "it stopped for “error”")
            case "tool_calls":
                return failed(self._remote, "wrong_shape", "it called a tool, and none was offered")
            case other:
                return failed(self._remote, "cut_off", f"it stopped for “{other}”")

    def _say(self, piece: str) -> Iterator[DraftEvent]:
        if whole := self._characters.feed(piece):
            self._answered = True
            yield Delta(text=whole)


def body_kind(body: Mapping[str, object], fallback: FailureKind) -> FailureKind:
    """The failure an error body names by its code, type or words; `fallback` when it names none."""
    whole = mapping(body.get("error")) or body
    words = said(body).lower()
    by_code = _BY_CODE.get(str(whole.get("code"))) or _BY_TYPE.get(text(whole.get("type")))
    if by_code is not None:
        return by_code
    for part, kind in _BY_WORDS.items():
        if part in words:
            return kind
    return fallback


def _content(content: object) -> str:
    """A string, or a list of parts of which only text is the answer: the others are thinking."""
    if isinstance(content, str):
        return content
    parts = (mapping(part) for part in items(content))
    return "".join(text(part.get("text")) for part in parts if part.get("type") == "text")


def _usage(usage: Mapping[str, object]) -> Usage:
    prompt = count(usage.get("prompt_tokens")) or 0
    names = ("prompt_tokens_details", "prompt_token_details")
    told = [count(mapping(usage.get(name)).get("cached_tokens")) for name in names]
    told.append(count(usage.get("num_cached_tokens")))
    cached = min(next((one for one in told if one is not None), 0), prompt)
    return Usage(
        input_tokens=prompt - cached,
        cache_read_tokens=cached,
        output_tokens=count(usage.get("completion_tokens")) or 0,
    )
