"""The accounting of prompt caches: laws of the two caches, and what breaks Anthropic's over the API."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rehearsal import test_anthropic
from tests.rehearsal.test_anthropic import TOOL
from workbench.rehearsal.admission import Door
from workbench.rehearsal.allowance import Allowance, Limits
from workbench.rehearsal.anthropic_api import AnthropicApi
from workbench.rehearsal.caching import KeyedCache, Lifetime, Part, PrefixCache
from workbench.rehearsal.faults import Faults
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.writer import Writer

HOUR: Lifetime = "1h"
SHORT: Lifetime = "5m"


class Hands:
    """A clock set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


Row = tuple[str, int, Lifetime | None]


def parts(*named: Row) -> list[Part]:
    return [Part(identity=name, tokens=count, lifetime=lifetime) for name, count, lifetime in named]


PROMPT = parts(("house", 3000, None), ("briefs", 2000, HOUR), ("dossier", 900, SHORT), ("ask", 50, None))


def test_a_first_request_writes_each_lifetime_and_the_next_reads_them() -> None:
    cache = PrefixCache()
    first = cache.use("model", PROMPT, 512)
    first.begin()
    again = cache.use("model", PROMPT, 512)
    assert (first.read, first.written_1h, first.written_5m, first.uncached) == (0, 5000, 900, 50)
    assert (again.read, again.written_1h, again.written_5m, again.uncached) == (5900, 0, 0, 50)


def test_nothing_can_be_read_before_the_first_response_begins() -> None:
    cache = PrefixCache()
    cache.use("model", PROMPT, 512)
    assert cache.use("model", PROMPT, 512).read == 0


def test_another_dossier_still_reads_the_shared_prefix() -> None:
    cache = PrefixCache()
    cache.use("model", PROMPT, 512).begin()
    other = cache.use("model", [*PROMPT[:2], *parts(("other", 800, SHORT), ("ask", 50, None))], 512)
    assert (other.read, other.written_5m, other.uncached) == (5000, 800, 50)


def test_entries_expire_by_their_lifetime_and_reading_renews_them() -> None:
    clock = Hands()
    cache = PrefixCache(clock)
    cache.use("model", PROMPT, 512).begin()
    found: list[int] = []
    for clock.now in (200, 450, 1000, 5000):
        use = cache.use("model", PROMPT, 512)
        found.append(use.read)
        if use.read == 5900:
            use.begin()
    assert found == [5900, 5900, 5000, 0]


def test_an_entry_more_than_twenty_places_before_a_breakpoint_is_not_found() -> None:
    head = parts(("head", 1000, SHORT))
    cache = PrefixCache()
    cache.use("model", head, 512).begin()
    filler: list[Row] = [(f"block {number}", 1, None) for number in range(25)]
    far = [Part(identity="head", tokens=1000), *parts(*filler[:-1]), *parts(("end", 1, SHORT))]
    near = [Part(identity="head", tokens=1000), *parts(*filler[:10]), *parts(("end", 1, SHORT))]
    assert cache.use("model", far, 512).read == 0
    assert cache.use("model", near, 512).read == 1000


lifetimes: list[Lifetime | None] = [None, SHORT, HOUR]
prompts = st.lists(
    st.builds(Part, identity=st.just(""), tokens=st.integers(0, 4000), lifetime=st.sampled_from(lifetimes)),
    min_size=1,
    max_size=30,
).map(lambda found: [replace(part, identity=str(place)) for place, part in enumerate(found)])
minima = st.sampled_from([0, 512, 1024])


@settings(deadline=None)
@given(prompt=prompts, minimum=minima)
def test_every_token_is_billed_exactly_once(prompt: list[Part], minimum: int) -> None:
    cache = PrefixCache()
    for _ in range(2):
        use = cache.use("model", prompt, minimum)
        assert use.read + use.written_5m + use.written_1h + use.uncached == sum(part.tokens for part in prompt)
        assert use.fresh == sum(part.tokens for part in prompt) - use.read
        assert min(use.read, use.written_5m, use.written_1h, use.uncached) >= 0
        use.begin()


