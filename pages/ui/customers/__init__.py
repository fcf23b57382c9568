"""The parts of the customers page, one file each."""

from pages.ui.customers.back import cohorts, lapsed
from pages.ui.customers.builder import segments
from pages.ui.customers.groups import groups
from pages.ui.customers.known import any_orders
from pages.ui.customers.person import person
from pages.ui.customers.worth import value

__all__ = ["any_orders", "cohorts", "groups", "lapsed", "person", "segments", "value"]
