"""Recommend: one move of a control changes her list, its quality, and the share of goods shown."""

import streamlit as st

from omni_core.charts import recommend as charts
from omni_core.i18n import N_, _, number
from omni_core.recommend import desk as desks
from omni_core.recommend import settings, wording
from pages.ui import cached, shell, widgets

ws = shell.begin("recommend")
shell.title(
    _("Recommend"), _("What each shopper would be shown, why, and whether it beats bestsellers.")
)
shell.need(ws, "events", why=_("This page learns from what shoppers viewed and bought."))

MODELS = {"item_neighbours": N_("Item neighbours"), "popularity": N_("Bestsellers")}


def choose(label, options, default, key, words, widget=st.selectbox, **more):
    return widgets.choose(widget, label, options, default, key, lambda o: _(words[o]), **more)


def data():
    """The level of goods and the filters, and the events at that level, cut in time."""
    offered, first = wording.levels(cached.query(ws, "goods_levels"), desks.MOST_GOODS)
    level = choose(_("What to recommend"), offered, first, "rc_level", wording.LEVELS,
                   st.segmented_control, required=True) if len(offered) > 1 else first
    chosen = widgets.filters(ws, "rc")

    def build():
        with st.spinner(_("Reading what shoppers did …")):
            return desks.prepare(ws.query("interactions", level=level, **chosen))

    key = level, *chosen.values()
    return level, chosen, key, cached.resource(ws, ("desk", *key), build)


def controls(desk):
    """The model, its settings, what to leave out, how long the lists are."""
    model = choose(_("Method"), MODELS, "item_neighbours", "rc_model", MODELS)
    only, expert = settings.shown(
        model, desk.all.present, st.session_state.get("rc_similarity", "general"))
    suggestion(desk)
    chosen = widgets.parameters(settings.Settings, "rc", only=only, expert=expert,
                                highest={"k": settings.most_neighbours(desk.all)})
    options = settings.leave_out(desk.all.present)
    leave = choose(_("Leave out"), options, next(iter(options)), "rc_leave", wording.LEAVE_OUT)
    length = st.slider(_("Length of the list"), 5, 30, 10, key="rc_n", bind="query-params")
    return model, chosen.fields(model), options[leave], length


def suggestion(desk):
    """What the data say an event is worth, and a button that sets the weights to it."""
    suggested = settings.suggested_worth(desk.all)
    widgets.note(wording.worth(suggested, desk.all.present))
    values = settings.on_the_slider(suggested)
    if values:
        set_so = all(st.session_state.get(f"rc_{n}") == v for n, v in values.items())
        st.button(_("Use these as weights"), key="rc_use", disabled=set_so,
                  on_click=widgets.put, args=("rc", values))


def picker(chosen):
    """A shopper, found by a part of the id, or one of a few telling ones."""
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    search = left.text_input(
        _("Find a shopper"), key="rc_search", placeholder=_("a part of the id"),
        bind="query-params",
    ).strip()
    name, extra = ("shoppers", {"search": search}) if search else ("telling_shoppers", {})
    people = wording.people(cached.query(ws, name, **chosen, **extra))
    if not people:
        st.info(_("No shopper's id holds this."))
        return None, None
    id = widgets.choose(right.selectbox, _("Shopper"), people, next(iter(people)), "rc_shopper",
                        lambda i: wording.shopper(people[i], ws.timezone))
    return people[id]["user"], id


def kept(name, key, build):
    """What a setting led to, kept so that a rerun for another reason costs nothing."""
    return cached.resource(ws, (name, *map(repr, key)), build)


def measure(desk, key, model, fields, leave, final=False):
    """The measure of the setting and, on the same shoppers, of the bestsellers."""
    base = {"weights": fields["weights"]}
    return tuple(
        kept("quality", (key, name, f, leave, final),
             lambda name=name, f=f: desk.measure(name, f, leave, final))
        for name, f in ((model, fields), ("popularity", base))
    )


