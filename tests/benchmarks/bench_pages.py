"""How long each page takes on the sample shop: the first run of a session, and a rerun.

Run: pytest -m benchmark -s tests/benchmarks/bench_pages.py. AppTest runs the whole script, charts
included, without the browser's drawing. Each rerun is also given as a ratio to that of a page which
draws one line of text, in the same run.
"""

import statistics
import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from omni_core import home, sample
from pages.ui import navigation
from tests.app.conftest import ROOT

pytestmark = pytest.mark.benchmark
PAGES = [name for pages in navigation._SECTIONS.values() for name, _ in pages]


def clock(do):
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def nothing():
    import streamlit

    streamlit.text("nothing")


def test_pages_on_the_sample_shop(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path))
    home.remember(sample.open_sample())
    plain = AppTest.from_function(nothing).run()
    base = statistics.median(clock(plain.run) for _ in range(5))
    print(f"\na page of one line: {1000 * base:.0f} ms")
    for name in PAGES:
        st.cache_data.clear()
        st.cache_resource.clear()
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        at.context = {"locale": "en-US", "timezone": "Asia/Shanghai"}
        at.run()
        first = clock(lambda at=at, name=name: at.switch_page(f"pages/{name}.py").run())
        assert not at.exception
        again = statistics.median(clock(at.run) for _ in range(5))
        print(f"{name:12} first {first:6.2f} s   rerun {1000 * again:6.0f} ms   "
              f"{again / base:5.1f} times one line")
