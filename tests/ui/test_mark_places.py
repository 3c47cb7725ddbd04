"""Where marks lie: on the words they name, whatever a sentence holds and whatever is hidden of it."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as some

from workbench.domain.answer import Remark, mark_of
from workbench.domain.finding import Finding
from workbench.domain.mask import HIDDEN, hidden, names_to_hide
from workbench.domain.review import Review, Sentence
from workbench.ui.marks import WHOLE, marks_of

NAMES = names_to_hide([("claude", "claude-sonnet-5-5", "Anthropic")])
hide = partial(hidden, names=NAMES, spoken="")

texts = some.text(some.sampled_from("ab 🫖é\n\t.“”\ud800"), max_size=12)


def review_of(*said: str) -> Review:
    return Review(sentences=tuple(Sentence(beat="", facts=(), text=one) for one in said))


def about(start: int, end: int, *, reason: str = "So it is.", evidence: str = "") -> Remark:
    found = Finding(rule="a rule", severity="warning", reason=reason, start=start, end=end, evidence=evidence)
    return Remark(finding=found, mark=mark_of("It ships.", found))


@given(some.lists(texts, min_size=1, max_size=5), some.data())
def test_a_mark_lies_on_the_words_its_finding_names(said: list[str], data: some.DataObject) -> None:
    review = review_of(*said)
    quote = review.quote
    start = data.draw(some.integers(0, len(quote)))
    end = data.draw(some.integers(start, len(quote)))
    marks = marks_of(review, [about(start, end)])
    for one in marks:
        if one.sentence == WHOLE:
            assert start == end
        else:
            assert said[one.sentence][one.start : one.end] == one.words
            assert quote[start:end].lstrip().startswith(one.words.lstrip())
            assert one.words
    begin = [span for span in review.spans if span[0] <= start < end <= span[1]]
    if begin:  # within one sentence nothing is cut off
        assert [one.words for one in marks] == [quote[start:end]]


@given(texts, some.sampled_from(["64 files", "🫖 tea"]), texts)
def test_a_masked_sentence_is_marked_on_the_same_words(before: str, words: str, after: str) -> None:
    review = review_of("It ships.", f"Claude says {before}{words}{after} to Claude Sonnet 4.5.")
    start = review.quote.index(words, len("It ships. Claude says ") + len(before))
    [mark] = marks_of(review, [about(start, start + len(words))], hide=hide)
    shown = hide(review.sentences[1].text, whole=True).text
    assert shown[mark.start : mark.end] == words == mark.words
    assert "laude" not in shown


def test_a_mark_on_a_hidden_name_names_nobody() -> None:
    review = review_of("Like Claude, it ships.")
    found = about(5, 11, reason="The dossier does not hold “Claude”.", evidence="Anthropic says so.")
    [mark] = marks_of(review, [found], hide=hide)
    assert (mark.words, mark.start, mark.end) == (HIDDEN, 5, 8)
    assert mark.reason == f"The dossier does not hold “{HIDDEN}”."
    assert mark.evidence == f"{HIDDEN} says so."


def test_nothing_is_marked_on_an_end_that_is_held_back() -> None:
    review = review_of("It ships.", "It runs on Claude")
    start = review.quote.index("Claude")
    assert marks_of(review, [about(start, start + 6)], hide=hide, whole=False) == []
    assert [one.words for one in marks_of(review, [about(0, 2), about(start, start + 6)], hide=hide)] == ["It", HIDDEN]


def test_equal_words_have_names_of_their_own_and_keep_them() -> None:
    review = review_of("Six files.", "Six lines.")
    found = [about(0, 0, reason="Too short."), about(0, 3), about(11, 14)]
    names = [one.id for one in marks_of(review, found)]
    assert len(set(names)) == 3
    assert [one.id for one in marks_of(review_of("Well.", *[one.text for one in review.sentences]), [found[0]])] == [
        names[0]
    ]


def test_a_long_evidence_is_cut_and_a_text_without_sentences_has_only_marks_about_the_whole() -> None:
    [mark] = marks_of(review_of(), [about(0, 4, evidence="x" * 500)])
    assert (mark.sentence, mark.words) == (WHOLE, "")
    assert mark.evidence == f"{'x' * 219}…"
