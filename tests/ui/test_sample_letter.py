"""The sample's letter on the Data page: one click, and graduation and dropout are compared."""

from tests.ui.test_pages import app, fine, shown


def test_the_targets_of_the_sample_letter_are_one_click_away():
    at = app(data="sample")
    at.run()
    page = fine(at.switch_page("pages/data.py").run())
    fine(page.button(key="sample_letter").click().run())
    assert not any(one.key == "sample_letter" for one in page.button)
    assert "sample letter (2024-25) are in use" in shown(page)
