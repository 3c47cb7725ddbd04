"""`python -m benchmarks` runs everything; `python -m benchmarks streaming` one of them."""

from __future__ import annotations

import sys

from benchmarks import startup, streaming

ALL = {"startup": startup.main, "streaming": streaming.main}


def main() -> None:
    """Run the named benchmarks, or all."""
    for name in sys.argv[1:] or ALL:
        print(f"\n== {name}")
        ALL[name]()


if __name__ == "__main__":
    main()
