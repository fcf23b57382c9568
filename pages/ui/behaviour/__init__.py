"""The parts of the behaviour page, one file each."""

from pages.ui.behaviour.calendar import calendar
from pages.ui.behaviour.carts import carts
from pages.ui.behaviour.goods import goods
from pages.ui.behaviour.overview import overview
from pages.ui.behaviour.people import people
from pages.ui.behaviour.visits import visits

__all__ = ["calendar", "carts", "goods", "overview", "people", "visits"]
