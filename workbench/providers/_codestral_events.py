"""Reads Mistral's stream of chunks: text or lists of text, usage in the last one, the end by its reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Usage
from workbench.errors import FailureKind
from workbench.providers._aside import LONGEST
from workbench.providers._bodies import count, items, mapping, said, text
from workbench.providers._characters import Characters
from workbench.providers._failures import Remote, failed, failure
from workbench.providers._unknown import Unknown

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
_ERROR = frozenset({"error", "message", "detail", "code"})
_CHUNK = frozenset({"id", "object", "created", "model", "choices", "usage"})
_DELTA = frozenset({"role", "content", "tool_calls"})
_PARTS = frozenset({"text", "thinking"})


class Reading:
    """One stream as it is read. `over` is set by whoever sees the end marker.

    `strict`: without the end marker the stream is not whole, whatever it said before.
    """

    def __init__(self, remote: Remote, *, request_id: str, strict: bool) -> None:
        self.over = False
        self._remote = remote
        self._request_id = request_id
        self._strict = strict
        self._started = False
        self._answered = False
        self._finish = ""
        self._calls = Calls()
        self._characters = Characters()
        self._unknown = Unknown(remote.config.name)

    def read(self, frame: object) -> Sequence[DraftEvent]:
        """The events in one chunk; what it does not know, it skips. Raises ProviderError for an error frame."""
        chunk = mapping(frame)
        if chunk.get("error") or chunk.get("object") == "error" or ("choices" not in chunk and "usage" not in chunk):
            return self._no_chunk(frame)
        self._unknown.keys("chunk", chunk, _CHUNK)
        found: list[DraftEvent] = []
        if not self._started:
            self._started = True
            model = text(chunk.get("model")) or self._remote.config.model
            found.append(Started(model=model, request_id=self._request_id, message_id=text(chunk.get("id"))))
        for item in items(chunk.get("choices")):
            choice = mapping(item)
            if not choice.get("index"):
                found += self._choose(mapping(choice.get("delta")))
                self._finish = text(choice.get("finish_reason")) or self._finish
        if usage := mapping(chunk.get("usage")):
            found.append(usage_of(usage))
        return found

    def kept(self) -> Sequence[DraftEvent]:
        """What was held back, once nothing better can follow: the arguments of a call, half a character."""
        # No tool is ever offered: what was put into one is no review, but it is what the model said.
        said_instead = () if self._answered else self._say(self._calls.said())
        rest = self._characters.rest()
        return (*said_instead, *((Delta(text=rest),) if rest else ()))

    def end(self) -> Sequence[DraftEvent]:
        """The last events, once the body has ended. Raises ProviderError when nothing was ever sent."""
        if not self._started:
            raise failure(self._remote, "empty_answer", retryable=True)
        spoken = self._answered
        return (*self.kept(), self._ending(spoken))

    def _no_chunk(self, frame: object) -> Sequence[DraftEvent]:
        other = mapping(frame)
        if not isinstance(frame, dict) or other.keys() & _ERROR or other.get("object") == "error":
            raise failure(self._remote, body_kind(other, "provider_error"), said(frame))
        self._unknown.note("chunk", other.get("object"))
        return ()

    def _ending(self, spoken: bool) -> Finished | Failed:
        # Endpoints of one's own may leave the marker out; there a reason to stop is the provider's own word,
        # and a connection that broke before it was raised as such.
        if not self._finish or (self._strict and not self.over):
            return failed(self._remote, "cut_off", "it ended without its end mark")
        match self._finish:
            case "stop" if spoken:
                return Finished(stop="complete")
            case "stop" if not self._calls:
                return failed(self._remote, "empty_answer")
            case "length" | "model_length":
                return Finished(stop="truncated")
            case "error":
                return failed(self._remote, "provider_error", "it stopped for “error”")
            case "tool_calls" | "function_call" | "stop":
                return failed(self._remote, "wrong_shape", "it called a tool, and none was offered")
            case other:
                return failed(self._remote, "cut_off", f"it stopped for “{other}”")

    def _choose(self, delta: Mapping[str, object]) -> Sequence[DraftEvent]:
        self._unknown.keys("delta", delta, _DELTA)
        for call in items(delta.get("tool_calls")):
            if not self._calls.read(mapping(call)):
                raise failure(self._remote, "too_much_text", "it went on in a call of a tool")
        content = delta.get("content")
        if isinstance(content, str):
            return self._say(content)
        # A list of parts: only text is the answer, the others are thinking.
        found: list[DraftEvent] = []
        for part in map(mapping, items(content)):
            kind = text(part.get("type"))
            if kind == "text":
                found += self._say(text(part.get("text")))
            elif kind not in _PARTS:
                self._unknown.note("part", kind)
        return found

    def _say(self, piece: str) -> Sequence[DraftEvent]:
        whole = self._characters.feed(piece)
        if not whole:
            return ()
        self._answered = True
        return (Delta(text=whole),)


class Calls:
    """The tool calls of one answer: each whole in one chunk, or begun by an id and a name and then continued.

    A new id begins a call. Without an id, the index says which one goes on; without that, the last one does.
    Of all of them together, no more is kept than of any other aside.
    """

    def __init__(self) -> None:
        self._arguments: list[list[str]] = []
        self._by_id: dict[str, int] = {}
        self._by_index: dict[int, int] = {}
        self._room = LONGEST

    def __bool__(self) -> bool:
        return bool(self._arguments)

    def read(self, call: Mapping[str, object]) -> bool:
        """Take in a call, or a piece of one; False when there was no room for all of it."""
        name, index, function = text(call.get("id")), call.get("index"), mapping(call.get("function"))
        place = self._place("" if name == "null" else name, index if isinstance(index, int) else None, function)
        told = function.get("arguments")
        arguments = told if isinstance(told, str) else _dumped(told)
        self._arguments[place].append(arguments[: self._room])
        self._room -= min(len(arguments) + 1, self._room)  # one for the call itself: they may come without end, too
        return self._room > 0

    def said(self) -> str:
        """The arguments of every call, one below the other."""
        return "\n".join(filter(None, map("".join, self._arguments)))

    def _place(self, name: str, index: int | None, function: Mapping[str, object]) -> int:
        known = self._by_id.get(name) if name else self._by_index.get(index) if index is not None else None
        if known is None and not name and index is None and self._arguments and not text(function.get("name")):
            known = len(self._arguments) - 1
        if known is None:
            known = len(self._arguments)
            self._arguments.append([])
        if name:
            self._by_id[name] = known
        if index is not None:
            self._by_index[index] = known
        return known


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


def usage_of(usage: Mapping[str, object]) -> Usage:
    """The tokens of a usage object as the API reports it."""
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


def _dumped(arguments: object) -> str:
    # Some servers send the object itself, where the API says it is text.
    return json.dumps(arguments, ensure_ascii=False) if mapping(arguments) else ""
