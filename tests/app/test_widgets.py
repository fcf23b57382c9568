"""Controls made from a parameter class: bounds, optional fields, reset, the link."""

from streamlit.testing.v1 import AppTest

from tests.app.conftest import assert_well


def page():
    from dataclasses import dataclass

    import streamlit as st

    from omni_core import params
    from pages.ui import widgets

    @dataclass(frozen=True, slots=True)
    class Settings:
        k: int = params.field(100, low=1, high=500, step=1, label="Neighbours")
        damping: float = params.field(1.0, low=0.0, high=2.0, step=0.1, label="Damping")
        half_life: float | None = params.field(
            None, low=7, high=365, step=1, unit="days", label="Half-life", optional=True)
        kind: str = params.field("cosine", choices=("cosine", "jaccard"), label="Kind")
        pairs: tuple = params.field((("view", 1.0),), label="Weights")

        def __post_init__(self):
            params.validate(self)

    made = widgets.parameters(Settings, "t", expert=("damping",))
    st.text(repr(made)[repr(made).index("Settings(") :])


def run(**link):
    at = AppTest.from_function(page, default_timeout=30)
    at.query_params.update(link)
    return at.run()


def value(at):
    assert_well(at)
    return at.text[0].value


def test_defaults_are_those_of_the_class():
    at = run()
    assert value(at) == (
        "Settings(k=100, damping=1.0, half_life=None, kind='cosine', pairs=(('view', 1.0),))")
    assert (at.slider(key="t_k").min, at.slider(key="t_k").max) == (1, 500)


def test_each_control_moves_its_field_and_reset_takes_all_back():
    at = run()
    before = value(at)
    at.slider(key="t_k").set_value(7)
    at.slider(key="t_damping").set_value(0.5)
    at.selectbox(key="t_kind").set_value("jaccard")
    at.toggle(key="t_half_life_on").set_value(True)
    at.run()
    assert "k=7, damping=0.5, half_life=186, kind='jaccard'" in value(at)
    at.slider(key="t_half_life").set_value(90).run()
    assert "half_life=90," in value(at)
    at.button(key="t_reset").click().run()
    assert value(at) == before


def test_a_choice_comes_from_the_link_and_nonsense_is_ignored():
    assert "kind='jaccard'" in value(run(t_kind="jaccard"))
    assert "kind='cosine'" in value(run(t_kind="<b>"))
