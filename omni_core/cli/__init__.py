"""The ``omni`` command: thin twins of what the pages do, for scripts. Only this room prints."""

from omni_core.cli.main import main

__all__ = ["main"]
