"""How well the marks meet labelled claims and public sets, and what they cost while an editor types.

The sets are test data beside the checkout; without them only the times are measured.
"""

from __future__ import annotations

import random
import statistics
import time

from benchmarks.figures import Figure, report, table
from tests.checks import scoring
from tests.checks.drafts import PERSONA
from tests.checks.mutations import CASES, FERRY, true_reviews, wrong_reviews
from tests.checks.scoring import MARKED, Score
from tests.shared_data import SHARED
from workbench import checks
from workbench.checks.claims import CHECK
from workbench.domain.dossier import AddedFact, Dossier, make_dossier
from workbench.domain.finding import Background
from workbench.domain.grounding.claims import claims
from workbench.domain.review import Review, Sentence
from workbench.plugins import discover
from workbench.ports import Check

ROUNDS = 40
CHECKS: list[Check] = discover(checks, "CHECK")
FORMS = ("${} ", "{}-{} ", "GPT-{}.{} ", "${} per {} ", "not {} large price ", "A{}. ")
"""Of figures that never come twice, so that nothing is remembered."""
HOSTILE = ("1,", "1 ", "Aa ", "A. ", "`a", "a_", "$1 ", "GPT-4.1 ", "not ", "(", "\n\na", "A1.", "1-2 ")


def main() -> None:
    """Measure, print and write both tables."""
    table(
        "grounding-marks",
        ["set", "marks are right", "found", "balanced accuracy", "asked for"],
        [*_made_up(), *_sets()],
    )
    report("grounding", _times())


def _made_up() -> list[list[str]]:
    wrong = sum(_marked(review, case.dossier) for case, _, review in wrong_reviews(500, 5))
    true = sum(_marked(review, case.dossier) for case, _, review in true_reviews(200, 6))
    return [
        ["500 wrong values", "", f"{wrong} of 500", "", "≥ 495"],
        ["200 harmless rewrites", f"{true} marked", "", "", "≤ 2 marked"],
    ]


def _marked(review: Review, dossier: Dossier) -> bool:
    return any(one.standing in MARKED for one in claims(review, dossier))


def _sets() -> list[list[str]]:
    folder = SHARED / "grounding"
    if not folder.is_dir():
        return []
    by_claim, by_sentence = scoring.labelled_quotes(folder)
    return [
        _row("labelled quotes, claims", by_claim, "≥ 0.85, ≥ 0.70", balanced=False),
        _row("labelled quotes, sentences", by_sentence, "≥ 0.92, ≥ 0.85"),
        _row("SummEdits, sales e-mail", scoring.summedits(folder), "≥ 0.95; balanced ≥ 0.74"),
        *(_row(f"WiCE {split}, words", scoring.wice(folder, split), "as it comes") for split in ("dev", "test")),
        _row("BEGIN dev", scoring.begin(folder, "begin_dev_wow.tsv"), "as it comes"),
        _row("BEGIN test, first 600", scoring.begin(folder, "begin_test_wow_first600.tsv"), "as it comes"),
    ]


def _row(name: str, score: Score, asked: str, *, balanced: bool = True) -> list[str]:
    right = f"{score.precision:.2f} ({score.right} of {score.right + score.wrong})"
    found = f"{score.recall:.2f} ({score.found} of {score.found + score.missed})"
    return [name, right, found, f"{score.balanced:.2f}" if balanced else "", asked]


def _times() -> list[Figure]:
    chance = random.Random(1)
    quotes = [_quote(chance) for _ in range(ROUNDS)]
    dossiers = [_dossier(number) for number in range(ROUNDS + 1)]
    typed = [_typed(quotes[0], number) for number in range(ROUNDS)]
    held = Background(persona=PERSONA, dossier=dossiers.pop())
    whole = [_checked(one, held) for one in quotes]
    fresh = [
        _checked(one, Background(persona=PERSONA, dossier=told)) for one, told in zip(quotes, dossiers, strict=True)
    ]
    keystrokes = [_checked(one, held) for one in typed]
    hostile = [*map(_hostile, HOSTILE), *(_never_twice(chance, form) for form in FORMS)]
    worst = max(_checked(one, held) for one in hostile)
    together = max(sum(_checked(one, held, check) for check in CHECKS) for one in map(_longer, hostile))
    return [
        Figure(what="a quote never seen, p50", value=statistics.median(whole), unit="ms", limit=5),
        Figure(what="a quote and a dossier never seen, p50", value=statistics.median(fresh), unit="ms"),
        Figure(what="again after a keystroke, p50", value=statistics.median(keystrokes), unit="ms", limit=10),
        Figure(what="50,000 hostile characters, the worst", value=worst, unit="ms", limit=500),
        Figure(what="50,000 hostile characters, all checks, the worst", value=together, unit="ms", limit=500),
    ]


def _checked(review: Review, held: Background, check: Check = CHECK) -> float:
    """Milliseconds of processor time for one check."""
    began = time.thread_time()
    check.findings(review, held)
    return 1000 * (time.thread_time() - began)


def _quote(chance: random.Random) -> Review:
    """Five sentences of about thirty words and two values, none of which was read before."""
    return Review(sentences=tuple(Sentence("beat", ("F1",), _sentence(chance)) for _ in range(5)))


def _sentence(chance: random.Random) -> str:
    said = " and ".join(case.sentence.format(chance.choice(case.true)) for case in chance.sample(CASES, 2))
    return f"{said}, which anyone who keeps it running on a bad day learns on page {chance.random()} of the manual."


def _dossier(number: int) -> Dossier:
    return make_dossier(
        FERRY.tool, f"{FERRY.description} Build {number}.", (AddedFact(text="Rival: Barge", source="x"),)
    )


def _typed(review: Review, letters: int) -> Review:
    last = review.sentences[-1]
    return review._replace(sentences=(*review.sentences[:-1], last._replace(text=last.text + "x" * letters)))


def _hostile(piece: str) -> Review:
    return Review(sentences=(Sentence("beat", ("F1",), (piece * 50_000)[:50_000]),))


def _never_twice(chance: random.Random, form: str) -> Review:
    parts = [form.format(chance.randrange(1, 999), chance.randrange(1, 999)) for _ in range(50_000 // 4)]
    return Review(sentences=(Sentence("beat", ("F1",), "".join(parts)[:50_000]),))


def _longer(review: Review) -> Review:
    """The same by a letter: nobody has read it before."""
    (sentence,) = review.sentences
    return review._replace(sentences=(sentence._replace(text=f"x {sentence.text}"[:50_000]),))


if __name__ == "__main__":
    main()
