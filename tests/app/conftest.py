"""Pages in AppTest: a home of their own, the sample shop built once, both languages."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from omni_core import home, sample
from omni_core.i18n import set_language

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # as `streamlit run app.py` does
LOCALES = {"en": "en-US", "zh": "zh-CN"}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """An empty home for each test; all AppTests of a process share one session's caches."""
    monkeypatch.setenv("OMNI_HOME", str(tmp_path / "home"))
    _forget()
    yield tmp_path / "home"
    _forget()
    set_language("en")


def _forget():
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(scope="session")
def _sample_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMNI_HOME", str(folder))
        try:
            sample.open_sample()
        except sample.NoSample as reason:
            pytest.skip(str(reason))
    return folder


@pytest.fixture
def sample_shop(_sample_home, monkeypatch):
    """The sample shop as the workspace that was open last; returns its folder."""
    monkeypatch.setenv("OMNI_HOME", str(_sample_home))
    folder = sample.open_sample()
    home.remember(folder)
    return folder


@pytest.fixture
def open_page():
    """``open_page("behaviour", "zh")``: the app in AppTest, gone to a page, without any fault."""

    def go(name: str = "start", language: str = "en", **link: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        at.context = {"locale": LOCALES[language], "timezone": "Asia/Shanghai"}
        # AppTest asks the pages' own functions for an option's words, outside the page's context
        set_language(language)
        at.run()
        if name != "start":
            at.query_params.update(link)
            at.switch_page(f"pages/{name}.py").run()
        assert_well(at)
        return at

    return go


def assert_well(at: AppTest) -> None:
    """No exception and no red sentence on the page."""
    assert not at.exception, [e.value for e in at.exception]
    assert not at.error, [e.value for e in at.error]


def finish(at: AppTest, done: Callable[[], bool], seconds: float = 90) -> None:
    """Run again until work beside the page has left its mark."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the work did not end"
        time.sleep(0.2)
        at.run()
    assert_well(at)


def words(at: AppTest) -> str:
    """All words of a page that are ours to translate: headings, text, captions, labels."""
    found = [e.value for kind in ("title", "header", "subheader", "markdown", "caption", "info",
                                  "warning", "success") for e in at.get(kind)]
    found += [e.label for kind in ("button", "metric", "selectbox", "slider", "toggle", "expander",
                                   "number_input", "text_input", "text_area", "date_input", "tabs")
              for e in at.get(kind) if getattr(e, "label", None)]
    return "\n".join(map(str, found))
