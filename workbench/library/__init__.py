"""Reads personas/ and prompts/ from disk."""

from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.file_library import FileLibrary

__all__ = ["FileLibrary", "builtin_personas", "builtin_prompts"]
