"""What a vendor answers when it drafts nothing: a status, headers and a body in its own shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbench.rehearsal.payload import Body, compact, mapping

_KINDS: dict[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""Anthropic's error types; any other status is an `api_error`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply instead of a draft. A body of text goes out as HTML, an object as JSON."""

    status: int
    body: Body | str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def filled(self, **words: str) -> Refusal:
        """The same reply with `{name}` replaced by each word, in its headers and its body."""
        headers, body = dict(self.headers), self.body
        for name, word in words.items():
            slot = f"{{{name}}}"
            headers = {key: value.replace(slot, word) for key, value in headers.items()}
            if isinstance(body, str):
                body = body.replace(slot, word)
            else:
                body = mapping(json.loads(compact(body).replace(slot, json.dumps(word)[1:-1])))
        return replace(self, headers=headers, body=body)

    def under(self, headers: Mapping[str, str]) -> Refusal:
        """The same reply with more headers; its own stand."""
        return replace(self, headers={**headers, **self.headers})


class RefusalError(Exception):
    """A request that is turned down; `refusal` is the reply."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.body))
        self.refusal = refusal


def anthropic(
    status: int, message: str, *, code: str = "", again: bool = False, headers: Mapping[str, str] | None = None
) -> Refusal:
    """Anthropic's one shape. `code` goes into the details, `again` into the header that says whether to retry."""
    error: dict[str, object] = {"type": _KINDS.get(status, "api_error"), "message": message}
    if code:
        error["details"] = {"error_code": code}
    told = {"x-should-retry": "true" if again else "false", **(headers or {})}
    return Refusal(status=status, body={"type": "error", "error": error}, headers=told)


def mistral(
    status: int,
    message: str,
    kind: str = "invalid_request_error",
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Refusal:
    """Mistral's everyday shape; `code` is a string on the wire."""
    shape: dict[str, object] = {"object": "error", "message": message, "type": kind, "param": None, "code": code}
    return Refusal(status=status, body={**shape, "raw_status_code": status}, headers=headers or {})


def invalid(details: list[dict[str, object]]) -> Refusal:
    """Mistral's 422: its message is an object."""
    shape = {"object": "error", "message": {"detail": details}, "type": "invalid_request_error"}
    return Refusal(status=422, body={**shape, "param": None, "code": None})
