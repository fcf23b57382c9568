"""Every file of the corpus comes to the result that its maker worked out, none to a wrong one."""

from __future__ import annotations

import pytest

from tests.corpus import FIXTURES
from tests.corpus.__main__ import README, table, written
from tests.corpus.base import Fixture, judge


@pytest.mark.parametrize("each", FIXTURES, ids=lambda f: f.id)
def test_a_file_is_read_right_asked_about_or_refused(each: Fixture) -> None:
    outcome, wrong = judge(each)
    assert not wrong
    assert outcome == each.make()[1].outcome


def test_the_readme_shows_what_these_files_come_to() -> None:
    # the test above holds each outcome to the expected one, so the table follows from those
    made = table((f.group, f.confirmed, f.make()[1].outcome) for f in FIXTURES)
    assert written(README.read_text("utf-8")) == made
    assert all(row.endswith(" 0 |") for row in made.splitlines()[2:])
