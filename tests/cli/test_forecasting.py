"""`workbench forecasts` and `forecast`: what quotes foretell, and what became of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.shell import ANVIL, KETTLE, Shell

YEAR = datetime.now(UTC).year
SOON, LATER = "In 1 day all is one.", f"By {YEAR + 2}, nobody ships two files."


@pytest.fixture
def foretold(stocked: Shell) -> Shell:
    """A tool whose futurist foretells two things, one of them already due."""
    quote = f"{SOON} {LATER}".encode()
    assert stocked("decide", KETTLE, "futurist", "--edit-file", "-", stdin=quote).code == 0
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    with closing(sqlite3.connect(stocked.workspace)) as connection:
        connection.execute("UPDATE forecast SET due_on = ?, due = ? WHERE id = 1", [yesterday, yesterday])
        connection.commit()
    return stocked


def test_nothing_foretold_is_said(stocked: Shell) -> None:
    assert "No approved quote foretells anything" in stocked("forecasts").out
    assert "No forecast is due." in stocked("forecasts", "--due").out
    assert stocked("forecasts", "--json").json == {"forecasts": []}


def test_forecasts_are_listed_by_their_day_with_what_is_due(foretold: Shell) -> None:
    listed = foretold("forecasts", "--json").json["forecasts"]
    assert [(one["what"], one["is_due"], one["state"]) for one in listed] == [
        (SOON, True, "open"),
        (LATER, False, "open"),
    ]
    assert listed[1]["due"] == f"{YEAR + 2}-12-31"
    assert [one["id"] for one in foretold("forecasts", "--due", "--json").json["forecasts"]] == [1]
    shown = foretold("forecasts").out
    assert "2 forecasts, 1 due." in shown
    assert KETTLE in shown


def test_a_forecast_is_judged_put_off_and_corrected(foretold: Shell) -> None:
    held = foretold("forecast", "1", "--held", "--note", "So it was.", "--editor", "Bea", "--json").json["forecast"]
    assert (held["state"], held["events"][-1]["editor"], held["events"][-1]["note"]) == ("held", "Bea", "So it was.")
    assert foretold("forecast", "1", "--failed").out.strip() == f"Forecast 1 of {KETTLE} · futurist: failed."
    assert "No forecast is due." in foretold("forecasts", "--due").out
    day = f"{YEAR + 3}-06-30"
    assert f"too early; due again on {day}." in foretold("forecast", "2", "--too-early", day).out
    assert foretold("forecasts", "--json").json["forecasts"][-1]["due_on"] == day


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1",), "Give one of --held, --failed, --too-early DATE."),
        (("1", "--held", "--failed"), "Give one of --held, --failed, --too-early DATE."),
        (("one", "--held"), "`workbench forecasts` lists them."),
        (("99", "--held"), "`workbench forecasts` lists them."),
        (("1", "--too-early", "soon"), "“soon” is not a day."),
        (("1", "--too-early", "2001-01-01"), "needs a day to come back on"),
    ],
)
def test_a_finding_that_makes_no_sense_is_refused(foretold: Shell, arguments: tuple[str, ...], said: str) -> None:
    refused = foretold("forecast", *arguments)
    assert (refused.code, said in refused.err) == (2, True)


def test_the_json_page_carries_its_quotes_forecasts(foretold: Shell) -> None:
    assert foretold("decide", ANVIL, "futurist", "--edit-file", "-", stdin=b"It is fine.").code == 0
    assert foretold("forecast", "1", "--held", "--note", "So it was.").code == 0
    page = json.loads(foretold("export", KETTLE, ANVIL, "--format", "json", "--output", "-").out)
    told = {one["tool"]: one["forecasts"] for one in page["document"]["quotes"]}
    assert told[ANVIL] == []
    assert [(one["when"], one["state"]) for one in told[KETTLE]] == [("In 1 day", "held"), (f"By {YEAR + 2}", "open")]
    assert told[KETTLE][0]["found"]["note"] == "So it was."
