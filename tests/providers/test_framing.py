"""Server-sent events cut anywhere: ours are the ones that httpx2's own reader finds."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from tests.running import run
from workbench.providers._wire import Events

BITS = (
    "data: ",
    "data:",
    "data",
    "datum: ",
    "event: x",
    "id: 7",
    "retry: 1",
    ":",
    " ",
    "{}",
    "[DONE]",
    "é",
    "😀",
    "\ufeff",
)
LINES = st.sampled_from((*("\n", "\r", "\r\n") * 3, "\n\n", "\r\r", "\r\n\r\n", "\n\r\n"))
BODIES = st.lists(LINES | st.sampled_from(BITS) | st.text(max_size=3), max_size=40).map(
    lambda bits: "".join(bits).encode("utf-8", "replace")
)


async def theirs(body: bytes) -> list[str]:
    async def whole() -> AsyncGenerator[bytes]:
        yield body + b"\n\n"

    headers = {"content-type": "text/event-stream"}
    response = httpx2.Response(
        200,
        headers=headers,
        content=whole(),
        default_encoding="utf-8-sig",
        request=httpx2.Request("POST", "http://tape"),
    )
    return [data async for event in httpx2.EventSource(response) if (data := event.data.strip())]


@given(body=BODIES, cuts=st.sets(st.integers(0, 120)))
def test_events_cut_anywhere_are_those_of_the_whole(body: bytes, cuts: set[int]) -> None:
    events = Events()
    ends = sorted(cut for cut in cuts if cut < len(body))
    pieces = [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]
    found = [data for piece in pieces for data in events.feed(piece)]
    assert [*found, *events.end()] == run(theirs(body))
