"""The specimen in a browser: accessible, in the thumb's reach, nothing cut; forms go once and keep what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "components",
    "visits",
    "record",
    "visit",
    "figure",
    "report",
    "help",
    "user",
    "sign-in?wrong",
    "lost",
    "paper",
)
LOOKS = {
    "light": "theme=light",
    "dark": "theme=dark",
    "elder": "theme=light&elder=1",
    "elder-dark": "theme=dark&elder=1",
}
View = Callable[..., "Page"]

# Whatever a finger aims at. Links inside a sentence are exempt (WCAG 2.5.8), so are inputs whose label is the target.
TARGETS = """least => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, label:has(input)')]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.closest('.skip, .vh, dialog'))
  .filter(each => !(each.matches('input') && each.closest('label')))
  .filter(each => !(each.matches('a') && getComputedStyle(each).display === 'inline'))
  .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """[...document.querySelectorAll('h1, h2, h3, p, b, span, a, button, th, td, dt, dd, label, small')]
  .filter(each => each.checkVisibility() && !each.closest('.vh, .skip, thead, .chips'))
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([each, box]) => box.width && (box.right > innerWidth + 1 || box.left < -1))
  .map(([each]) => each.outerHTML.slice(0, 90))"""


def findings(page: Page) -> list[str]:
    report: dict[str, Any] = Axe().run(page).response
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in report["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def each_page(view: View, *, width: int, look: str) -> Iterator[tuple[str, Page]]:
    """Every page of the specimen, one after the other in one window."""
    page = view("health", width=width)
    for path in PAGES:
        page.goto(f"/{path}{'&' if '?' in path else '?'}{LOOKS[look]}")
        yield path, page


@pytest.mark.parametrize(("look", "width"), [("light", 360), ("dark", 1440), ("elder", 1440), ("elder-dark", 360)])
def test_no_serious_findings_of_axe(view: View, look: str, width: int) -> None:
    found = [f"{path}: {each}" for path, page in each_page(view, width=width, look=look) for each in findings(page)]

    assert found == []


def test_axe_does_find_what_is_wrong(view: View) -> None:
    page = view("visits")
    page.evaluate("document.querySelector('.tapicon.is-find, .me').replaceChildren()")
    page.evaluate("document.querySelector('.search button').replaceChildren()")

    assert any(each.startswith("button-name") for each in findings(page))


@pytest.mark.parametrize(("look", "least"), [("light", 44), ("elder", 60)])
def test_targets_are_large_enough_for_a_finger(view: View, look: str, least: int) -> None:
    pages = each_page(view, width=360, look=look)

    assert [f"{path}: {each}" for path, page in pages for each in page.evaluate(TARGETS, least)] == []


@pytest.mark.parametrize("look", ["light", "elder"])
def test_nothing_is_cut_or_wider_than_the_screen(view: View, look: str) -> None:
    wrong: list[str] = []

    for path, page in each_page(view, width=360, look=look):
        for width in (360, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            wider, cut = page.evaluate(WIDER), page.evaluate(CUT)
            wrong += [f"{path} {width}: {wider} px"] if wider > 0 else []
            wrong += [f"{path} {width}: {each}" for each in cut]

    assert wrong == []


def test_the_system_may_ask_for_dark(view: View) -> None:
    page = view("visits", look="theme=auto")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.emulate_media(color_scheme="dark")

    assert light == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 19, 21)"


def test_who_chose_light_keeps_it_in_the_dark(view: View) -> None:
    page = view("visits", look="theme=light")

    page.emulate_media(color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_paper_is_light_and_without_navigation(view: View) -> None:
    page = view("visits", look="theme=dark")

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".mast").is_visible()
    assert page.locator(".print-head").is_visible()
    page.set_viewport_size({"width": 658, "height": 900})  # what an A4 sheet leaves between its margins
    assert page.evaluate("getComputedStyle(document.querySelector('table.rows tbody tr')).display") == "table-row"


def test_keyboard_focus_can_be_seen_and_begins_with_the_skip_link(view: View) -> None:
    page = view("visits")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    for _ in range(4):
        page.keyboard.press("Tab")

    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_htmx_came_up_without_its_own_styles(view: View) -> None:
    page = view("visits")

    assert page.evaluate(
        "[htmx.config.includeIndicatorStyles, htmx.config.allowEval, htmx.config.historyCacheSize]"
    ) == [
        False,
        False,
        0,
    ]
    assert page.evaluate("document.querySelectorAll('style').length") == 0


def test_the_list_follows_without_a_new_page(view: View) -> None:
    page = view("visits")
    page.evaluate("window.isSamePage = true")

    with page.expect_response(lambda answer: "网格" not in answer.url and "before=01H" in answer.url):
        page.get_by_role("link", name="更早的").click()
    page.wait_for_url("**before=01H**")

    assert page.evaluate("window.isSamePage")
    assert page.locator("#list table").is_visible()


def test_a_second_click_on_save_does_nothing(view: View) -> None:
    page = view("record", width=360)
    # The page stays, as it does while a bad network answers; `sent` is what would have gone.
    page.evaluate("""() => {
        window.sent = [];
        window.addEventListener('submit', (event) => {
            window.sent.push(event.defaultPrevented ? 'held back' : 'gone');
            event.preventDefault();
        });
    }""")

    page.get_by_role("button", name="保存走访").click()
    page.wait_for_function("() => document.querySelector('.dock button').disabled")
    page.evaluate("document.getElementById('form').requestSubmit()")

    assert page.evaluate("window.sent") == ["gone", "held back"]
    assert page.locator(".dock button").get_attribute("aria-busy") == "true"


def test_what_was_typed_comes_back_with_the_mistake(view: View) -> None:
    page = view("record", width=360)
    page.get_by_label("听到什么").fill("孩子放学没人接，<b>天黑得早</b>。")

    page.get_by_role("button", name="保存走访").click()
    page.wait_for_selector("#mistakes")

    assert page.get_by_label("听到什么").input_value() == "孩子放学没人接，<b>天黑得早</b>。"
    assert page.evaluate("document.activeElement.id") == "mistakes"
    page.get_by_role("link", name="日期不能晚于今天").click()
    assert page.evaluate("document.activeElement.id") == "f-next_on"


def test_without_script_the_form_works_all_the_same(view: View) -> None:
    page = view("record", width=360, script=False)
    page.get_by_label("听到什么").fill("腰疼。")

    page.get_by_role("button", name="保存走访").click()

    assert page.locator("#mistakes").is_visible()
    assert page.get_by_label("听到什么").input_value() == "腰疼。"


def test_a_draft_is_kept_a_moment_after_typing(view: View) -> None:
    page = view("record", width=360)

    with page.expect_request("**/draft") as kept:
        page.get_by_label("听到什么").type("又")
    page.wait_for_function("() => document.getElementById('draft-state').textContent.startsWith('草稿已存')")

    assert "heard=" in (kept.value.post_data or "")
    assert kept.value.headers["x-csrftoken"]


def test_a_lost_network_is_said_and_tried_again(view: View) -> None:
    page = view("record", width=360)
    page.context.set_offline(True)
    page.get_by_label("听到什么").type("又")
    page.wait_for_function("() => document.getElementById('draft-state').textContent.includes('还没存上')")

    page.context.set_offline(False)

    page.wait_for_function("() => document.getElementById('draft-state').textContent.startsWith('草稿已存')")


def test_characters_are_counted_as_people_count_them(view: View) -> None:
    page = view("components")
    counter = page.locator("[data-counts=f-heard]")

    page.locator("#f-heard").fill("三个字👵🏻")  # an emoji of two code points

    assert counter.text_content() == "5 字"
    page.locator("#f-heard").fill("多" * 5001)
    assert counter.text_content() == "5001 字，超出 1 字"


def test_a_grave_step_is_asked_about_first(view: View) -> None:
    page = view("visit")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    page.get_by_role("button", name="撤回").click()
    assert page.get_by_role("dialog", name="撤回这次走访？").is_visible()
    page.get_by_role("button", name="先不了").click()
    assert posts == []

    page.get_by_role("button", name="撤回").first.click()
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("dialog").get_by_role("button", name="撤回").click()
    assert len(posts) == 1


def test_the_thread_of_a_form_fills_as_it_is_answered(view: View) -> None:
    page = view("record", width=360)
    knot = "getComputedStyle(document.querySelectorAll('.step')[6], '::after').backgroundColor"
    hollow = page.evaluate(knot)

    page.get_by_label("见到几位妇女儿童").fill("2")
    page.get_by_label("听到什么").focus()

    assert hollow == "rgb(255, 255, 255)"
    assert page.evaluate(knot) == "rgb(126, 42, 83)"


def test_hits_come_while_one_types_initials(view: View) -> None:
    page = view("record", width=360)

    with page.expect_response("**/hits?**") as answered:
        page.get_by_role("searchbox").fill("zg")
    page.wait_for_function("() => document.querySelectorAll('#f-subject-hits .pick').length === 1")

    assert "field=subject" in answered.value.url


def test_a_table_stays_a_table_for_screen_readers_on_a_phone(view: View) -> None:
    page = view("visits", width=360)

    assert page.get_by_role("table", name="走访记录").get_by_role("row").count() == 5
    assert page.get_by_role("rowheader").first.inner_text().split() == ["张桂英", "3", "组", "17", "号"]
    assert page.get_by_role("columnheader", name="听到").count() == 1
