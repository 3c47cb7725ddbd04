"""True sentences about made-up tools, said in other words, and the same sentences with one value that is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.dossier import AddedFact, Dossier, Entry, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.review import Review, Sentence

FERRY = make_dossier(
    Tool(
        id=ToolId("ferry"),
        name="Ferry 3.2",
        vendor="Halyard",
        category="Developer Tools",
        tagline="Moves 40 GB of logs an hour between clouds",
        entry=Entry.PAID,
    ),
    "Ferry 3.2 copies log files from one cloud to another with a window of 512K lines in memory. It speaks to more "
    "than 60 storage services through their own interfaces. Halyard measured a drop of 35% in transfer time against "
    "Ferry 3.1.",
    (
        AddedFact(text="Team plan: $24 a month for each user.", source="price page"),
        AddedFact(text="Rivals: Barge and Tugboat 2.5, both from Quayside.", source="editor"),
        AddedFact(text="Trend: Quayside announced a shared format in March 2026.", source="editor"),
    ),
)
MOTH = make_dossier(
    Tool(
        id=ToolId("moth"),
        name="Moth",
        vendor="Lampworks",
        category="Testing",
        tagline="Finds the test that broke, not the one that failed",
        entry=Entry.FREE,
    ),
    "Moth reads the history of a test suite and points at the commit that broke it. It keeps 90 days of results for up "
    "to 1.5 million runs. The first version was released in 2023 under the MIT licence.",
    (
        AddedFact(text="Moth 0.9 runs on Python 3.12 and needs 200 MB of memory.", source="manual"),
        AddedFact(text="The command `moth blame --since` prints the commit.", source="manual"),
    ),
)
WHARF = make_dossier(
    Tool(
        id=ToolId("wharf"),
        name="Wharf",
        vendor="Pierhead",
        category="Inference",
        tagline="Serves small models from one machine",
        entry=Entry.TRIAL,
    ),
    "Wharf answers a prompt in 500 ms and drops a session after 10 minutes. One machine takes 60 requests per minute, "
    "needs 4 GB of memory and keeps its log for two weeks.",
    (
        AddedFact(
            text="Rates: $0.3 per million input tokens, $0.9 per million output tokens, as of the price page.",
            source="price page",
        ),
        AddedFact(text="Sessions are kept in PostgreSQL 16, clients need Node 20 or Python 3.11+.", source="manual"),
        AddedFact(text="Half of all calls are served from the cache, by Pierhead's own count.", source="manual"),
        AddedFact(text="The trial lasts 30 days and is billed monthly after that.", source="price page"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence with one value left out, the ways to say the true one, and what may wrongly stand there."""

    dossier: Dossier
    kind: str
    sentence: str
    fact: str
    true: tuple[str, ...]
    wrong: tuple[str, ...] = ()


