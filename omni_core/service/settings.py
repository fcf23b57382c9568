"""The settings of the intent classifier, and what its engines are called on a screen."""

from __future__ import annotations

from dataclasses import dataclass

from omni_core.i18n import N_, _
from omni_core.params import field, validate

# Plain words; the terms are in the help.
ENGINE_NAMES: dict[str, str] = {
    "auto": N_("chosen by Omni"),
    "semantic": N_("by meaning"),
    "tfidf": N_("by words and characters"),
    "bayes": N_("by how often words occur"),
    "label_cosine": N_("by the intent's name"),
}
ENGINE_CHOICES = tuple(ENGINE_NAMES)


def engine_name(engine: str) -> str:
    """Return what an engine is called in the current language."""
    return _(ENGINE_NAMES.get(engine, engine))


@dataclass(frozen=True, slots=True)
class IntentSettings:
    """The settings of the intent classifier."""

    engine: str = field(
        "auto",
        choices=ENGINE_CHOICES,
        words=tuple(ENGINE_NAMES.items()),
        label=N_("How messages are compared"),
        help=N_(
            "By meaning, across both languages (sentence encoder, “semantic” on the command "
            "line); by words and characters (TF-IDF, “tfidf”); by how often words occur (naive "
            "Bayes, “bayes”); by the intent's name (the source articles' method, a baseline, "
            "“label_cosine”). Chosen by Omni: by meaning where its encoder is installed."
        ),
    )
    threshold: float = field(
        0.5, low=0.0, high=1.0, step=0.05, label=N_("Answer from this confidence"),
        help=N_("Below it the bot asks back or passes the message to a person."),
    )
    margin: float = field(
        0.1, low=0.0, high=1.0, step=0.05, label=N_("Lead over the runner-up"),
        help=N_("How far the likeliest intent must be ahead of the second."),
    )

    def __post_init__(self) -> None:
        validate(self)
