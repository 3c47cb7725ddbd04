"""The rehearsal's own small grammar: how a sentence goes on after its opener, how it cites a fact, how it ends.

Slots: `{c}` a fact as a clause, `{q}` its words in quotation marks, `{k}` and `{v}` the two sides of a fact such as
“Entry: Free”, `{tool}` the tool's name, `{nothing}` what the dossier lacks.
"""

from __future__ import annotations

from typing import Literal

Mood = Literal["plain", "breaking", "proving", "coming", "building"]
"""What a beat asks of its fact: to be stated, to break, to be borne out, to spread, to be rebuilt."""
Kind = Literal["clause", "words", "entry"]
"""How a fact can be said: as a clause, only in its own words, or as a key and its value."""
Temper = Literal["hands", "doubt", "horizon", "money"]

MOODS: dict[Mood, frozenset[str]] = {
    "proving": frozenset({"wrong", "falsifier", "falsify", "disprove"}),
    "breaking": frozenset({"break", "breaks", "breakage", "breaking", "fail", "fails", "failure", "kills", "risk"}),
    "coming": frozenset({"prediction", "forecast", "thesis", "trend", "future", "second-order", "end-state", "decade"}),
    "building": frozenset({"weekend", "weekend-script", "script", "rebuild", "homemade"}),
}

STATED: dict[Kind, tuple[str, ...]] = {
    "clause": (
        "by the vendor's own account, {c}",
        "the vendor states that {c}",
        "the page puts it this way: {c}",
        "as the vendor tells it, {c}",
        "the promise on record is that {c}",
        "the case made for it is that {c}",
    ),
    "words": (
        "the vendor's own line is {q}",
        "the words to hold the vendor to are {q}",
        "the case for {tool} starts from {q}",
        "the phrase that carries it is {q}",
        "what the vendor puts on record is {q}",
        "it comes down to what the vendor calls {q}",
    ),
    "entry": (
        "the dossier lists {v} under {k}",
        "under {k} the record says {v}",
        "the dossier has {v} under {k}",
        "{v} is what the record on {tool} holds under {k}",
    ),
}
"""A fact of the vendor's, stated."""

RECORDED: dict[Kind, tuple[str, ...]] = {
    "clause": (
        "the dossier records that {c}",
        "it is on record that {c}",
        "the dossier has it that {c}",
        "a line added to the dossier says that {c}",
    ),
    "words": (
        "the line on record is {q}",
        "the dossier has this to say: {q}",
        "a line added to the dossier reads {q}",
        "the record on {tool} says {q}",
    ),
    "entry": STATED["entry"],
}
"""A fact somebody else put on record."""

AFTER_THAT = (
    "{c}, as the vendor tells it",
    "{c}, by the vendor's own account",
    "{c}, if the page is to be believed",
)
"""A fact as a clause after an opener that ends with “that” or “because”."""

MOVED: dict[Mood, tuple[str, ...]] = {
    "breaking": (
        "a team builds on {q} and the exception arrives without a sign",
        "somebody takes {q} at its word on a bad day",
        "{q} is all there is to read while the error log fills up",
        "a release goes out on the strength of {q} and nobody watches what it leaves out",
    ),
    "proving": (
        "{q} would have to hold for teams that never met the vendor",
        "{q} would have to survive a bad quarter in somebody else's hands",
        "people with nothing to sell would have to repeat {q} in their own words",
        "{q} would have to be as true of the tenth project as of the demo",
    ),
    "coming": (
        "teams come to expect {q} from any tool of this kind",
        "{q} turns from a selling point into a condition of entry",
        "what reads as {q} today becomes a thing nobody mentions",
        "work gets planned around {q} before anyone decides that it should be",
        "buyers stop asking whether and start asking how well it means {q}",
    ),
    "building": (
        "a script would have to match {q} and keep matching it on Monday",
        "a weekend of work would have to reproduce {q}, exceptions included",
        "anyone who builds it at home signs up to maintain {q}",
    ),
}
"""A fact in a mood; always in its own words, which stay true whatever surrounds them."""

AGAIN = (
    "the same fact has to serve again, {q}",
    "it rests once more on {q}",
    "nothing newer than {q} speaks to it",
)
"""A fact the draft has used before."""

UNKNOWN = (
    "the dossier names {nothing} to judge it by",
    "the dossier is silent here and names {nothing}",
    "nobody can tell from the dossier, which names {nothing}",
    "a reader would need more than the dossier has, for it names {nothing}",
)
"""What a beat with no fact to stand on says."""

ADDED: dict[Kind, tuple[str, ...]] = {
    "clause": (
        "; the dossier adds that {c}",
        "; beside it stands the statement that {c}",
        "; the page also says that {c}",
    ),
    "words": ("; next to it stands {q}", "; the same dossier also says {q}", "; it has to be read together with {q}"),
    "entry": ("; under {k} the dossier lists {v}", "; the record has {v} under {k}"),
}
"""A second fact behind the first."""

