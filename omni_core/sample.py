"""The sample shop: imported once into a workspace of its own, reused until its files change."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from omni_core.errors import OmniError
from omni_core.home import home
from omni_core.i18n import N_, _

SOURCE = Path(__file__).resolve().parent.parent / "sample_data"
TIMEZONE = "Asia/Shanghai"
CONTACT_COST = 5.0  # yuan for a card sent by post: invented, as all of this shop is
# in this order: products give names to what later files mention
FILES = ("products", "customers", "orders", "events", "sends", "reviews")
_WORDS = {
    "products": N_("Products …"), "customers": N_("Customers …"), "orders": N_("Orders …"),
    "events": N_("What shoppers did …"), "sends": N_("A campaign …"), "reviews": N_("Reviews …"),
}
_PREFIX = "sample-"

Progress = Callable[[float, str], None]


class NoSample(OmniError):
    """The sample shop's files are not beside the program, or can't be read by it."""

    code = "no_sample"
    message = N_("The sample shop's files are missing or damaged ({folder}). Install Omni again.")

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder)


def is_sample_folder(folder: Path) -> bool:
    """Whether a workspace folder is the sample shop's."""
    return folder.name.startswith(_PREFIX) and folder.parent.resolve() == home().resolve()


def fingerprint(source: Path = SOURCE) -> str:
    """Return 12 hex digits that change with the sample files and with the code that reads them."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    code = [here / "columns.py", here / "importing.py", *here.glob("ingest/*.py"),
            *here.glob("ingest/platforms/*.toml"), *here.glob("store/*.py"),
            *here.glob("store/schema/*.sql"), *here.glob("store/sql/*.sql")]
    for path in (*sorted(code), *(source / f"{name}.csv" for name in FILES)):
        if not path.is_file():
            raise NoSample(str(source))
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def open_sample(progress: Progress | None = None, source: Path = SOURCE) -> Path:
    """Return the folder of the sample shop's workspace, building it when it isn't there.

    ``progress`` is called with a share of one and words. Raises ``NoSample``. The build happens in
    a folder of its own that is renamed at the end, so an interrupted one is never taken for whole.
    """
    folder = home() / (_PREFIX + fingerprint(source))
    if not folder.is_dir():
        home().mkdir(parents=True, exist_ok=True)
        building = home() / f".{_PREFIX}{uuid.uuid4().hex[:12]}"
        try:
            _build(building, source, progress or (lambda share, words: None))
            try:
                building.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another session was faster; its result is the same
                    raise
        finally:
            shutil.rmtree(building, ignore_errors=True)
        for old in home().glob(_PREFIX + "*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    return folder


def _build(folder: Path, source: Path, progress: Progress) -> None:
    from omni_core.workspace import Workspace

    weights = {name: (source / f"{name}.csv").stat().st_size for name in FILES}
    whole, done = sum(weights.values()) or 1, 0
    with Workspace.open(folder, timezone=TIMEZONE) as ws:
        for name in FILES:
            progress(done / whole, _(_WORDS[name]))
            result = ws.import_file(source / f"{name}.csv")
            if result.status not in ("imported", "already_imported"):
                raise NoSample(str(source / f"{name}.csv"))
            done += weights[name]
        progress(1.0, "")
