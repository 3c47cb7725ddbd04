from __future__ import annotations

import re

from tests.shared_data import SHARED, needs_shared
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts

LIBRARY = FileLibrary(builtin_personas(), builtin_prompts())
PHRASE = 5


def _phrases(text: str) -> set[str]:
    words = re.findall(r"[\w'-]+", text.lower())
    return {" ".join(words[start : start + PHRASE]) for start in range(len(words) - PHRASE + 1)}


@needs_shared
def test_exemplars_and_samples_borrow_nothing_from_the_reference_page_but_the_openers() -> None:
    borrowed = _phrases((SHARED / "seed" / "comparison-page.txt").read_text(encoding="utf-8"))
    texts: list[str] = []
    for persona in LIBRARY.personas():
        for exemplar in persona.exemplars:
            text = exemplar.text
            for beat in persona.beats:
                text = text.replace(beat.opener, " | ")
            texts.extend(text.split("|"))
    for sample in LIBRARY.sample():
        # A tool's name is not a phrase of anybody's.
        _, head, body = sample.split("---\n", 2)
        texts.extend([body, *(line for line in head.splitlines() if not line.startswith("name:"))])
    assert {phrase for text in texts for phrase in _phrases(text)} & borrowed == set()
