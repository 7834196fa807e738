"""Starts everything: the server around the pages, and for each visit settings, navigation, the bar on top.

`streamlit run app.py` imports this module for the server (`app`), and runs it as a script for each visit.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st


def visit() -> None:
    """One run of the script: the page that was asked for, between what surrounds every page."""
    from ui.shared import serving

    serving.wait_for_imports()
    from ui.shared import frame, header, identity, last_resort
    from ui.shared.words_on_screen import t

    icon = None if identity.current() is None else str(Path(__file__).parent / "ui" / "shared" / "icon.png")
    st.set_page_config(page_title=t("app.title"), page_icon=icon, layout="wide")
    if identity.current() is None:
        title = t("access.form")
        form = st.Page("pages/signin.py", title=title, url_path="signin")
        first = st.Page(frame.to_sign_in, title=title, url_path="home", default=True)
        with last_resort.told():
            frame.undressed()
            st.navigation([first, form], position="hidden").run()
        return
    chosen_page = st.navigation(
        [
            st.Page("pages/start.py", title=t(header.PAGES["start"]), url_path="home", default=True),
            st.Page(frame.to_start, title=t(header.PAGES["start"]), url_path="start"),
            *(
                st.Page(f"pages/{name}.py", title=t(title), url_path=name)
                for name, title in (header.PAGES | header.BEHIND).items()
                if name != "start"
            ),
        ],
        position="hidden",
    )
    with last_resort.told():
        frame.begin()
        header.bar(chosen_page.url_path or "start")
        chosen_page.run()
    frame.warm_up()


def failed(error: Exception) -> bool:
    """What fails outside of `visit`, such as a button's own action."""
    from ui.shared import last_resort

    return last_resort.show(error)


if __name__ == "__main__":
    visit()
elif __name__ != "__mp_main__":  # so it is called where a process that reads files is started
    from ui.shared import serving

    serving.only_here()
    app = st.App(__file__, middleware=serving.MIDDLEWARE, lifespan=serving.around, on_script_error=failed)
