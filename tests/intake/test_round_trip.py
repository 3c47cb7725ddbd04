"""What the workbench exports, it reads back as the tools it was made of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.domain.comparison import Comparison, Page
from workbench.domain.dossier import Dossier
from workbench.domain.ids import ComparisonId, Digest, PersonaId
from workbench.domain.scorecard import Provenance, Quote, Scorecard
from workbench.domain.submission import Submission, check
from workbench.exports import json_document, plain_text
from workbench.intake import json_file, pasted
from workbench.ports import Exporter, Reader

LEFT = Submission(
    name="Alpha: the first",
    description="It runs tests. It is [very] fast.\nAnd small.\n\n“Nice,” says one.",
    category="Developer Tools",
    tagline="Runs all vs some",
    entry="Open source",
    community_percent="62",
    community_votes="113",
)
RIGHT = Submission(name="Beta 2", description="It runs nothing, but quickly.")


def card(dossier: Dossier) -> Scorecard:
    origin = Provenance(
        editor="Ada",
        decided_at=datetime(2026, 1, 31, tzinfo=UTC),
        dossier_digest=dossier.digest,
        persona_digest=Digest("p" * 64),
    )
    quote = Quote(
        persona_id=PersonaId("builder"),
        persona_label="Builder",
        persona_order=1,
        text="I would ship it.",
        verdict="ship",
        provenance=origin,
    )
    return Scorecard(tool=dossier.tool, description=dossier.description, dossier_digest=dossier.digest, quotes=(quote,))


@pytest.mark.parametrize(
    ("exporter", "reader"), [(plain_text.EXPORTER, pasted.READER), (json_document.EXPORTER, json_file.READER)]
)
def test_an_exported_page_is_read_back_as_its_tools(exporter: Exporter, reader: Reader) -> None:
    before = [check(one).dossier for one in (LEFT, RIGHT)]
    left, right = map(card, before)
    comparison = Comparison(id=ComparisonId("a-vs-b"), left=left.tool.id, right=right.tool.id, call="Ship one.")
    found = reader.read(exporter.render(Page(comparison=comparison, left=left, right=right, made_at=None)).decode())
    assert [check(one).dossier for one in found.submissions] == before
    assert found.problems == ()
    assert found.notices[0] == "The page's 2 published quotes were left out: quotes are written here."