NAMES = (
    "Cohere",
    "GitHub",
    "Bellweather",
    "OpenAI",
    "Zentrix",
    "Vercel",
    "Nimbus Labs",
    "Corvid",
    "JetBrains",
    "Plover",
)
CASES = (
    Case(
        dossier=FERRY,
        kind="number",
        sentence="The copy holds {} in memory while it works",
        fact="F1",
        true=("512K lines", "512k lines", "512,000 lines", "512 thousand lines", "a window of 512K lines"),
        wrong=("{n}K lines", "{n},000 lines", "{n} thousand lines", "{n} million lines"),
    ),
    Case(
        dossier=FERRY,
        kind="number",
        sentence="It talks to {} out of the box",
        fact="F2",
        true=("60 storage services", "60+ storage services", "sixty services", "more than sixty storage services"),
        wrong=("{n}+ storage services", "{n} services", "more than {n} storage services"),
    ),
    Case(
        dossier=FERRY,
        kind="number",
        sentence="Halyard puts the saving in transfer time at {}",
        fact="F3",
        true=("35%", "35 percent", "thirty-five percent", "35 %"),
        wrong=("{n}%", "{n} percent", "~{n}%", "{n}x"),
    ),
    Case(
        dossier=FERRY,
        kind="number",
        sentence="The team plan costs {}",
        fact="F6",
        true=("$24 a month for each user", "$24 per user per month", "$24/user/month", "24 dollars"),
        wrong=("${n} a month for each user", "${n}/user/month", "$24/month", "${n}"),
    ),
    Case(
        dossier=FERRY,
        kind="number",
        sentence="In an hour it moves {} of logs",
        fact="F4",
        true=("40 GB", "40GB", "forty GB"),
        wrong=("{n} GB", "{n}GB", "{n} TB"),
    ),
    Case(
        dossier=FERRY,
        kind="date",
        sentence="Quayside announced its shared format in {}",
        fact="F8",
        true=("March 2026", "Mar 2026", "2026"),
        wrong=("March 2025", "April 2026", "2021", "May 2024", "2019"),
    ),
    Case(
        dossier=FERRY,
        kind="version",
        sentence="The release under review is {}",
        fact="F1",
        true=("Ferry 3.2", "version 3.2", "Ferry v3.2"),
        wrong=("Ferry {v}", "version {v}", "Ferry v{v}", "Ferry {v} Pro", "Ferry 3.2 Pro", "Barge {v}"),
    ),
    Case(
        dossier=FERRY,
        kind="version",
        sentence="It competes with {} on price",
        fact="F7",
        true=("Tugboat 2.5", "Barge", "Tugboat"),
        wrong=("Tugboat {v}", "Tugboat-{v}", "Tugboat 25", "Gemini {v} Pro", "GPT-{v}"),
    ),
    Case(
        dossier=FERRY,
        kind="name",
        sentence="The format comes from {} and is public",
        fact="F8",
        true=("Quayside", "QUAYSIDE", "Quayside’s team"),
        wrong=NAMES,
    ),
    Case(
        dossier=FERRY,
        kind="name",
        sentence="{} makes the copier that is reviewed here",
        fact="F3",
        true=("Halyard", "The vendor Halyard"),
        wrong=NAMES,
    ),
    Case(
        dossier=FERRY,
        kind="tier",
        sentence="As an entry the dossier lists {}",
        fact="F5",
        true=("Paid", "“Paid”"),
        wrong=("Free", "Freemium", "Trial", "a free plan", "a free tier", "Open source"),
    ),
    Case(
        dossier=MOTH,
        kind="number",
        sentence="Results stay for {} before they go",
        fact="F2",
        true=("90 days", "ninety days", "90 full days"),
        wrong=("{n} days", "90 hours", "{n} weeks", "{n} months"),
    ),
    Case(
        dossier=MOTH,
        kind="number",
        sentence="Up to {} are kept",
        fact="F2",
        true=("1.5 million runs", "1.5M runs", "1,500,000 runs"),
        wrong=("{n} million runs", "{n}M runs", "{n},000 runs", "1.5 billion runs", "15 million runs"),
    ),
    Case(
        dossier=MOTH,
        kind="date",
        sentence="Its first version dates from {}",
        fact="F3",
        true=("2023", "the year 2023"),
        wrong=("2020", "2022", "2024", "March 2023"),
    ),
    Case(
        dossier=MOTH,
        kind="licence",
        sentence="Anybody may read it, since it is {}",
        fact="F3",
        true=("MIT-licensed", "under the MIT licence", "open source", "under the MIT license"),
        wrong=(
            "Apache-licensed",
            "under the GPL",
            "proprietary",
            "under the BSD licence",
            "AGPL-licensed",
            "closed source",
        ),
    ),
    Case(
        dossier=MOTH,
        kind="version",
        sentence="It runs on {} without patches",
        fact="F6",
        true=("Python 3.12", "Python v3.12"),
        wrong=("Python {v}", "Python 3.1", "Python 3.120", "Python 4"),
    ),
    Case(
        dossier=MOTH,
        kind="identifier",
        sentence="The commit comes out of {} at once",
        fact="F7",
        true=("`moth blame --since`", "`moth blame`", "`--since`", "--since"),
        wrong=(
            "`moth find --since`",
            "`--until`",
            "--verbose",
            "`blame=true`",
            "moth.toml",
            "/v1/blame",
            "last_commit",
        ),
    ),
    Case(
        dossier=MOTH,
        kind="tier",
        sentence="On the card its entry is {}",
        fact="F5",
        true=("Free", "free", "listed as Free"),
        wrong=("Paid", "Trial", "a paid plan", "a subscription", "Freemium"),
    ),
    Case(
        dossier=WHARF,
        kind="unit",
        sentence="A prompt is answered in {}",
        fact="F1",
        true=("500 ms", "0.5 seconds", "half a second", "500 milliseconds"),
        wrong=("500 seconds", "5 ms", "0.5 ms", "half an hour", "500 minutes", "{n} ms"),
    ),
    Case(
        dossier=WHARF,
        kind="unit",
        sentence="An idle session goes after {}",
        fact="F1",
        true=("10 minutes", "600 seconds", "ten minutes"),
        wrong=("10 seconds", "600 minutes", "ten hours", "{n} minutes"),
    ),
    Case(
        dossier=WHARF,
        kind="rate",
        sentence="One machine takes {}",
        fact="F2",
        true=("60 requests per minute", "60 requests a minute", "1 request per second", "sixty requests each minute"),
        wrong=("60 requests per hour", "60 requests a second", "60 requests a day", "{n} requests per minute"),
    ),
    Case(
        dossier=WHARF,
        kind="unit",
        sentence="Each machine needs {} of memory",
        fact="F2",
        true=("4 GB", "4,000 MB", "4096 MB", "four gigabytes"),
        wrong=("4 TB", "4 MB", "40 GB", "{n} GB"),
    ),
    Case(
        dossier=WHARF,
        kind="unit",
        sentence="The log goes back {}",
        fact="F2",
        true=("two weeks", "14 days", "2 weeks"),
        wrong=("two years", "14 weeks", "2 days", "{n} weeks"),
    ),
    Case(
        dossier=WHARF,
        kind="rate",
        sentence="What goes in costs {}",
        fact="F5",
        true=("$0.3 per million input tokens", "$0.30 per 1M input tokens", "$0.3/M input tokens"),
        wrong=(
            "$0.3 per thousand input tokens",
            "$0.3 per million output tokens",
            "$0.9 per million input tokens",
            "$0.3 per 1,000 input tokens",
            "$3 per million input tokens",
        ),
    ),
    Case(
        dossier=WHARF,
        kind="version",
        sentence="The sessions live in {}",
        fact="F6",
        true=("PostgreSQL 16", "Postgres 16", "Postgres v16"),
        wrong=("PostgreSQL 15", "Postgres 9", "MySQL 8", "SQLite", "Postgres {v}"),
    ),
    Case(
        dossier=WHARF,
        kind="version",
        sentence="A client is fine with {}",
        fact="F6",
        true=("Node 20", "Node.js 20", "Python 3.11", "Python 3.11 or newer", "Python 3.11+"),
        wrong=("Node 18", "Node.js 16", "Python 3.9", "Python 2.7+", "Deno 2", "Go 1.22"),
    ),
    Case(
        dossier=WHARF,
        kind="number",
        sentence="The cache serves {} of all calls",
        fact="F7",
        true=("half", "50%", "50 percent", "one half"),
        wrong=("{n}%", "a third", "a tenth", "two thirds", "a quarter"),
    ),
    Case(
        dossier=WHARF,
        kind="tier",
        sentence="Once the trial is over, it is {}",
        fact="F8",
        true=("billed monthly", "billed by the month"),
        wrong=("billed annually", "free forever", "billed by the year", "billed quarterly"),
    ),
)
AROUND = (
    "{}.",
    "By the vendor's own account, {}.",
    "{}, as the vendor tells it.",
    "What counts is this: {}.",
    "{}, and that is worth knowing.",
    "On record, {}, which a reader should weigh.",
    "Ask around and you hear one thing: {}.",
    "{}; that much is in writing.",
    "The short version (for those in a hurry): {}.",
    "It is a small point — {} — but a firm one.",
    "Marketing aside, {}.",
    "Read the page twice and it still says so: {}.",
)