BEFORE_CLAUSE = (
    "easy to state",
    "plain enough",
    "close at hand",
    "simple to point at",
    "there to be read",
    "there on the page",
)
"""After “is” and “are”, before a colon."""
BEFORE_UNKNOWN = ("left open", "still open", "not on record")
NOUNS = ("one thing above all", "a single line of the dossier", "something simple enough to state")
"""After a preposition, before a colon."""
VERBS = ("come down to one thing", "stand or fall with one line", "answer for one sentence")
"""After “to” or “will”, before a colon."""

TAILS: dict[Temper, tuple[str, ...]] = {
    "hands": (
        ", and the place to look is the request rather than the announcement",
        ", which a short script against the documented call would settle",
        "; the error messages around it will tell more than the page does",
        ", so the cost moves into whatever code has to call it",
        "; what it removes from a codebase matters more than what it adds to a slide",
        ", and an engineer can draw that without inventing a box",
        "; the mechanism behind it is not shown, and the mechanism is what gets debugged",
        ", which is a fair bargain as long as the default settings are the right ones",
        "; a test that fails loudly would be worth more here than another adjective",
        ", and the person on call inherits whatever that leaves out",
        "; nothing in that sentence says what happens on a bad day",
        ", which puts the complexity where it can at least be read",
    ),
    "doubt": (
        ", and that is a claim before it is anything else",
        "; what is missing is the observation that could prove it wrong",
        ", which says what happens on a good day and stops there",
        "; take the adjectives out and the claim gets shorter, not stronger",
        ", so the burden of proof stays with whoever wrote it",
        "; the person who finds the exception will be the one on call",
        ", and agreement from outside the vendor would weigh more",
        "; a promise of that kind is cheap to print and dear to keep",
        ", which somebody else could print on a page of their own",
        "; doubt costs little here and a migration costs a lot",
        ", and a demo is the friendliest place to hear it",
        "; the silence around its limits is louder than the line itself",
    ),
    "horizon": (
        ", and habits tend to settle around things like that",
        "; the effect worth watching is what people stop doing by hand",
        ", which counts for little this season and for a good deal later",
        "; once that is taken for granted, the tools next to it change shape",
        ", so the bet is on a habit rather than on a feature",
        "; the condition for it sits outside the vendor's control",
        ", and the people who gain most may not be the ones who sign up",
        "; if it turns out false, it will turn out false quietly",
        ", which would be early for most teams and late for a few",
        "; an ordinary working day would show it as something less to think about",
        ", and nobody names a thing like that once it is plumbing",
        "; that is a forecast and should be read as one",
    ),
    "money": (
        ", and somebody with a budget has to sign for that",
        "; the invoice will explain it better than the launch did",
        ", which decides whether a team renews or lets it lapse",
        "; a finance desk would ask for the same thing as a calculation",
        ", so the question is whose budget it leaves and who notices",
        "; what a customer would lose by leaving is the part to write down",
        ", and a larger vendor could offer the same as an extra",
        "; convenience keeps a customer for a while, switching costs keep one for longer",
        ", which is worth paying for as long as it saves somebody's afternoon",
        "; procurement will ask for the sentence that is not there",
        ", and the margin tends to go to whoever owns the workflow",
        "; cheap to try is one thing and cheap to keep is another",
    ),
}
"""How a sentence with a fact goes on: opinion, and nothing that would need a fact of its own."""

SHARED_TAILS = (
    "; the rest is a matter of use, and use is not in the dossier",
    ", and that is as far as the dossier goes",
    ", which is a claim to come back to",
    ", so it deserves a question and not yet an answer",
    "; that much can be quoted, and the rest would be guesswork",
    ", which sounds modest and is the kind of thing teams plan around",
)

OPEN_TAILS = (
    "; an editor would have to look that up before anyone decides",
    ", and a guess would read like an answer",
    "; one more fact with a source would be enough to close the gap",
    ", so the question stays with the reader",
    "; silence is not evidence in either direction",
    ", which a reader should know before deciding",
    "; whoever has the missing line can add it to the dossier",
    ", and filling the gap from memory would help nobody",
    ", and the draft leaves the gap where it is",
    "; the vendor could answer it in a line, and so far has not done so here",
    "; what would settle it is a line of fact rather than a paragraph of opinion",
    ", and anyone who has to decide today decides without it",
    "; a review that pretended to know would be worth less than this one",
)
"""How a sentence without a fact goes on."""

TEMPERS: dict[Temper, frozenset[str]] = {
    "hands": frozenset({"build", "builder", "engineer", "code", "developer", "made", "primitive", "dx", "script"}),
    "doubt": frozenset({"skeptic", "sceptic", "doubt", "breaks", "breakage", "wrong", "rivals", "critic", "falsifier"}),
    "horizon": frozenset({"futurist", "future", "thesis", "trend", "bets", "world", "second-order", "end-state"}),
    "money": frozenset({"business", "buyer", "pays", "price", "pricing", "budget", "moat", "cost", "market"}),
}
"""Words that give away which temper a lens has."""
