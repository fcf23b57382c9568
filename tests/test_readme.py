"""The README is true: its lines start the app, its Python runs, its tables are the vocabulary's."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from omni_core.columns import SYNONYMS, TABLES, normalise_header

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SAMPLE = ROOT / "sample_data"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def lines(language):
    return [line for block in blocks(language) for line in block.splitlines() if ".venv" in line]


def command(end):
    return next(line for line in lines("bash") if line.endswith(end))


def test_both_lines_set_up_everything_and_windows_has_its_own():
    start, tests = command("&& streamlit run app.py"), command("&& pytest")
    for line in (start, tests):
        assert line.startswith("python3 -m venv .venv && . .venv/bin/activate && pip install ")
        assert "-c constraints.txt" in line
    assert '".[test]"' in tests and "[test]" not in start
    windows = lines("powershell")
    assert len(windows) == 2 and all("-c constraints.txt" in line for line in windows)
    assert windows[0].endswith("streamlit run app.py") and windows[1].endswith("pytest")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def comes_up(line, folder, home, seconds):
    """Run a shell line until the app it starts answers; the error output when it does not."""
    port = free_port()
    with (home / "log").open("w+b") as log:
        process = subprocess.Popen(
            line, shell=True, executable=shutil.which("bash"), cwd=folder, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
            env=os.environ | {"STREAMLIT_SERVER_PORT": port, "OMNI_HOME": str(home)})
        try:
            end = time.monotonic() + seconds
            while time.monotonic() < end and process.poll() is None:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health",
                                                timeout=2) as answer:
                        return answer.read() == b"ok", ""
                except OSError:
                    time.sleep(0.3)
            log.seek(0)
            return False, log.read().decode("utf-8", "replace")[-2000:]
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 15)  # the shell and the server it started
            process.wait(timeout=30)


@pytest.mark.skipif(not shutil.which("bash"), reason="the line is for bash")
def test_the_start_lines_last_step_starts_the_app(tmp_path):
    # its set-up steps are those of the test line, which whoever runs this has just followed
    step = command("&& streamlit run app.py").rpartition("&& ")[2]
    folder = shlex.quote(str(Path(sys.executable).parent))
    well, said = comes_up(f"export PATH={folder}:$PATH; {step}", ROOT, tmp_path, 60)
    assert well, said


@pytest.mark.slow
def test_the_whole_start_line_works_in_a_fresh_copy(tmp_path):
    copy = tmp_path / "copy"
    done = subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], capture_output=True)
    if done.returncode:
        pytest.skip("not a git checkout")
    well, said = comes_up(command("&& streamlit run app.py"), copy, tmp_path, 600)
    assert well, said


def test_the_python_block_runs(tmp_path):
    (block,) = blocks("python")
    assert all((SAMPLE / f"{n}.csv").is_file() for n in ("products", "events", "intents"))
    shutil.copytree(SAMPLE, tmp_path / "sample_data", ignore=shutil.ignore_patterns("maker"))
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, timeout=300,
        encoding="utf-8", env=os.environ | {
            "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "OMNI_HOME": str(tmp_path / "h")})
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Did you mean “age_histogram”?" in done.stdout
    assert "ndcg@10" in done.stdout and "because_item" in done.stdout


def rows(first_cell):
    """The rows of the README's table whose head begins with ``first_cell``."""
    table = README.partition(f"| {first_cell} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in table]


def test_the_tables_of_files_are_the_vocabularys():
    found = {row[0].strip("`"): row[1:] for row in rows("table")}
    assert set(found) == set(TABLES)
    for name, (must, may) in found.items():
        assert tuple(must.split(", ")) == TABLES[name].required, name
        assert set(may.removesuffix(" …").split(", ")) <= set(TABLES[name].optional), name


def test_the_headers_named_are_recognised():
    found = rows("column")
    assert len(found) > 8
    for role, headers in found:
        for header in re.findall(r"`([^`]+)`", headers):
            assert normalise_header(header) in SYNONYMS[role.strip("`")], (role, header)


def test_pictures_and_files_named_are_there():
    for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / name).is_file(), name
    for name in ("LICENSE", "CHANGELOG.md", "constraints.txt", ".ci/run", "sample_data/README.md",
                 "sample_data/orders_dirty_gbk.csv", "omni_core/columns.py"):
        assert Path(name).name in README and (ROOT / name).is_file(), name


def test_constraints_are_exact_and_cover_what_is_declared():
    import tomllib

    pins = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
            if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!_-]+", pin) for pin in pins)

    def plain(name):
        return re.sub(r"[-_.]+", "-", name).lower()

    pinned = {plain(pin.split("==")[0]) for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for need in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        assert plain(re.split(r"[<>=!~\[; ]", need)[0]) in pinned, need
