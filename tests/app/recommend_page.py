"""What the tests of the recommend page read from it, and small shops to put under it."""

import json
import re

from omni_core import home
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words


def figures(at):
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def lines(at):
    return [m.value for m in at.markdown if re.match(r"\*\*\d+\\\.", m.value)]


def shown(at):
    """The names on the list, in order, as they stand in the page's Markdown."""
    return [re.match(r"\*\*\d+\\\. (.*?)\*\*[ \n]", line).group(1) for line in lines(at)]


def fill(csv):
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        report = ws.import_file(data=csv.encode(), name="events.csv")
        assert report.status == "imported", (report.code, report.questions)
    home.remember(folder)


def rows(event="purchase", day="2026-03-{:02}", name="Thing {}"):
    """Eighty shoppers of two tastes; a row for each thing they took."""
    made = ["user_id,item_id,event,time,item name"]
    for u in range(80):
        for i in range(6):
            item = (u * 7 + i * 3) % 20 * 2 + u % 2
            made.append(f"u{u},p{item},{event},{day.format((u + 3 * i) % 28 + 1)},"
                        + name.format(item))
    return "\n".join(made) + "\n"


def look(at, part):
    at.segmented_control(key="rc_more").set_value(part).run()
    assert_well(at)
    return words(at)


def speaks(text, language):
    text = re.sub(r"\$[^$]*\$", "", text)  # a formula has no language
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
    else:
        assert not re.search(r"[\u4e00-\u9fff]", text.replace("中文", "")), text
    assert not re.search(r"\{\w+\}", text)


def state(at):
    """What a move can change: the figures, the list."""
    return [m.value for m in at.metric], shown(at)


QUICK = {"rc_more": "final"}  # the part of the page that draws least


def few(users, items, event="purchase", days=28):
    rows = ["user_id,item_id,event,time"]
    for u in range(users):
        for i in range(items):
            rows.append(f"{1000 + u},{i},{event},2026-03-{(u * 3 + i * 5) % days + 1:02} 10:00")
    return "\n".join(rows) + "\n"
