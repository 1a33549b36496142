"""Forms keep what was typed, put mistakes beside their fields, and say them in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.http import QueryDict
from django.template import Context, Template

from lianxin.base.errors import Problem, Problems, Refused
from lianxin.ui.forms import Field, FieldType, Form, Option, field_of

from .samples import all_fields_form


@dataclass(frozen=True)
class AskedOption:
    code: str
    name: str


@dataclass(frozen=True)
class Question:
    """As a programme's file asks it."""

    code: str
    name: str
    type: str
    options: tuple[AskedOption, ...] = ()
    required: bool = False
    help: str = ""


FORM = Form(
    (
        Field(name="name", label="姓名"),
        Field(name="why", label="为什么", type=FieldType.CHOICES, options=(Option("a", "甲"), Option("b", "乙"))),
        Field(name="on", label="哪天", type=FieldType.DAY),
    )
)


def typed(query: str) -> Form:
    return FORM.bind(QueryDict(query))


def drawn(field: Field) -> str:
    return Template("{% load lianxin %}{% field field %}").render(Context({"field": field}))


def test_binding_keeps_what_was_typed_as_it_was_typed() -> None:
    form = typed("name=%E3%80%80张&why=b&why=a&why=c&on=2021.3.5")

    assert form.raw("name") == "　张"
    assert form.raws("why") == ("b", "a", "c")
    assert form.raw("on") == "2021.3.5"


def test_what_was_not_sent_is_empty_not_remembered() -> None:
    form = FORM.fill({"why": ["a"], "name": "李"}).bind(QueryDict("name="))

    assert (form.raw("name"), form.raws("why")) == ("", ())


def test_filling_takes_only_what_it_is_given() -> None:
    form = FORM.fill({"name": "李", "why": ("a", "b"), "unknown": "x"})

    assert (form.raws("name"), form.raws("why"), form.raws("on")) == (("李",), ("a", "b"), ())


def test_mistakes_stand_beside_their_fields_and_in_page_order() -> None:
    problems = Problems([Problem("on", "没有这一天。"), Problem("name", "请填姓名。"), Problem("", "这个月已封账。")])

    form = typed("name=").refuse(problems)

    assert form["name"].error == "请填姓名。"
    assert [(each.href, each.message) for each in form.mistakes] == [
        ("", "这个月已封账。"),
        ("#f-name", "请填姓名。"),
        ("#f-on", "没有这一天。"),
    ]


def test_a_mistake_in_an_unknown_field_is_still_said() -> None:
    form = FORM.refuse(Refused("这户已经搬走。", field="household"))

    assert form.errors == ("这户已经搬走。",)
    assert form.has_mistakes


def test_binding_again_forgets_old_mistakes_of_fields() -> None:
    form = FORM.refuse(Refused("请填姓名。", field="name")).bind(QueryDict("name=x"))

    assert form["name"].error == ""


def test_a_day_that_is_no_day_stays_readable_in_the_form() -> None:
    assert typed("on=2021-03-05")["on"].input_type == "date"
    assert typed("on=2021年12月41日")["on"].input_type == "text"
    assert "2021年12月41日" in drawn(typed("on=2021年12月41日")["on"])


def test_ids_are_made_of_names_with_dots() -> None:
    assert Field(name="four-musts.how many", label="").id == "f-four-musts-how-many"


def test_what_is_typed_is_escaped() -> None:
    page = drawn(Field(name="n", label="<b>", values=('"><script>x</script>',), error="<i>", help="<u>"))

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert all(tag not in page for tag in ("<b>", "<i>", "<u>"))


def test_a_secret_is_never_sent_back() -> None:
    assert "hunter2" not in drawn(Field(name="p", label="密码", type=FieldType.SECRET, values=("hunter2",)))


def test_help_and_mistake_are_tied_to_the_field() -> None:
    page = drawn(Field(name="n", label="姓名", error="请填姓名。", help="身份证上的"))

    assert 'aria-describedby="f-n-error f-n-help"' in page
    assert 'id="f-n-error"' in page
    assert 'id="f-n-help"' in page
    assert 'aria-invalid="true"' in page


def test_a_group_is_a_fieldset_with_its_question() -> None:
    page = drawn(FORM["why"])

    assert page.count("<fieldset") == 1
    assert page.count("<legend") == 1
    assert page.count('type="checkbox"') == 2


def test_chosen_options_come_back_checked() -> None:
    page = drawn(typed("why=b")["why"])

    assert page.index("checked") > page.index('value="b"')
    assert page.count("checked") == 1


def test_many_options_are_pulled_down() -> None:
    few = Field(name="t", label="镇街", type=FieldType.CHOICE, options=tuple(Option(str(n), str(n)) for n in range(8)))
    many = Field(name="t", label="镇街", type=FieldType.CHOICE, options=tuple(Option(str(n), str(n)) for n in range(9)))

    assert "<select" not in drawn(few)
    assert "<select" in drawn(many)


def test_known_data_is_shown_and_not_asked() -> None:
    page = drawn(Field(name="phone", label="电话", known="138 ···· 2764"))

    assert "已有数据，无需再填" in page
    assert "<details" in page
    assert " open" not in page


def test_known_data_with_a_mistake_is_opened() -> None:
    assert " open" in drawn(Field(name="phone", label="电话", known="138 ···· 2764", error="电话应有 11 位。"))


@pytest.mark.parametrize("kind", ["line", "note", "number", "people", "yuan", "day", "choice", "choices", "yes-no"])
def test_every_type_a_programme_may_name_can_be_asked(kind: str) -> None:
    question = Question("q", "问题", kind, (AskedOption("a", "甲"),), required=True, help="说明")

    field = field_of(question, prefix="care.")
    page = drawn(field)

    assert field.name == "care.q"
    assert 'name="care.q"' in page
    assert "问题" in page
    assert "必填" in page
    assert "说明" in page


def test_yes_no_offers_yes_and_no() -> None:
    field = field_of(Question("q", "问题", "yes-no"))

    assert [(each.value, each.label) for each in field.options] == [("yes", "是"), ("no", "否")]


def test_numbers_bring_up_a_number_keyboard_and_take_full_width_digits() -> None:
    page = drawn(Field(name="n", label="人数", type=FieldType.PEOPLE, values=("２",)))

    assert 'inputmode="numeric"' in page
    assert 'type="text"' in page
    assert "人</span>" in page


def test_the_summary_leads_to_each_field() -> None:
    form = all_fields_form()

    page = Template("{% load lianxin %}{% mistakes form %}").render(Context({"form": form}))

    assert "有 4 处要改" in page
    assert all(f'href="{each.href}"' in page for each in form.mistakes if each.href)
