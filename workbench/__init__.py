"""Review-drafting workbench: vendor descriptions in, signed-off comparison pages out."""

__version__ = "0.1.0"
