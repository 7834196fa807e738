"""Are my data good enough to place LEAs?"""

from __future__ import annotations

from ui.shared import frame

frame.enter("data")

from ui.data import file_panels, questions, result_panels, steps  # noqa: E402
from ui.data.steps import Step  # noqa: E402
from ui.shared import results  # noqa: E402

view = results.view()
asked = questions.cards(view)
step = steps.now(view, asked)
steps.stay(step)
steps.rail(view, step, asked)
file_panels.refused()
if view is None or step is Step.FILE:
    file_panels.show(view)
elif step is Step.QUESTIONS:
    questions.show(view, asked)
else:
    result_panels.show(view, asked)
