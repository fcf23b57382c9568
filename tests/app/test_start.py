"""The start page: the two ways in, the language, the frame that all pages share."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from omni_core import home, sample
from omni_core.i18n import LANGUAGES
from omni_core.workspace import Workspace
from pages.ui import shell
from tests.app.conftest import ROOT, assert_well, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_visit_promises_and_offers_two_ways(open_page, language):
    at = open_page(language=language)
    text = words(at)
    assert {"en": "Nothing is sent", "zh": "数据不会外传"}[language] in text
    assert [b.key for b in at.button] == ["open_sample", "use_own"]
    assert not at.metric


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_shop_shows_its_numbers_under_a_ribbon(open_page, sample_shop, language):
    at = open_page(language=language)
    assert {"en": "Sample", "zh": "示例"}[language] in at.markdown[0].value
    assert len(at.metric) == 4 and all(m.value not in ("", "–", "0") for m in at.metric)
    with Workspace.open(sample_shop) as ws:
        assert at.metric[0].value.replace(",", "") == str(ws.query("summary")["shoppers"].iloc[0])


def test_one_click_opens_the_sample_and_the_next_session_comes_back_to_it(
    open_page, _sample_home, monkeypatch
):
    monkeypatch.setenv("OMNI_HOME", str(_sample_home))
    (home.home() / "last.json").unlink(missing_ok=True)
    at = open_page()
    at.button(key="open_sample").click().run()
    assert_well(at)
    assert len(at.metric) == 4
    assert home.last_opened() == sample.open_sample().resolve()
    assert len(open_page().metric) == 4


def test_a_changed_sample_is_built_anew_and_an_interrupted_one_never_used(tmp_path, monkeypatch):
    source = tmp_path / "files"
    source.mkdir()
    for name in sample.FILES:
        path = sample.SOURCE / f"{name}.csv"
        if not path.is_file():
            pytest.skip("the sample shop's files are not there")
        lines = path.read_text("utf-8-sig").splitlines()[:40]
        (source / path.name).write_text("\n".join(lines) + "\n", "utf-8")
    shares = []

    def stop(share, words):
        shares.append(share)
        if share > 0.3:
            raise KeyboardInterrupt  # as a rerun or Ctrl-C would

    with pytest.raises(KeyboardInterrupt):
        sample.open_sample(stop, source)
    assert shares and not [p for p in home.home().iterdir() if "sample" in p.name]
    first = sample.open_sample(source=source)
    assert sample.open_sample(source=source) == first and sample.is_sample_folder(first)
    with (source / "reviews.csv").open("a", encoding="utf-8") as out:
        out.write("\n")
    second = sample.open_sample(source=source)
    assert second != first and not first.exists()


def test_a_broken_store_gets_a_sentence_and_ways_on(own_home):
    folder = home.new_workspace()
    with Workspace.open(folder):
        pass
    for path in folder.glob("*.duckdb"):
        path.write_bytes(b"not a store at all" * 100)
    home.remember(folder)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception and len(at.error) == 1 and "Traceback" not in at.error[0].value
    at.button(key="stuck_new").click().run()
    assert_well(at)
    assert home.last_opened() != folder.resolve()


def test_the_link_carries_the_language(open_page):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.context = {"locale": "en-GB"}
    at.session_state["lang"] = "zh"
    assert "数据不会外传" in words(at.run())


@pytest.mark.parametrize(
    "hostile",
    ["[a](javascript:x)", ":red[x] :smile: $x$ `x`", "<b>&amp;</b>", "# x\n- y", "a|b~c~\\"],
)
def test_literal_text_escapes_every_mark_and_loses_none(hostile):
    escaped = shell.literal(hostile)
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(hostile.split())
    assert not re.search(r"(?<!\\)(\\\\)*[\[\]<>:$`#*_~|&-]", escaped)


def test_both_themes_have_the_colours_of_the_charts():
    import tomllib

    from omni_core.charts.theme import COLOURS

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    for theme in ("light", "dark"):
        assert config["theme"][theme]["chartCategoricalColors"] == list(COLOURS)
    assert "http" not in json.dumps(config)
