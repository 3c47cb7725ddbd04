"""The live-draft route: a page is told everything its drafts say, and strangers are told nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.fakes import an_answer, streamed, until
from tests.ui.staging import Stage, staged
from tests.ui.tab import HOME, opened, visit
from workbench.domain.events import Delta, Finished, Started, Waiting
from workbench.domain.ids import DraftId
from workbench.ui import live_socket
from workbench.ui.live_socket import make_token, routes

SAID = ("The primitive is a file — one, not two.", "It “boils” 🫖 in a “second”.", "Ship it: it holds.")
ANSWER = an_answer(*SAID)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes), base_url=HOME)


def as_shown(stage: Stage, draft_id: DraftId) -> list[tuple[str, tuple[str, ...], str]]:
    review = stage.bench.drafting.get(draft_id).review
    return [(one.beat, one.facts, one.text) for one in review.sentences]


# --- what a page is told


def test_patches_give_back_every_draft_exactly(stage: Stage, client: TestClient) -> None:
    stage.play("claude", streamed(ANSWER, size=3))
    stage.play("codestral", streamed(an_answer(*reversed(SAID), verdict="skip"), size=1))
    with opened(client) as tab:
        drafts = [one.id for one in stage.start()]
        tab.show(*drafts).read_to_the_end(*drafts)
        assert len(drafts) == 8
        for draft_id in drafts:
            snapshot = stage.bench.drafting.get(draft_id)
            assert tab.said[draft_id] == as_shown(stage, draft_id)
            assert (tab.states[draft_id], tab.words[draft_id]) == ("done", snapshot.review.words)
        assert {tab.text(one) for one in drafts} == {" ".join(SAID), " ".join(reversed(SAID))}


def test_a_page_sees_text_while_the_draft_streams(stage: Stage, client: TestClient) -> None:
    gate = asyncio.Event()
    half = ANSWER.index("“boils”") + 4
    stage.play("claude", [Started(model="m"), Delta(text=ANSWER[:half]), gate, *streamed(ANSWER[half:])])
    with opened(client) as tab:
        draft = stage.start(personas=["builder"], providers=["claude"])[0].id
        tab.show(draft)
        while not tab.text(draft).endswith("“boi"):
            tab.read()
        assert tab.states[draft] == "streaming"
        stage.release(gate)
        tab.read_to_the_end(draft)
        assert tab.text(draft) == " ".join(SAID)


def test_a_page_that_connects_again_gets_everything_from_scratch(stage: Stage, client: TestClient) -> None:
    gate = asyncio.Event()
    stage.play("claude", [Started(model="m"), Delta(text=ANSWER[:120]), gate, *streamed(ANSWER[120:])])
    draft = stage.start(personas=["builder"], providers=["claude"])[0].id
    until(lambda: len(stage.now(draft).text) == 120)
    for _ in range(3):
        with opened(client) as tab:
            tab.show(draft).read()
            assert tab.said[draft] == as_shown(stage, draft)
    stage.release(gate)
    stage.bench.drafting.wait([draft])
    with opened(client) as tab:
        tab.show(draft).read()
        assert (tab.states[draft], tab.text(draft)) == ("done", " ".join(SAID))


def test_showing_a_draft_twice_changes_nothing(stage: Stage, client: TestClient) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0].id
    with opened(client) as tab:
        tab.show(draft).read()
        told = tab.said[draft][:]
        tab.show(draft).read()
        assert tab.said[draft] == told == as_shown(stage, draft)


def test_two_pages_each_get_their_own(stage: Stage, client: TestClient) -> None:
    with opened(client) as one, opened(client) as other:
        first, second = (each.id for each in stage.start(personas=["builder"]))
        one.show(first).read_to_the_end(first)
        other.show(second).read_to_the_end(second)
        assert (list(one.said), list(other.said)) == ([first], [second])


@pytest.mark.parametrize("unknown", ["0000000000000000", "", "\ud800", "<b>", "x" * 5000, 7, None, ["a"], {"a": 1}])
def test_a_draft_nobody_knows_is_gone(stage: Stage, client: TestClient, unknown: object) -> None:
    assert stage.drafts() == []
    with opened(client) as tab:
        tab.socket.send_text(json.dumps({"show": unknown}))
        assert tab.receive() == [[str(unknown), "gone", 0, [], None]]


def test_a_hidden_draft_is_not_sent_any_more(stage: Stage, client: TestClient) -> None:
    gate = asyncio.Event()
    stage.play("claude", [gate, *streamed(ANSWER)])
    with opened(client) as tab:
        hidden, shown = (each.id for each in stage.start(personas=["builder", "skeptic"], providers=["claude"]))
        tab.show(hidden, shown)
        while len(tab.states) < 2:
            tab.read()
        tab.hide(hidden)
        tab.hide("never shown")
        tab.socket.send_json({"show": "marker"})
        while "marker" not in tab.states:  # what was sent before has been done when this is answered
            tab.read()
        stage.release(gate)
        tab.read_to_the_end(shown)
        assert stage.finish()[0].state == "done"
        assert (tab.states[hidden], tab.said[hidden]) == ("queued", [])


def test_a_wait_between_two_tries_is_told_with_its_reason(stage: Stage, client: TestClient) -> None:
    gate = asyncio.Event()
    busy = Waiting(seconds=12.5, reason="The provider is overloaded.", attempt=2)
    stage.play("claude", [busy, gate, *streamed(ANSWER)])
    with opened(client) as tab:
        draft = stage.start(personas=["builder"], providers=["claude"])[0].id
        tab.show(draft)
        while not tab.waiting.get(draft):
            tab.read()
        assert tab.waiting[draft] == [12.5, "The provider is overloaded."]
        stage.release(gate)
        tab.read_to_the_end(draft)
        assert tab.waiting[draft] is None


def test_a_page_that_reads_slowly_gets_few_big_patches(stage: Stage, client: TestClient) -> None:
    stage.play("claude", streamed(an_answer(*(f"Sentence number {n} is said." for n in range(120))), size=7))
    with opened(client) as tab:
        draft = stage.start(personas=["builder"], providers=["claude"])[0].id
        tab.show(draft)
        stage.bench.drafting.wait([draft])
        assert len(stage.now(draft).text) > 7 * 1000  # that many events
        tab.read_to_the_end(draft)
        assert tab.said[draft] == as_shown(stage, draft)
        assert tab.messages < 300


def test_a_page_that_cannot_be_told_is_let_go_and_connects_again(
    stage: Stage, client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_patches: object) -> str:
        raise RuntimeError("no words")

    draft = stage.drafted(personas=["builder"], providers=["claude"])[0].id
    with monkeypatch.context() as fault:
        fault.setattr(live_socket, "encode", broken)
        with opened(client) as tab:
            assert tab.show(draft).close_code() == 1011
            tab.show(draft)  # said before the page knew
    assert "no words" in caplog.text
    until(lambda: not stage.bench.drafting.feed._subscriptions, "the subscription is dropped")
    with opened(client) as tab:
        tab.show(draft).read()
        assert (tab.states[draft], tab.said[draft]) == ("done", as_shown(stage, draft))


def test_a_page_that_goes_is_forgotten(stage: Stage, client: TestClient) -> None:
    watching = stage.bench.drafting.feed._subscriptions
    with opened(client) as tab:
        tab.show("nobody").read()
        assert len(watching) == 1
    until(lambda: not watching, "the subscription is dropped")
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]
    assert draft.state == "done"


def test_a_stopped_draft_says_so(stage: Stage, client: TestClient) -> None:
    stage.play("claude", [Started(model="m"), Delta(text=ANSWER[:120]), asyncio.Event(), Finished(stop="complete")])
    with opened(client) as tab:
        draft = stage.start(personas=["builder"], providers=["claude"])[0].id
        tab.show(draft)
        while not tab.text(draft):
            tab.read()
        stage.bench.drafting.stop([draft])
        tab.read_to_the_end(draft)
        assert (tab.states[draft], tab.said[draft]) == ("stopped", as_shown(stage, draft))


# --- who is told nothing


def foreign_token() -> str:
    return str(URLSafeTimedSerializer("another process", salt="live-drafts").dumps("Edith Editor"))


def tampered_token() -> str:
    return "X" + make_token("Edith Editor")


def other_purpose() -> str:
    return str(URLSafeTimedSerializer(live_socket._signer.secret_keys, salt="other").dumps("Edith Editor"))


@pytest.mark.parametrize("forge", [foreign_token, tampered_token, other_purpose])
def test_a_token_that_is_not_ours_is_refused(stage: Stage, client: TestClient, forge: Any) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]
    with visit(client) as tab:
        tab.socket.send_json({"token": forge()})
        tab.show(draft.id)
        assert tab.close_code() == 4401


@pytest.mark.parametrize(
    "hello",
    [
        "",
        "token",
        "{",
        "[]",
        "null",
        "7",
        '"token"',
        "{}",
        '{"token": null}',
        '{"token": 7}',
        '{"token": ["a"]}',
        '{"token": {"a": 1}}',
        '{"token": ""}',
        '{"token": "\\ud800"}',
        '{"show": "a"}',
        "[" * 100000,
    ],
    ids=lambda hello: hello[:20] or "nothing",
)
def test_a_first_message_without_a_token_is_refused(stage: Stage, client: TestClient, hello: str) -> None:
    assert stage.drafts() == []
    with visit(client) as tab:
        tab.socket.send_text(hello)
        assert tab.close_code() == 4401


def test_a_first_message_in_bytes_is_refused(stage: Stage, client: TestClient) -> None:
    assert stage.drafts() == []
    with visit(client) as tab:
        tab.socket.send_json({"token": make_token("Edith Editor")}, mode="binary")
        assert tab.close_code() == 4401


def test_a_page_that_never_says_who_it_is_is_let_go(
    stage: Stage, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_socket, "HELLO_WITHIN", 0.05)
    assert stage.drafts() == []
    with visit(client) as tab:
        assert tab.close_code() == 4401


@pytest.mark.parametrize(("age", "code"), [(12 * 3600 + 60, 4401), (11 * 3600, 4242)])
def test_a_token_is_good_for_twelve_hours(
    stage: Stage, client: TestClient, monkeypatch: pytest.MonkeyPatch, age: int, code: int
) -> None:
    assert stage.drafts() == []
    now = TimestampSigner.get_timestamp
    with monkeypatch.context() as then:

        def earlier(signer: TimestampSigner) -> int:
            return now(signer) - age

        then.setattr(TimestampSigner, "get_timestamp", earlier)
        token = make_token("Edith Editor")
    with visit(client) as tab:
        tab.socket.send_json({"token": token})
        tab.show("marker")
        answered = 4242 if code == 4242 and tab.read().states == {"marker": "gone"} else tab.close_code()
        assert answered == code


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1:81",
        "http://127.0.0.1@evil.example",
        "127.0.0.1",
        "http://[",
        "http://evil.example/127.0.0.1",
    ],
)
def test_a_page_from_elsewhere_is_refused_before_it_is_heard(
    stage: Stage, client: TestClient, origin: str | None
) -> None:
    assert stage.drafts() == []
    with pytest.raises(WebSocketDisconnect) as caught, visit(client, origin=origin):
        pass
    assert caught.value.code == 4403


@pytest.mark.parametrize(
    "garbage",
    ["", "{", "7", "null", '"show"', "\x00", "[" * 100_000],
    ids=lambda garbage: repr(garbage[:20]),
)
def test_garbage_ends_the_connection_and_nothing_else(stage: Stage, client: TestClient, garbage: str) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0].id
    with opened(client) as other:
        other.show(draft).read()
        with opened(client) as tab:
            tab.socket.send_text(garbage)
            assert tab.close_code() == 1003
        other.show(draft).read()
        assert other.states[draft] == "done"


def test_bytes_end_the_connection(stage: Stage, client: TestClient) -> None:
    assert stage.drafts() == []
    with opened(client) as tab:
        tab.socket.send_bytes(b'{"show": "a"}')
        assert tab.close_code() == 1003


def test_a_message_that_asks_for_nothing_known_is_passed_over(stage: Stage, client: TestClient) -> None:
    assert stage.drafts() == []
    with opened(client) as tab:
        tab.socket.send_json({"publish": "everything"})
        tab.socket.send_json([])
        assert tab.show("marker").read().states == {"marker": "gone"}