@settings(deadline=None)
@given(prompt=prompts, minimum=minima)
def test_the_same_again_reads_up_to_the_last_breakpoint_and_writes_nothing(prompt: list[Part], minimum: int) -> None:
    cache = PrefixCache()
    first = cache.use("model", prompt, minimum)
    first.begin()
    again = cache.use("model", prompt, minimum)
    ends = list(accumulate(part.tokens for part in prompt))
    cached = [end for part, end in zip(prompt, ends, strict=True) if part.lifetime and end >= minimum]
    assert again.read == first.written_5m + first.written_1h == max(cached, default=0)
    assert again.written_5m == again.written_1h == 0


@settings(deadline=None)
@given(prompt=prompts, place=st.integers(0, 29))
def test_nothing_is_read_from_where_the_prompts_part(prompt: list[Part], place: int) -> None:
    cache = PrefixCache()
    cache.use("model", prompt, 0).begin()
    place = min(place, len(prompt) - 1)
    changed = Part(identity="changed", tokens=prompt[place].tokens, lifetime=prompt[place].lifetime)
    other = cache.use("model", [*prompt[:place], changed, *prompt[place + 1 :]], 0)
    assert other.read <= sum(part.tokens for part in prompt[:place])


@settings(deadline=None)
@given(prompt=prompts)
def test_nothing_is_read_in_another_scope_after_its_time_or_before_it_begins(prompt: list[Part]) -> None:
    clock = Hands()
    cache = PrefixCache(clock)
    begun = cache.use("model", prompt, 0).begin
    assert cache.use("model", prompt, 0).read == 0
    begun()
    assert cache.use("other", prompt, 0).read == 0
    clock.now = 3600
    assert cache.use("model", prompt, 0).read == 0


def test_an_entry_lives_from_the_start_of_its_request_and_not_from_its_end() -> None:
    clock = Hands()
    cache = PrefixCache(clock)
    use = cache.use("model", PROMPT, 512)
    clock.now = 200
    use.begin()
    clock.now = 299
    assert cache.use("model", PROMPT, 512).read == 5900
    clock.now = 301
    assert cache.use("model", PROMPT, 512).read == 5000


def test_a_run_of_tool_results_counts_as_one_position() -> None:
    cache = PrefixCache()
    cache.use("model", parts(("head", 1000, SHORT)), 512).begin()
    run = [Part(identity=f"result {number}", tokens=1, continues=number > 0) for number in range(40)]
    long = [Part(identity="head", tokens=1000), *run, *parts(("end", 1, SHORT))]
    assert cache.use("model", long, 512).read == 1000


def test_a_keyed_cache_reads_the_common_blocks_only() -> None:
    cache = KeyedCache()
    cached, begin = cache.use("key", "a" * 600, 4)
    begin()
    assert cached == 0
    assert cache.use("key", "a" * 256 + "b" * 600, 4)[0] == 64
    assert cache.use("key", "a" * 600, 4)[0] == 128
    assert cache.use("other", "a" * 600, 4)[0] == 0


@given(text=st.text(alphabet="ab", max_size=900), tail=st.text(alphabet="ab", max_size=300))
def test_a_keyed_cache_reads_whole_blocks_of_what_was_there(text: str, tail: str) -> None:
    cache = KeyedCache()
    cache.use("key", text, 1)[1]()
    cached = cache.use("key", text + tail, 1)[0]
    assert cached == len(text) // 64 * 64


def test_a_keyed_cache_misses_as_often_as_it_is_told() -> None:
    cache = KeyedCache(misses=0.3)
    cache.use("key", "a" * 600, 4)[1]()
    reads = [cache.use("key", "a" * 600, 4)[0] for _ in range(400)]
    assert set(reads) == {0, 128}
    assert 80 < reads.count(0) < 160


def api() -> AnthropicApi:
    door = Door(Faults({}), Allowance(Limits()))
    return AnthropicApi(Pace(first_token=0, tokens_per_second=1000), door, Writer())


def used(server: AnthropicApi, key: str = "key", **changes: Any) -> Any:
    status, message = server.answer(test_anthropic.body(**changes), key)
    assert status == 200, message
    return message


def reads(before: dict[str, Any], after: dict[str, Any]) -> str:
    """What the second of two requests reads of the first: `all` of it, the `system` prefix, or `none`."""
    server = api()
    whole = used(server, **before)["usage"]["cache_creation_input_tokens"]
    read = used(server, **after)["usage"]["cache_read_input_tokens"]
    return {0: "none", whole: "all"}.get(read, "system")


