"""What is different between a page that left and the page now."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.exported import LineChange, line_changes

LINES = st.lists(st.sampled_from(("", "a", "b", "c d", "e")), max_size=8).map("\n".join)


def test_changed_new_and_gone_lines_are_told_in_order() -> None:
    assert line_changes("one\ntwo\nthree", "one\n2\nthree\nfour") == (
        LineChange(before="two", after="2"),
        LineChange(before="", after="four"),
    )
    assert line_changes("one\ntwo\nthree", "one") == (
        LineChange(before="two", after=""),
        LineChange(before="three", after=""),
    )


@given(LINES, LINES)
def test_nothing_is_told_of_lines_that_stayed_and_something_of_all_others(before: str, after: str) -> None:
    found = line_changes(before, after)
    assert all(one.before != one.after for one in found)
    assert line_changes(before, before) == ()
    kept = [line for line in before.split("\n") if line]
    for one in found:
        if one.before:
            kept.remove(one.before)
    rest = [line for line in after.split("\n") if line]
    for one in found:
        if one.after:
            rest.remove(one.after)
    assert sorted(kept) == sorted(rest)
