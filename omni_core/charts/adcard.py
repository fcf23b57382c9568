"""An ad as a small picture of its place: HTML of our own with every word of the data escaped."""

from __future__ import annotations

import html

from omni_core.charts.theme import BLUE, faded
from omni_core.i18n import _, money
from omni_core.targeting import Card

_WIDTH = 248  # pixels; a phone shows one card a row


def ad_card(shown: Card, currency: str, person: str) -> str:
    """Return the HTML of one card; ``person`` is who it is for, as the page names her."""
    picture = _picture(shown, currency) if shown.channel.ratio else ""
    headline = f'<div class="h">{html.escape(shown.headline)}</div>' if shown.headline else ""
    note = f'<div class="n">{html.escape(_("Too long for this place: it is cut."))}</div>' \
        if shown.cut else ""
    label = html.escape(f"{_(shown.channel.label)} · {person}")
    return f"""<style>
.omni-ad {{ width: {_WIDTH}px; max-width: 100%; border: 1px solid {faded("#8A8F98", 0.4)};
  border-radius: 8px; overflow: hidden; font-size: .9rem; line-height: 1.4; }}
.omni-ad .t {{ padding: 6px 10px; opacity: .7; font-size: .75rem; }}
.omni-ad .p {{ display: flex; flex-direction: column; justify-content: flex-end; gap: 2px;
  background: {faded(BLUE, 0.18)}; padding: 10px; box-sizing: border-box; overflow: hidden; }}
.omni-ad .p b {{ font-size: 1rem; }}
.omni-ad .p b, .omni-ad .p span {{ display: -webkit-box; -webkit-line-clamp: 2;
  -webkit-box-orient: vertical; overflow: hidden; flex: none; }}
.omni-ad .h {{ padding: 8px 10px 0; font-weight: 600; overflow-wrap: anywhere; }}
.omni-ad .b {{ padding: 6px 10px 10px; overflow-wrap: anywhere; }}
.omni-ad .n {{ padding: 0 10px 10px; font-size: .75rem; opacity: .8; font-style: italic; }}
</style><div class="omni-ad"><div class="t">{label}</div>{picture}{headline}
<div class="b">{html.escape(shown.body)}</div>{note}</div>"""


def _picture(shown: Card, currency: str) -> str:
    lines = []
    # a flat picture has room for one line of goods, a tall one for three
    room = 1 if shown.channel.ratio > 2 else 2 if shown.channel.ratio > 1 else 3
    for item in shown.goods[:room]:
        price = "" if item.price is None else \
            f" · {money(item.price, currency, 0 if item.price.is_integer() else 2)}"
        lines.append(f"<span>{html.escape(item.name)}{html.escape(price)}</span>")
    if lines:
        lines[0] = lines[0].replace("<span>", "<b>").replace("</span>", "</b>")
    return (f'<div class="p" style="aspect-ratio: {shown.channel.ratio:.3f}">'
            + "".join(lines) + "</div>")