def figures(desk, model, mine, base, earlier):
    """The trust lamp, three figures beside the bestsellers', and whether they are better."""
    colour, word, why = wording.lamp(desk, mine["users"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(word, color=colour, help=why)
        if model != "popularity" and mine["users"]:
            st.markdown(shell.literal(wording.verdict(desks.verdict(mine, base))))
    if not mine["users"]:
        widgets.note(why)
        return
    with st.container(horizontal=True):
        for name, label, form, about in wording.FIGURES:
            with st.container(border=True, width=180):
                st.metric(
                    _(label), wording.figure(mine[name], form), help=_(about),
                    delta=wording.change(mine, earlier, name, form),
                    # grey: no more than chance
                    delta_color="normal" if wording.told_apart(mine, earlier, name) else "off",
                )
                widgets.note(wording.beside(mine, base, name, form))


def proof(desk, model, mine, base, earlier):
    """How the figures came about, and the ranges side by side."""
    st.header(_("Is it better than bestsellers?"), anchor=False)
    rows = wording.bars(_(MODELS[model]), mine, earlier, base if model != "popularity" else None)
    widgets.chart(charts.comparison(rows), wording.measured(mine, base, desk, ws.timezone),
                  "rc_quality")
    widgets.note(wording.lamp(desk, mine["users"])[2])


def shopper(level, chosen, user, id, served, names, earlier):
    """Her history on the left, what she would be shown on the right, a why under each."""
    left, right = shell.columns(2, "rc_two", (270, 270), last_first=True)
    with left:
        st.subheader(_("History"), anchor=False)
        rows = cached.query(ws, "shopper_history", user=user, level=level, **chosen)
        widgets.show(wording.history_table(rows, names, ws.timezone), "rc_history")
    with right:
        st.subheader(_("Shown today"), anchor=False)
        before = earlier.items if earlier else None
        shown = desks.places(served.items, served.scores, before)
        for place, reason in zip(shown, served.reasons, strict=True):
            mark = wording.moved(place)
            badge = f" :{wording.colour(place)}-badge[{mark}]" if mark else ""
            st.markdown(
                f"**{number(place.rank)}\\. {shell.literal(names.of(place.item))}**{badge}  \n"
                f":small[{shell.literal(wording.why(reason, names, ws.timezone))}]"
            )
        if before and (left_list := wording.gone(before, served.items, names)):
            widgets.note(shell.literal(left_list))
        table = wording.list_table(id, shown, served.reasons, names, ws.timezone)
        widgets.download(table, "recommendations.csv", _("Download as CSV"), "rc_list_csv",
                         translate=True)


def for_all(desk, key, model, fields, leave, length, without, names):
    """The lists of all shoppers, made when asked for."""
    with st.expander(_("Lists for all shoppers")):
        if st.toggle(_("Make them (some seconds)"), key="rc_all"):
            with st.spinner(_("Making the lists …")):
                lists = kept("lists", (key, model, fields, leave, length, without), lambda: (
                    desk.live(model, fields).recommend(desk.all.users, length, leave, without)))
            table = wording.everyone(lists, cached.query(ws, "shopper_names"), names)
            widgets.download(table, "recommendations_all.csv", _("Download as CSV"),
                             "rc_all_csv", translate=True)


def final_check(desk, key, model, fields, leave):
    """The one look at the last period, which no setting was chosen on."""
    with st.expander(_("Final check on the last period")):
        widgets.note(_("A figure that controls were moved for flatters a little. The last tenth of "
                       "the events is kept aside: look once, when you have chosen."))
        if st.toggle(_("Look now"), key="rc_final"):
            mine, base = measure(desk, key, model, fields, leave, final=True)
            if not mine["users"]:
                widgets.note(_("Nobody bought anything in the last period."))
                return
            st.markdown(shell.literal(
                wording.measured(mine, base, desk, ws.timezone, final=True)))
            st.markdown(shell.literal(wording.verdict(desks.verdict(mine, base))))


@shell.fragment
def live(level, chosen, key, desk):
    names = kept("names", (level,), lambda: wording.Names(ws.query("catalogue", level=level)))
    # on a narrow screen the list comes first, and what moves it below
    side, main = shell.columns([2, 5], "rc_desk", (200, 560), last_first=True)
    with side:
        model, fields, leave, length = controls(desk)
        out = names.sold_out()
        without = out if out and st.toggle(
            _("Leave out what is sold out"), value=True, key="rc_stock", bind="query-params"
        ) else ()
    with main:
        user, id = picker(chosen)
        if user is None:
            return
        with st.spinner(_("Working out the lists …")):
            mine, base = measure(desk, key, model, fields, leave) if desk.testable else (None, None)
            served = kept("served", (key, model, fields, leave, without, length, user), lambda: (
                desk.serve(model, fields, user, length, leave, without)))
        setting = repr((model, fields, leave, without, length))
        earlier = desks.before(
            st.session_state, desks.Shown((key, user), setting, served.items, mine))
        if mine is None:
            st.info(_("Your events carry no usable time, or too little of it, so the lists can't "
                      "be tested on a later period. They are shown without a measure."))
        else:
            figures(desk, model, mine, base, earlier.quality if earlier else None)
        shopper(level, chosen, user, id, served, names, earlier)
    for_all(desk, key, model, fields, leave, length, without, names)
    if mine is not None and mine["users"]:
        proof(desk, model, mine, base, earlier.quality if earlier else None)
        final_check(desk, key, model, fields, leave)


level, chosen, key, desk = data()
if desk.empty:
    st.info(_("Nothing was viewed or bought here. Widen the filters."))
    st.stop()
if desk.left_out:
    widgets.note(wording.left_out(desk))
live(level, chosen, key, desk)
