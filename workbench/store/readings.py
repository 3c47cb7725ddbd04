"""Second readings in the database."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workbench.domain.ids import ToolId
from workbench.domain.second_reading import Reading
from workbench.domain.text import digest
from workbench.store import codec
from workbench.store.tables import ReadingRow


class SqlReadings:
    """The `Readings` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, reading: Reading) -> None:
        text = codec.encode(codec.READING, reading, "The second reading")
        self._session.add(
            ReadingRow(
                tool_id=reading.tool_id,
                persona_id=reading.persona_id,
                at=reading.at,
                reading=text,
                reading_sha256=digest(text),
            )
        )
        self._session.flush()

    def of_tool(self, tool_id: ToolId) -> list[Reading]:
        rows = self._session.scalars(select(ReadingRow).where(ReadingRow.tool_id == tool_id).order_by(ReadingRow.seq))
        return [_reading(row) for row in rows]


def _reading(row: ReadingRow) -> Reading:
    what = f"Second reading {row.seq}, of {row.persona_id} for {row.tool_id},"
    return codec.decode(codec.READING, codec.opened(row.reading, row.reading_sha256, what), what)
