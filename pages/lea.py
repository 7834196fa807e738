"""Why is this LEA here, and how sure is that?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from cim_core.words.messages import HowMany
from ui.shared import frame

frame.enter("lea")

from cim_core.why import percentile_steps  # noqa: E402
from ui.lea import (  # noqa: E402
    certainty_panels,
    disproportionality_panels,
    in_year_panels,
    lea_panels,
    lea_picker,
    margin_panels,
    peers_panels,
)
from ui.letters import reconcile_panels  # noqa: E402
from ui.movement import movement_panels  # noqa: E402
from ui.shared import explained, html_parts, lag_strip, letter_panels, tables  # noqa: E402
from ui.shared.words_on_screen import gate, md, t  # noqa: E402

view = frame.need_data()
row = lea_picker.pick(view)
if row is None:
    st.stop()
view = view.around(row)
placements = view.placements
why = explained.explanation(view, row)

st.title(md(why.lea_name), anchor=False)
letter_panels.badge(view, row)
if not letter_panels.has_letter(view, row):
    html_parts.lead(gate().say(why.headline))
st.markdown(md(gate().say(why.sentences[0])))
html_parts.notes([*(gate().say(one) for one in why.beside), *html_parts.baseline(view, row)])

st.header(t("lea.ladder"), anchor=False)
st.caption(t("lea.ladder_help"))
html_parts.ladder(why)

more = [sentence for sentence in why.sentences[1:] if sentence not in why.beside]
with st.expander(t("lea.more_words", n=HowMany(len(more)))):
    for sentence in more:
        st.markdown("- " + md(gate().say(sentence)))

in_progress = placements.dataset.in_progress[row]
if in_progress:
    in_year_panels.counts(view, row)
else:
    reconcile_panels.unexplained_lea(view, row)
    margin_panels.missed(view, row, why)
    margin_panels.moves(view, row)
    certainty_panels.how_sure(view, row)
    movement_panels.since_last_year(view, row)
    margin_panels.edges(view, row)
in_year_panels.enter(view, row)

with st.expander(lea_panels.all_finding(view, row)):
    lea_panels.strips(view, row, why)
    everything = [one for one in why.indicators if one.rate is not None or one.element]
    margin_panels.all_indicators(view, row, everything)

disproportionality_panels.disproportionality(view, row)
if not in_progress:
    peers_panels.peers(view, row)

for evaluation in placements.percentiles:
    lines_of_steps = percentile_steps.steps(placements, row, evaluation)
    if lines_of_steps:
        with st.expander(lea_panels.percentile_finding(view, row, evaluation)):
            st.caption(t("lea.percentile_help"))
            head, lines = tables.steps(lines_of_steps)
            html_parts.table(head, lines, range(1, len(head)))

with st.expander(lea_panels.years_finding(view, why.lea_code)):
    head, lines = tables.years(placements, why.lea_code)
    html_parts.table(head, lines, range(1, len(head)))

with st.expander(lea_panels.support_finding(why)):
    html_parts.support(why)
    st.markdown(t("lea.resources"))

st.download_button(
    t("lea.download"),
    partial(lea_panels.download, view, row),
    file_name=f"why_{why.lea_code}_{why.year}.csv",
    mime="text/csv",
    key="lea_export",
)
lag_strip.strip(view, (row,))
