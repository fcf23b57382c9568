"""The recommend page: one move changes the list, the measure and the marks; both languages."""

import json
import re

import pytest

from omni_core import home
from omni_core.i18n import LANGUAGES
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words


def figures(at):
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def shown(at):
    """The names on the list, in order."""
    lines = [m.value for m in at.markdown if re.match(r"\*\*\d+\\\.", m.value)]
    return [re.match(r"\*\*\d+\\\. (.*?)\*\*", line).group(1) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_one_language(open_page, sample_shop, language):
    at = open_page("recommend", language)
    text = words(at)
    assert len(shown(at)) == 10 and len(at.metric) == 3
    assert all(c.proto.alt for c in at.get("plotly_chart"))
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
    else:
        assert not re.search(r"[\u4e00-\u9fff]", text.replace("中文", "")), text
    assert not re.search(r"\{\w+\}", text)
