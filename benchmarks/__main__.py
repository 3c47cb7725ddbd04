"""`python -m benchmarks` runs everything; `python -m benchmarks streaming` one of them."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = (
    "grounding",
    "events",
    "first-text",
    "matrix",
    "startup",
    "draft-click",
    "room-open",
    "streaming",
    "rehearsal-throughput",
)


def main() -> None:
    """Run the named benchmarks, or all."""
    for name in sys.argv[1:] or ALL:
        print(f"\n== {name}")
        import_module(f"benchmarks.{name.replace('-', '_')}").main()


if __name__ == "__main__":
    main()
