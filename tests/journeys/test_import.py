"""An Excel ledger taken in and taken back in a browser: columns settled, a wrong row named, applied, undone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.register.models import Person
from tests.cast import Cast
from tests.exchange.tables import as_excel_keeps_it, head_filled_rest_blank, number_of
from tests.journeys.walking import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger() -> bytes:
    """Two households of five people, and a row whose ID number has lost its digits; one column has an odd name."""
    book = head_filled_rest_blank()
    book.active.append(("联丰村", "3组10号", "冯错", "冯错", "户主", 330402196001010000))
    book.active["D1"] = "大名"
    return as_excel_keeps_it(book)


def hand_in(page: Page) -> None:
    page.goto(reverse("imports"))
    page.get_by_role("link", name=re.compile("导入人员")).click()
    page.get_by_label("哪个文件").set_input_files({"name": "凤桥花名册.xlsx", "mimeType": XLSX, "buffer": ledger()})
    page.get_by_role("button", name="交上去看看").click()
    page.wait_for_url("**/columns/")


def people() -> int:
    return Person.objects.unscoped("test").count()


def test_a_ledger_is_taken_in_and_taken_back(cast: Cast, desk_page: Page) -> None:
    before = people()
    sign_in(desk_page, "cast.clerk")
    hand_in(desk_page)

    assert desk_page.get_by_label("身份证号").input_value() == "id_number"
    assert "孙阿妹" in desk_page.locator("main").inner_text()
    assert number_of("19600101", 1) not in desk_page.content()
    desk_page.get_by_label("大名").select_option(label="姓名")
    desk_page.get_by_role("button", name="开始读").click()
    apply = desk_page.get_by_role("button", name="导入这 5 行")
    apply.wait_for()
    assert "末几位已经丢失" in desk_page.locator("main").inner_text()
    assert people() == before
    apply.click()
    desk_page.get_by_text("导入好了：5 行").wait_for()
    assert people() == before + 5

    desk_page.goto(f"{reverse('households')}?q=孙阿妹")
    desk_page.get_by_role("link", name="钱大福家").wait_for()
    desk_page.goto(reverse("imports"))
    desk_page.get_by_role("link", name="凤桥花名册.xlsx").click()
    desk_page.get_by_role("link", name="整批撤销").click()
    desk_page.get_by_label("为什么撤销").fill("传错了文件")
    desk_page.get_by_role("button", name="整批撤销").click()
    desk_page.get_by_text("撤销原因：传错了文件").wait_for()
    desk_page.goto(f"{reverse('households')}?q=孙阿妹")
    desk_page.get_by_text("没有找到").wait_for()


def test_without_scripts_it_works_as_well(cast: Cast, chromium: Browser, live_server: LiveServer) -> None:
    before = people()
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    try:
        page = context.new_page()
        sign_in(page, "cast.clerk")
        hand_in(page)
        page.get_by_label("大名").select_option(label="姓名")
        page.get_by_role("button", name="开始读").click()
        page.get_by_role("button", name="接着做").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="导入这 5 行").click()
        page.get_by_text("导入好了：5 行").wait_for()
    finally:
        context.close()

    assert people() == before + 5


def test_the_template_can_be_filled_in_and_handed_in(cast: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(width=1440)
    sign_in(page, "cast.chair")
    page.goto(reverse("import-new", args=["households"]))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载模板").click()
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book.worksheets[0]
    sheet["C3"] = "冯模板"
    file = io.BytesIO()
    book.save(file)
    page.get_by_label("哪个文件").set_input_files({"name": "模板.xlsx", "mimeType": XLSX, "buffer": file.getvalue()})
    page.get_by_role("button", name="交上去看看").click()
    page.get_by_role("button", name="开始读").click()
    page.get_by_role("button", name="导入这 1 行").click()
    page.get_by_text("导入好了：1 行").wait_for()

    assert Person.objects.unscoped("test").filter(name="冯模板").count() == 1
