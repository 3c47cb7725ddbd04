"""Reads tools from a table, one a row, with the standard library: it shifts no ragged row and guesses no type."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from workbench.domain.submission import Submission
from workbench.errors import InputError
from workbench.intake._fields import COLUMNS, OPTIONAL, REQUIRED, key_of, shown
from workbench.ports import Intake

ROW_LIMIT = 500
"""Most tools in one table."""
_HEADER_LIMIT = 10_000
"""Characters of the header that are looked at to find the delimiter."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_EXPECTED = f"Columns: {', '.join(REQUIRED)}; optional: {', '.join(OPTIONAL)}."
_SAMPLE = f"Begin the file with a line like {','.join(COLUMNS[:6])}. {_EXPECTED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvReader:
    """Comma, semicolon or tab separated; the first line names the columns."""

    name: str = "csv"
    suffixes: tuple[str, ...] = field(default=(".csv", ".tsv"))

    def read(self, text: str) -> Intake:
        """Rows that cannot be read are problems; raises InputError when the header or the file itself is unusable."""
        text = text.removeprefix("\ufeff")
        _refuse_nul(text)
        delimiter = _delimiter(text)
        # The header and one row too many are all it takes to know that a table is too long.
        rows = list(islice(_rows(text, delimiter), ROW_LIMIT + 2))
        if not rows:
            raise InputError("The table is empty.", _SAMPLE)
        header = _header(rows[0])
        if len(rows) == 1:
            raise InputError("The table has a header but no rows.", "Add one line per tool.")
        if len(rows) - 1 > ROW_LIMIT:
            raise InputError(f"The table has more than {ROW_LIMIT} rows.", "Split it into smaller tables.")
        submissions: list[Submission] = []
        problems: list[InputError] = []
        for row in rows[1:]:
            try:
                submissions.append(_submission(header, row))
            except InputError as problem:
                problems.append(problem)
        notices = () if delimiter == "," else (f"Read with {_DELIMITERS[delimiter]} between the cells.",)
        return Intake(submissions=tuple(submissions), problems=tuple(problems), notices=notices)


READER = CsvReader()


def _refuse_nul(text: str) -> None:
    found = text.find("\0")
    if found >= 0:
        line = len(text[:found].splitlines() or [""])
        raise InputError("The table holds a NUL character.", "Export the table again as CSV in UTF-8.", line=line)


def _delimiter(text: str) -> str:
    """The one that finds most columns we know in the first line; the comma when none finds more."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")[:_HEADER_LIMIT]

    def known(delimiter: str) -> int:
        return sum(key_of(cell.strip('" \r\n')) in COLUMNS for cell in first.split(delimiter))

    return max(_DELIMITERS, key=known)


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """Rows that hold anything, each with the line it starts in."""
    # newline="" leaves line ends inside quoted cells to the csv module, which also knows a lone \r.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(line=line, cells=cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(str(error), line) from None


def _unreadable(reason: str, line: int) -> InputError:
    if "unexpected end" in reason:
        return InputError(
            "A quotation mark opened in this row is never closed.",
            "Close it, and double the quotation marks inside a cell.",
            line=line,
        )
    if "field limit" in reason:
        return InputError(
            f"A cell of this row is too large: {reason}.",
            "Shorten it, or close a quotation mark left open.",
            line=line,
        )
    return InputError(f"The row is not CSV: {reason}.", "Export the table again as CSV.", line=line)


def _header(row: _Row) -> list[str]:
    names = [key_of(cell) for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > 10 * len(COLUMNS):
        raise InputError(f"The header has {len(names):,} columns.", _SAMPLE, line=row.line)
    unknown = [cell for cell, name in zip(row.cells, names, strict=False) if name not in COLUMNS]
    if unknown:
        listed = ", ".join(shown(cell) for cell in unknown[:10])
        raise InputError(f"The header has columns nobody knows: {listed}.", _SAMPLE, line=row.line)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        listed = ", ".join(shown(name) for name in twice)
        plural = "column" if len(twice) == 1 else "columns"
        raise InputError(f"The header has the {plural} {listed} more than once.", "Keep one of each.", line=row.line)
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        listed = " and ".join(shown(name) for name in missing)
        raise InputError(f"The header lacks {listed}.", _SAMPLE, line=row.line)
    return names


def _submission(header: list[str], row: _Row) -> Submission:
    """Trailing empty cells are a trailing delimiter; anything else beyond the header would shift the row."""
    beyond = row.cells[len(header) :]
    if any(cell.strip() for cell in beyond):
        raise InputError(
            f"The row has {len(row.cells)} cells, the header {len(header)}.",
            "Put cells that hold the delimiter in quotation marks.",
            line=row.line,
        )
    # A short row leaves its last columns out, so the two lengths may differ.
    values = dict(zip(header, row.cells, strict=False))
    for name in REQUIRED:
        if not values.get(name, "").strip():
            raise InputError(f"The row has no {name}.", "Fill the cell in.", field=name, line=row.line)
    return Submission(**values, facts=(), line=row.line)
