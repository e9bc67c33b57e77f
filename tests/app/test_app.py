"""The page: it renders, steps, rebuilds, and keeps the last good run. Needs the extra `app`."""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

if importlib.util.find_spec("solara") is None:
    pytest.skip("needs the extra 'app' (solara)", allow_module_level=True)

with warnings.catch_warnings():
    # The libraries of the extra warn of each other's old ways when they are imported.
    warnings.simplefilter("ignore")
    import ipyvuetify as v
    import solara

    from sim.app import Watch

from small_case import small_case

pytestmark = pytest.mark.filterwarnings("default")
PATIENCE_S = 30.0


class Page:
    """A rendered page, and what a reader would do with it."""

    def __init__(self, box: Any, rendered: Any) -> None:
        self.box, self.rendered = box, rendered

    def text(self) -> str:
        """All words on the page."""
        found = self.rendered.find(solara.widgets.HTML).widgets
        errors = [str(child) for alert in self.rendered.find(v.Alert).widgets for child in alert.children]
        words = [text for widget in found if "base64" not in (text := str(widget.unsafe_innerHTML))]
        return " ".join(words + errors)

    def until(self, holds: Callable[[str], bool]) -> str:
        """Wait until the words on the page are as they should be."""
        ends = time.monotonic() + PATIENCE_S
        while not holds(text := self.text()):
            assert time.monotonic() < ends, text[-2000:]
            time.sleep(0.05)
        return text

    def press(self, name: str) -> None:
        """Press a button."""
        (button,) = [b for b in self.rendered.find(v.Btn).widgets if name in b.children]
        button.click()

    def fill(self, label: str, value: Any) -> None:
        """Put a value into a field."""
        kind = v.Select if label == "Arm" else v.TextField
        (field,) = [f for f in self.rendered.find(kind).widgets if f.label == label]
        field.v_model = value
        if kind is v.TextField:
            field.fire_event("keyup.enter", None)


@pytest.fixture
def page() -> Iterator[Page]:
    """The small case, shown as in a notebook: without a server."""
    box, rendered = solara.render(Watch(small_case()), handle_error=False)
    shown = Page(box, rendered)
    shown.until(lambda text: "Minute 0 " in text)
    yield shown
    rendered.close()


def test_it_renders_and_steps(page: Page) -> None:
    page.press("Step")
    assert "sets out" in page.until(lambda text: "Minute 10 " in text)
    page.press("Next event")
    page.until(lambda text: "nothing yet" not in text)
    page.press("To the end")
    page.until(lambda text: "The group was" in text or "The group reached" in text)
    page.press("Reset")
    assert "nothing yet" in page.until(lambda text: "Minute 0 " in text)


def test_it_plays_and_pauses(page: Page) -> None:
    page.press("Play")
    page.until(lambda text: "Minute 20 " in text or "Minute 30 " in text)
    page.press("Pause")
    page.press("Reset")
    page.until(lambda text: "Minute 0 " in text)


def test_another_arm_is_another_run(page: Page) -> None:
    page.press("Step")
    page.until(lambda text: "Minute 10 " in text)
    page.fill("Arm", "without")
    page.until(lambda text: "does not stand in this arm" in text and "Minute 0 " in text)


def test_a_refused_value_keeps_the_last_good_run(page: Page) -> None:
    page.press("Step")
    page.until(lambda text: "Minute 10 " in text)
    page.fill("Outpost, km north", "5.0")
    assert "Minute 10 " in page.until(lambda text: "stands in the water" in text)
    page.fill("Outpost, km north", "6.5")
    page.until(lambda text: "stands in the water" not in text)
