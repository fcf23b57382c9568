"""Who is likely to answer, whom it pays to contact, and the list of them."""

from omni_core.targeting.creative import Card
from omni_core.targeting.features import BASELINE, FEATURES, KEPT_OUT
from omni_core.targeting.model import KINDS, ResponseModel
from omni_core.targeting.money import Money, Ranking
from omni_core.targeting.targets import build_features, campaigns, parse_target

__all__ = [
    "BASELINE", "Card", "FEATURES", "KEPT_OUT", "KINDS", "Money", "Ranking", "ResponseModel",
    "build_features", "campaigns", "parse_target",
]