def wrong_reviews(count: int, seed: int) -> Iterator[tuple[Case, str, Review]]:
    """Sentences with one wrong value: the case, the value, the review; half of them cite the fact."""
    chance = random.Random(seed)
    for number in range(count):
        case = CASES[number % len(CASES)]
        value = ""
        while not value or value in case.true:
            value = chance.choice(case.wrong).format(
                n=chance.choice((3, 7, 11, 14, 22, 48, 75, 110, 265, 640)), v=_version(chance)
            )
        yield case, value, _review(case, value, chance)


def true_reviews(count: int, seed: int) -> Iterator[tuple[Case, str, Review]]:
    """The same sentences with the true value in other words."""
    chance = random.Random(seed)
    for number in range(count):
        case = CASES[number % len(CASES)]
        value = chance.choice(case.true)
        yield case, value, _review(case, value, chance)


def _version(chance: random.Random) -> str:
    return f"{chance.choice((1, 4, 5, 7))}.{chance.randint(0, 9)}"


def _review(case: Case, value: str, chance: random.Random) -> Review:
    said = case.sentence.format(value)
    around = chance.choice(AROUND)
    inside = not around.startswith("{}") and not case.sentence.startswith("{}")
    text = around.format(said[0].lower() + said[1:] if inside else said)
    return Review(sentences=(Sentence("beat", (case.fact,) if chance.random() < 0.5 else (), text),))
