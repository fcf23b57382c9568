"""``python -m omni_core.cli``: the ``omni`` command without its entry point."""

from omni_core.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
