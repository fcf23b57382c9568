"""Days of the Chinese calendar, 2015 to 2035; in other years a festival of it has no date.

Source: Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table.
"""

from __future__ import annotations

import datetime as dt

FESTIVALS = ("spring", "dragon", "qixi", "autumn")
_DAYS = {  # year: New Year, Dragon Boat, Qixi, Mid-Autumn (month and day)
    2015: (219, 620, 820, 927), 2016: (208, 609, 809, 915), 2017: (128, 530, 828, 1004),
    2018: (216, 618, 817, 924), 2019: (205, 607, 807, 913), 2020: (125, 625, 825, 1001),
    2021: (212, 614, 814, 921), 2022: (201, 603, 804, 910), 2023: (122, 622, 822, 929),
    2024: (210, 610, 810, 917), 2025: (129, 531, 829, 1006), 2026: (217, 619, 819, 925),
    2027: (206, 609, 808, 915), 2028: (126, 528, 826, 1003), 2029: (213, 616, 816, 922),
    2030: (203, 605, 805, 912), 2031: (123, 624, 824, 1001), 2032: (211, 612, 812, 919),
    2033: (131, 601, 801, 908), 2034: (219, 620, 820, 927), 2035: (208, 610, 810, 916),
}


def day(festival: str, year: int) -> dt.date | None:
    """Return the day of one of ``FESTIVALS`` in a year; None outside the years that are known."""
    if year not in _DAYS:
        return None
    month, of_month = divmod(_DAYS[year][FESTIVALS.index(festival)], 100)
    return dt.date(year, month, of_month)
