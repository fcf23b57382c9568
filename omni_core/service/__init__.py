"""Customer service: what a message asks for, how sure that is, and what decided it.

Names are resolved on first use, so that importing this package brings neither scikit-learn nor
jieba nor the sentence encoder.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omni_core.service.catalogue import Catalogue
    from omni_core.service.classifier import IntentClassifier
    from omni_core.service.decide import Decision
    from omni_core.service.entities import Entity, extract_entities
    from omni_core.service.explanation import Explanation, explain
    from omni_core.service.intents import INTENTS, intent_name
    from omni_core.service.normal_form import is_noise, normalise
    from omni_core.service.settings import IntentSettings

_HOME = {
    "INTENTS": "intents",
    "Catalogue": "catalogue",
    "Decision": "decide",
    "Entity": "entities",
    "Explanation": "explanation",
    "IntentClassifier": "classifier",
    "IntentSettings": "settings",
    "explain": "explanation",
    "extract_entities": "entities",
    "intent_name": "intents",
    "is_noise": "normal_form",
    "normalise": "normal_form",
}
__all__ = [
    "INTENTS", "Catalogue", "Decision", "Entity", "Explanation", "IntentClassifier",
    "IntentSettings", "explain", "extract_entities", "intent_name", "is_noise", "normalise",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # No module may be named like one of these: importing it would bind it here in their stead.
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
