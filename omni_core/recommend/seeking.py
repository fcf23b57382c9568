"""What a search for good settings found, in words."""

from __future__ import annotations

from typing import Any

from omni_core.i18n import N_, _, number
from omni_core.recommend import settings
from omni_core.recommend.evaluate import Range, interval
from omni_core.recommend.quality import figure, points, span
from omni_core.recommend.search import Found
from omni_core.recommend.task import Task
from omni_core.recommend.wording import setting

METRICS = {
    "ndcg@10": N_("How high it stands"), "recall@20": N_("Purchases foreseen"),
    "hit_rate@10": N_("Found what they bought"), "hit_rate_new@10": N_("Found, and new to them"),
}
FIXED = ("parts", "settings")  # what the search leaves as the controls say


def hers(found: Found) -> dict[str, Any]:
    """Return the chosen fields, complete, as the page's controls take them."""
    return settings.fields(found.model) | dict(found.chosen.fields)


def words(found: Found) -> str:
    """Say what was chosen and why: the best, or the standard one where that leads by chance."""
    values = {
        "n": number(len(found.points)), "metric": _(METRICS[found.metric]),
        "gain": _gain(found.gain, found.metric),
        "setting": setting(Task(found.model, hers(found))),
    }
    start = "" if found.complete else _("Stopped after {n} settings.").format(**values) + " "
    if found.chosen is found.points[0] or found.chosen.fields == found.points[0].fields:
        return start + _(
            "The standard setting stays: the best of {n} leads by {gain} on validation, which may "
            "be chance."
        ).format(**values)
    return start + _(
        "Better on validation by {gain} in {metric}: {setting}."
    ).format(**values)


def test_words(found: Found) -> str:
    """Say what the chosen setting reached on the last period, looked at once."""
    assert found.test is not None
    if not found.test["users"]:
        return _("Nobody bought anything in the last period.")
    r = interval(found.test.per_user[found.metric])
    form = _form(found.metric)
    return _("Looked at once, on the last period: {metric} {value} (likely {range}, {n} shoppers)."
             ).format(metric=_(METRICS[found.metric]), n=number(found.test["users"]),
                      value=figure(r.mean, form), range=span(r, form))


def _form(metric: str) -> str:
    return "number" if metric.startswith("ndcg") else "percent"


def _gain(gain: Range, metric: str) -> str:
    if _form(metric) == "percent":
        return _("{mean} (likely {low} to {high})").format(
            mean=points(gain.mean), low=points(gain.low), high=points(gain.high))
    return _("{mean} (likely {low} to {high})").format(
        mean=f"{gain.mean:+z.3f}", low=f"{gain.low:+z.3f}", high=f"{gain.high:+z.3f}")
