"""Text as it must survive an export: anything the door lets in, with what breaks formats drawn often."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from workbench.domain.text import clean, one_line

_FRAGMENTS = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</script><script>alert(2)</script>",
        "<img src=x onerror=alert(3)>",
        "<!-- -->",
        "&amp;",
        "&",
        '"',
        "'",
        "`",
        "``",
        "`a b`",
        "`` `x` ``",
        "```",
        "`<b>`",
        "*a*",
        "_b_",
        "**",
        "~90%",
        "[x](javascript:alert(4))",
        "![x](https://example.test/x.png)",
        "[ref]: https://example.test",
        "https://example.test/a_b_c",
        "|",
        "\\",
        "$x$",
        "{{ 7*7 }}",
        "{% raw %}",
        "=cmd|' /C calc'!A0",
        ";=1+1",
        "＝1",
        "@SUM(A1)",
        "\n",
        "\n\n",
        "\n- item",
        "\n# head",
        "\n1. one",
        "\n===",
        "\n---",
        "\n    four",
        "\n> said",
        "\n```\n",
        " ",
        "  ",
        "\u00a0",
        "\u2028",
        "שלום",
        "😀",
        "a",
        "word",
        "1.",
        "-",
        "+1",
    ]
)
_LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=12)

prose = st.lists(_FRAGMENTS | _LETTERS, min_size=1, max_size=10).map(lambda parts: clean("".join(parts)).text)
lines = prose.map(one_line)

unhurried = settings(deadline=None)
"""The first example pays for importing the format's library."""
