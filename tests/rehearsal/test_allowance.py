"""Rate limits: the laws of the buckets, and both vendors' headers over HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rehearsal import test_anthropic
from tests.rehearsal.test_caching import Hands
from tests.rehearsal.test_faults import Seen, see
from workbench.rehearsal.admission import Door
from workbench.rehearsal.allowance import Allowance, Buckets, Limits, OverLimitError
from workbench.rehearsal.anthropic_api import AnthropicApi
from workbench.rehearsal.course import Vendor
from workbench.rehearsal.faults import Faults
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.server import RehearsalServer
from workbench.rehearsal.writer import Writer


@given(
    limit=st.integers(1, 1000),
    asked=st.lists(st.tuples(st.integers(0, 300), st.floats(0, 90)), min_size=1, max_size=40),
)
def test_no_minute_gives_more_than_a_bucket_and_what_flows_in(limit: int, asked: list[tuple[int, float]]) -> None:
    clock = Hands()
    buckets = Buckets({"tokens": limit}, clock)
    given_out = 0
    for amount, wait in asked:
        with contextlib.suppress(OverLimitError):
            buckets.take({"tokens": amount})
            given_out += min(amount, limit)
        assert given_out <= limit * (1 + clock.now / 60) + 1e-6
        assert 0 <= buckets.standing()["tokens"].left <= limit
        clock.now += wait


@given(limit=st.integers(1, 1000), amount=st.integers(1, 2000), spent=st.integers(0, 3000))
def test_whoever_waits_as_long_as_told_is_let_in(limit: int, amount: int, spent: int) -> None:
    clock = Hands()
    buckets = Buckets({"tokens": limit}, clock)
    buckets.spend({"tokens": limit + spent})
    with pytest.raises(OverLimitError) as caught:
        buckets.take({"tokens": amount})
    clock.now += caught.value.seconds + 1e-6
    buckets.take({"tokens": amount})
    assert buckets.standing()["tokens"].full_in > 0


def test_a_refused_request_takes_nothing() -> None:
    buckets = Buckets({"requests": 5, "tokens": 100}, Hands())
    buckets.take({"requests": 1, "tokens": 80})
    with pytest.raises(OverLimitError, match="tokens"):
        buckets.take({"requests": 1, "tokens": 30})
    assert {name: one.left for name, one in buckets.standing().items()} == {"requests": 4, "tokens": 20}


@pytest.fixture
def narrow() -> Iterator[str]:
    """Two requests a minute, and tokens enough for them."""
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000, limits=Limits(requests=2))
    yield server.start()
    server.stop()


def three(url: str, vendor: Vendor) -> list[Seen]:
    return [see(url, vendor) for _ in range(3)]


def test_claude_counts_down_in_headers_and_says_how_long_to_wait(narrow: str) -> None:
    *let_in, refused = three(narrow, "anthropic")
    assert [seen.status for seen in (*let_in, refused)] == [200, 200, 429]
    name = "anthropic-ratelimit-requests"
    assert [seen.headers[f"{name}-remaining"] for seen in (*let_in, refused)] == ["1", "0", "0"]
    assert all(seen.headers[f"{name}-limit"] == "2" for seen in (*let_in, refused))
    assert datetime.fromisoformat(refused.headers[f"{name}-reset"]) > datetime.now(UTC)
    assert {f"anthropic-ratelimit-{kind}-tokens-remaining" for kind in ("input", "output")} <= set(let_in[0].headers)
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.headers["x-should-retry"] == "true"
    assert refused.json["error"]["type"] == "rate_limit_error"
    assert "2 requests per minute" in refused.message


def test_mistral_counts_down_in_headers_and_never_says_how_long(narrow: str) -> None:
    *let_in, refused = three(narrow, "mistral")
    assert [seen.status for seen in (*let_in, refused)] == [200, 200, 429]
    assert [seen.headers["x-ratelimit-remaining-req-minute"] for seen in (*let_in, refused)] == ["1", "0", "0"]
    assert "x-ratelimit-remaining-tokens-minute" in let_in[0].headers
    assert [name for name in refused.headers if name.startswith(("x-ratelimit", "retry"))] == [
        "x-ratelimit-limit-req-minute",
        "x-ratelimit-remaining-req-minute",
    ]
    assert refused.json["code"] == "1300"


def test_another_key_or_model_has_buckets_of_its_own(narrow: str) -> None:
    three(narrow, "anthropic")
    other = see(narrow, "anthropic", model="claude-opus-5-5", thinking=None)
    assert (other.status, see(narrow, "mistral").status) == (200, 200)


def test_claude_does_not_count_what_it_reads_from_the_cache() -> None:
    counted = test_anthropic.body()
    allowance = Allowance(Limits(input_tokens=6000))
    api = AnthropicApi(Pace(first_token=0, tokens_per_second=1000), Door(Faults({}), allowance), Writer())
    statuses = [api.answer(counted, "key")[0] for _ in range(8)]
    plain = test_anthropic.body(system=None, messages=[{"role": "user", "content": "Long words. " * 600}])
    uncached = [api.answer(plain, "other")[0] for _ in range(8)]
    assert set(statuses) == {200}
    assert 429 in uncached


def test_mistral_takes_cached_tokens_from_the_cost() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000, limits=Limits(input_tokens=1_000_000))
    url = server.start()
    first, second = (see(url, "mistral", prompt_cache_key="shared") for _ in range(2))
    server.stop()
    for seen in (first, second):
        cached = seen.usage["prompt_tokens_details"]["cached_tokens"]
        assert int(seen.headers["x-ratelimit-tokens-query-cost"]) == seen.usage["total_tokens"] - cached
    left = [int(seen.headers["x-ratelimit-remaining-tokens-minute"]) for seen in (first, second)]
    assert 1_000_000 - left[0] > left[0] - left[1]
