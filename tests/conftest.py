"""What every test may count on: English to begin with, whatever the one before it spoke."""

from __future__ import annotations

import pytest

from omni_core.i18n import set_language


@pytest.fixture(autouse=True)
def english():
    """The language is a context variable of the one thread that runs the tests."""
    set_language("en")
    yield
    set_language("en")
