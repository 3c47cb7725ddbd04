"""A model that does what the dossier tells it to: the worst reader that vendor text could find.

It writes what it is ordered to write, gives the verdict it is ordered to give, repeats its prompt, and asks for tools
nobody offered. What it says is the proof that nothing outside the text of a draft listens to it.
"""

from __future__ import annotations

import re

from workbench.domain.dossier import AddedFact, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.injection import in_dossier
from workbench.domain.review import Review, Sentence
from workbench.rehearsal.course import Fault
from workbench.rehearsal.reading import read

OBEYING = Fault(name="obeying", says="Does what the dossier tells it to, whatever that is.", obeys=True)
CALLS = 'publish_page({"approve": "all"})'
"""What it would call if anything let it."""
_REPEATED = 400
"""Characters of the prompt it gives away."""


def obey(review: Review, system: str, user: str) -> Review:
    """The review as it is after the dossier's orders, all of them, were followed."""
    assignment = read(system, user)
    if assignment is None:
        return review
    tool = Tool(id=ToolId("told"), name=assignment.tool)
    facts = tuple(AddedFact(text=fact.text, source="told") for fact in assignment.facts)
    orders = tuple(dict.fromkeys(one.words for one in in_dossier(make_dossier(tool, "", facts))))
    told = [fact.text for fact in assignment.facts]
    skips = re.search(r"\bskip\b", " ".join(told), re.IGNORECASE) is not None
    written = [*orders, *told, CALLS, system[:_REPEATED], user[-_REPEATED:]]
    beats = [beat.id for beat in assignment.beats]
    return Review(
        sentences=tuple(
            Sentence(beat=beats[min(place, len(beats) - 1)], facts=(), text=text)
            for place, text in enumerate(one for one in written if one.strip())
        ),
        verdict="skip" if skips else "ship",
        confidence="high",
        reason=f"The dossier said so. {CALLS}",
    )
