"""Why is this LEA here, and how sure is that?"""

from __future__ import annotations

import streamlit as st

from ui import frame

frame.enter("lea")

from cim_core import export, percentile_steps, summary  # noqa: E402
from cim_core.explanation import explain  # noqa: E402
from cim_core.placement import Result  # noqa: E402
from ui import charts, lea_picker, pieces, tables  # noqa: E402
from ui.say import gate, md, t  # noqa: E402

view = frame.need_data()
row = lea_picker.pick(view)
if row is None:
    st.stop()
placements = view.placements
why = explain(placements, row)

st.title(md(why.lea_name), anchor=False)
pieces.lead(gate().say(why.headline))
pieces.notes([*(gate().say(one) for one in why.beside), *pieces.baseline(view, row)])

st.header(t("lea.ladder"), anchor=False)
st.caption(t("lea.ladder_help"))
pieces.ladder(why)

st.header(t("lea.in_words"), anchor=False)
for sentence in why.sentences[:2]:
    st.markdown(md(gate().say(sentence)))
more = [sentence for sentence in why.sentences[2:] if sentence not in why.beside]
if more:
    with st.expander(t("lea.more_words", n=len(more))):
        for sentence in more:
            st.markdown("- " + md(gate().say(sentence)))

st.header(t("lea.support"), anchor=False)
pieces.support(why)
st.markdown(t("lea.resources"))

missed = [one for one in why.indicators if one.element and one.result is Result.MISSED]
compared = [one for one in why.indicators if one.difference is not None and one.indicator.has_numerator]
compared.sort(key=lambda one: one.difference.value if one.difference else 0)
counted = int(placements.counted[row])
if missed:
    st.header(t("lea.missed_title", n=len(missed)), anchor=False)
    pieces.table(tables.indicator_head(), tables.indicator_rows(missed), tables.INDICATOR_NUMBERS)
elif counted:
    st.markdown(t("lea.met_title", n=counted))
else:
    st.header(t("lea.nothing_counted_title"), anchor=False)
    st.markdown(t("lea.nothing_counted"))

if compared:
    st.header(t("lea.strips"), anchor=False)
    others = [other for other in summary.region(placements, view.year).rows if other != row][:60]
    kind = "lea.strips_alt" if others else "lea.strips_alt_alone"
    finding = t(kind, lea=why.lea_name, missed=len(missed), n=len(compared))
    st.markdown(md(finding))
    figure = charts.strips(placements, why, others, compared)
    with st.container(key="strips"):
        st.plotly_chart(figure, config=pieces.CONFIG, alt=finding, key="strips_chart")

with st.expander(t("lea.all_indicators")):
    everything = [one for one in why.indicators if one.rate is not None or one.element]
    read_from = tables.with_origins(placements.dataset, row, everything)
    pieces.table([*tables.indicator_head(), t("head.origin")], read_from, tables.INDICATOR_NUMBERS)

for evaluation, ranked in placements.percentiles.items():
    lines_of_steps = percentile_steps.steps(placements, row, evaluation)
    if lines_of_steps:
        with st.expander(t("lea.percentile", evaluation=ranked.evaluation.title)):
            st.caption(t("lea.percentile_help"))
            head, lines = tables.steps(lines_of_steps)
            pieces.table(head, lines, range(1, len(head)))

with st.expander(t("lea.years")):
    head, lines = tables.years(placements, why.lea_code)
    pieces.table(head, lines, range(1, len(head)))

st.download_button(
    t("lea.download"),
    export.csv_text(export.why_rows(placements, row, gate())).encode("utf-8-sig"),
    file_name=f"why_{why.lea_code}_{why.year}.csv",
    mime="text/csv",
    key="lea_export",
)
