"""`python -m workbench.cli.served run …`: Streamlit's own command, ended by Ctrl-C or SIGTERM without complaint."""

from __future__ import annotations

import runpy
import signal
import sys
from types import FrameType


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    # The server puts its own handlers over these, shuts down in order, and then passes the signal on to them.
    for _number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(_number, _end)
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