TOOLS = {"tools": [TOOL]}
AUTO = {**TOOLS, "tool_choice": {"type": "auto"}}
EFFORT = test_anthropic.body()["output_config"]
OPUS = {"model": "claude-opus-4-8", "thinking": None}


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ({}, {"lens": 1}, "all"),
        ({}, {"stream": True, "max_tokens": 999}, "all"),
        ({}, {"model": "claude-opus-5-5", "thinking": None}, "none"),
        ({}, {"output_config": None}, "none"),
        ({}, {"speed": "fast"}, "none"),
        ({}, TOOLS, "none"),
        (TOOLS, {"tools": [{**TOOL, "description": "Hand it in."}]}, "none"),
        (TOOLS, AUTO, "all"),
        (TOOLS, {**TOOLS, "tool_choice": {"type": "none"}}, "system"),
        (AUTO, {**TOOLS, "tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, "system"),
        ({}, {"thinking": {"type": "adaptive"}}, "system"),
        ({"thinking": None}, {"thinking": {"type": "adaptive"}}, "all"),
        (OPUS, {**OPUS, "thinking": {"type": "disabled"}}, "all"),
        ({}, {"output_config": {**EFFORT, "effort": "low"}}, "system"),
        ({}, {"output_config": {**EFFORT, "effort": "high"}}, "all"),
        (
            {},
            {"system": [{"type": "text", "text": "Other rules. " * 400, "cache_control": {"type": "ephemeral"}}]},
            "none",
        ),
    ],
)
def test_a_change_breaks_what_stands_after_it(before: dict[str, Any], after: dict[str, Any], read: str) -> None:
    assert reads(before, after) == read


def test_a_request_for_no_tokens_warms_the_cache() -> None:
    server = api()
    warmed = used(server, max_tokens=0, output_config=None)
    later = used(server, output_config=None)
    assert (warmed["content"], warmed["stop_reason"], warmed["usage"]["output_tokens"]) == ([], "max_tokens", 0)
    assert later["usage"]["cache_read_input_tokens"] == warmed["usage"]["cache_creation_input_tokens"] > 0


def test_the_automatic_breakpoint_stands_at_the_end() -> None:
    server = api()
    plain: dict[str, Any] = {"system": None, "messages": [{"role": "user", "content": "Long words. " * 400}]}
    first = used(server, **plain, cache_control={"type": "ephemeral"})["usage"]
    again = used(server, **plain, cache_control={"type": "ephemeral"})["usage"]
    assert first["input_tokens"] == again["input_tokens"] == 0
    assert again["cache_read_input_tokens"] == first["cache_creation"]["ephemeral_5m_input_tokens"] > 0


def diagnosed(server: AnthropicApi, previous: str | None, key: str = "key", **changes: Any) -> Any:
    return used(server, key, diagnostics={"previous_message_id": previous}, **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"model": "claude-opus-5-5", "thinking": None}, "model_changed"),
        ({"speed": "fast"}, "model_changed"),
        (TOOLS, "tools_changed"),
        ({"system": "Other rules."}, "system_changed"),
        ({"lens": 1}, "messages_changed"),
        ({"thinking": {"type": "adaptive"}}, "unavailable"),
    ],
)
def test_a_diagnosis_names_the_first_difference(changes: dict[str, Any], reason: str | None) -> None:
    server = api()
    first = diagnosed(server, None)
    told = diagnosed(server, first["id"], **changes)["diagnostics"]
    assert first["diagnostics"] is None
    assert (told and told["cache_miss_reason"]["type"]) == reason
    counted = bool(reason) and reason != "unavailable"
    assert (told is not None and told["cache_miss_reason"].get("cache_missed_input_tokens", 0) > 0) is counted


def test_a_longer_conversation_is_no_divergence_and_an_unasked_or_foreign_message_is_not_found() -> None:
    server = api()
    first = diagnosed(server, None)
    said = test_anthropic.body()["messages"]
    longer = [*said, {"role": "assistant", "content": "Done."}, {"role": "user", "content": "Again."}]
    assert diagnosed(server, first["id"], messages=longer)["diagnostics"] is None
    unasked = used(server)
    lost = {"cache_miss_reason": {"type": "previous_message_not_found"}}
    assert diagnosed(server, unasked["id"])["diagnostics"] == lost
    assert diagnosed(server, first["id"], "other-key")["diagnostics"] == lost
