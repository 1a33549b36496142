"""The pages of cases, as a browser asks for them: taking in, the desk, the story, each step, the glass."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.audit.models import Entry
from lianxin.base.days import now, today
from lianxin.base.ids import new_id
from lianxin.kinds.cases.models import Case, Referral
from lianxin.kinds.cases.steps import Step
from lianxin.records.models import History, Opening
from tests.cases.town import case, step
from tests.cast import LIANFENG, Cast

pytestmark = pytest.mark.django_db


def page(cast: Cast, who: str, path: str, **asked: str) -> Any:
    client = Client()
    client.force_login(cast.accounts[who])
    return client.get(path, asked)


def post(cast: Cast, who: str, path: str, **typed: Any) -> Any:
    client = Client()
    client.force_login(cast.accounts[who])
    return client.post(path, typed)


def typed(**more: Any) -> dict[str, Any]:
    return {
        "id": new_id(), "is_asked": "yes", "ways": ["call"], "never": ["door"], "programme": "dispute",
        "matter": "couple", "source": "grid", "day": today().isoformat(), "gist": "为钱争吵", "heard": "他把工资都输了",
        "region": LIANFENG, "her_name": "周女士", "whereabouts": "城南三号 302",
    } | more  # fmt: skip


def kept() -> Case:
    return Case.objects.unscoped("test").get()


def test_a_case_is_taken_in_and_told_from_top_to_bottom(cast: Cast) -> None:
    answer = post(cast, "member", reverse("case-new"), **typed())

    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("case", args=[kept().key])
    told = page(cast, "member", answer.headers["Location"]).content.decode()
    for words in ("为钱争吵", "他把工资都输了", "待定级", "周女士", "快速离开", "示例member", "强制报告"):
        assert words in told
    assert "城南三号" not in told
    assert "上门" in told  # among what must never be done


def test_without_asking_how_she_is_reached_nothing_is_kept_and_nothing_typed_is_lost(cast: Cast) -> None:
    answer = post(cast, "member", reverse("case-new"), **typed(is_asked="no"))

    assert answer.status_code == 400
    said = answer.content.decode()
    assert "请先问怎样联系她才安全" in said
    assert "他把工资都输了" in said
    assert not Case.objects.unscoped("test").exists()


def test_the_form_finds_a_household(cast: Cast) -> None:
    found = post(cast, "member", reverse("case-new"), **typed(find="household", **{"household-find": "zgy"}))

    assert cast.households[LIANFENG][0] in found.content.decode()
    answer = post(cast, "member", reverse("case-new"), **typed(household=cast.households[LIANFENG][0], region=""))
    assert answer.status_code == 302
    assert kept().household == cast.households[LIANFENG][0]


def test_the_desk_counts_what_is_late_for_the_reader_alone(cast: Cast) -> None:
    case(cast)

    assert "超期 1 件" in page(cast, "member", reverse("cases")).content.decode()
    assert "超期 1 件" in page(cast, "clerk", reverse("cases")).content.decode()
    chair = page(cast, "chair", reverse("cases")).content.decode()
    assert "超期 0 件" in chair
    assert "夫妻为钱争吵" not in chair


def take(cast: Cast, who: str, act: str, **asked: Any) -> Any:
    row = kept()
    return post(cast, who, reverse("case-step", args=[row.key, act]), base=str(row.revision), **asked)


def test_a_case_goes_its_way_through_the_forms(cast: Cast) -> None:
    case(cast)

    assert take(cast, "member", "triage", colour="yellow", note="推搡过一次").status_code == 302
    assert take(cast, "member", "contact", mode="call", is_met="yes", note="她说还好").status_code == 302
    assert take(cast, "member", "refer", to="司法所", until="2030-01-01", note="请讲一次法律").status_code == 302
    assert take(cast, "member", "close-ask", outcome="agreed", note="写了协议").status_code == 302
    assert take(cast, "member", "close", note="自己审").status_code == 404  # not offered to who asked
    assert take(cast, "clerk", "close", note="看过").status_code == 302
    assert take(cast, "member", "revisit", mode="call", note="都好").status_code == 302
    assert kept().stage == "closed"
    assert kept().reviewer == cast.accounts["clerk"].pk


def test_what_may_not_follow_is_said_at_its_question(cast: Cast) -> None:
    case(cast, safety={"is_asked": "yes", "never": ["call"]})

    wrong = take(cast, "member", "contact", mode="call", is_met="yes", note="打过去了")

    assert wrong.status_code == 400
    assert "不要用这种办法" in wrong.content.decode()
    assert "打过去了" in wrong.content.decode()


def test_violence_is_never_offered_mediation(cast: Cast) -> None:
    record = case(cast, programme="violence", matter="violence")

    told = page(cast, "member", reverse("case", args=[record.key])).content.decode()

    assert "不劝和" in told
    assert reverse("case-step", args=[record.key, "session"]) not in told
    assert page(cast, "member", reverse("case-step", args=[record.key, "session"])).status_code == 404
    served = page(cast, "member", reverse("case-step", args=[record.key, "service"])).content.decode()
    assert "家庭调解" not in served


def test_harm_to_a_child_is_reported_from_every_form_and_weighed_gravest(cast: Cast) -> None:
    record = case(cast)
    for path in (reverse("case-new"), reverse("case-step", args=[record.key, "contact"]), reverse("cases")):
        assert reverse("report-harm") in page(cast, "member", path).content.decode()
    Case.objects.unscoped("test").get(key=record.key)

    answer = post(
        cast, "member", reverse("report-harm"), id=new_id(), codes=["wounds"], to="凤桥派出所", region=LIANFENG,
        day=today().isoformat(), heard="手臂上有好几处旧伤",
    )  # fmt: skip

    assert answer.status_code == 302
    harm = Case.objects.unscoped("test").exclude(key=record.key).get()
    assert (harm.programme, harm.colour, harm.stage) == ("minor-protection", "red", "working")


def test_the_glass_is_broken_and_the_supervisor_says_that_she_has_seen_it(cast: Cast) -> None:
    record = case(cast)
    number = kept().number
    path = reverse("case-glass")

    assert post(cast, "chair", path, number="2021-NOTTHERE", because="派出所来电，人在门口").status_code == 400
    answer = post(cast, "chair", path, number=number, because="派出所来电，人在门口，要看约定")
    assert answer.status_code == 302
    assert page(cast, "chair", answer.headers["Location"]).status_code == 200

    assert "人在门口" in page(cast, "clerk", reverse("cases")).content.decode()
    assert "人在门口" in page(cast, "member", reverse("case", args=[record.key])).content.decode()
    post(cast, "clerk", reverse("case-glass-seen"))
    assert Opening.objects.unscoped("test").get().seen_by_account == cast.accounts["clerk"].pk
    assert "人在门口" not in page(cast, "clerk", reverse("cases")).content.decode()


@pytest.mark.parametrize("act", list(Step))
def test_every_step_has_a_form_or_is_not_there(cast: Cast, act: Step) -> None:
    record = case(cast)
    step(cast, record, "member", "triage", colour="blue", note="口角")

    assert page(cast, "clerk", reverse("case-step", args=[record.key, act.value])).status_code in (200, 404)


def test_no_page_asks_more_than_fifteen_questions_however_much_there_is(cast: Cast) -> None:
    record = case(cast)
    counts: dict[str, list[int]] = {}
    client = Client()
    client.force_login(cast.accounts["clerk"])
    for _ in range(2):
        for name, path in (
            ("desk", reverse("cases")),
            ("list", reverse("cases-list")),
            ("one", reverse("case", args=[record.key])),
            ("new", reverse("case-new")),
            ("step", reverse("case-step", args=[record.key, "contact"])),
        ):
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            # A transaction's beginning and end ask nothing.
            asks = [each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
            counts.setdefault(name, []).append(len(asks))
        step(cast, record, "member", "conference", note="派出所、司法所来了", at=now())
        step(cast, record, "member", "contact", mode="call", is_met=True, note="见到", at=now())
        case(cast)

    assert max(max(each) for each in counts.values()) <= 15, counts
    assert counts["desk"][0] == counts["desk"][1], counts


def test_the_form_of_a_visit_leads_to_the_report_as_well(cast: Cast) -> None:
    form = page(cast, "member", reverse("visit-record", args=["household", cast.households[LIANFENG][0]]))

    assert reverse("report-harm") in form.content.decode()


def test_the_scheme_proposes_with_reasons_and_a_person_decides(cast: Cast) -> None:
    record = case(cast)
    path = reverse("case-step", args=[record.key, "triage"])
    said = {"factor.injury": "yes", "factor.weapon": "no", "base": "1", "note": ""}

    asked = post(cast, "member", path, propose="yes", **said).content.decode()
    assert "系统提议" in asked
    assert "有人受了伤" in asked
    assert kept().colour == ""

    assert post(cast, "member", path, **said | {"colour": "red", "note": "手臂有伤"}).status_code == 302
    assert kept().colour == "red"
    told = page(cast, "member", reverse("case", args=[record.key])).content.decode()
    assert "定级：有人受了伤" in told


def test_what_is_sealed_is_looked_at_for_a_reason_that_stays_in_the_story(cast: Cast) -> None:
    post(cast, "member", reverse("case-new"), **typed())
    path = reverse("case-look", args=[kept().key, "whereabouts"])

    assert post(cast, "member", path, base=str(kept().revision), note="").status_code == 400
    shown = post(cast, "member", path, base=str(kept().revision), note="约好送孩子的书包").content.decode()
    assert "城南三号 302" in shown
    story = page(cast, "clerk", reverse("case", args=[kept().key])).content.decode()
    assert "看了现在的住处" in story
    assert "约好送孩子的书包" in story
    assert "城南三号" not in story
    assert page(cast, "chair", path).status_code == 404


def test_what_is_sealed_stands_nowhere_in_plain(cast: Cast) -> None:
    post(cast, "member", reverse("case-new"), **typed(safe_number="娘家 8234"))

    rows = [str(row) for row in History.objects.unscoped("test").values_list("values", flat=True)]
    assert rows
    assert not any("城南三号" in row or "娘家 8234" in row for row in rows)


def test_another_body_sees_its_paragraph_and_answers_and_nothing_more(cast: Cast) -> None:
    record = case(cast)
    step(cast, record, "member", "triage", colour="blue", note="口角")
    ours = cast.actor("partner").organisation
    step(cast, record, "member", "refer", organisation=ours, until="2030-01-01", note="请安排一次法律咨询")
    line = Referral.objects.unscoped("test").get().line

    wanted = page(cast, "partner", reverse("referred")).content.decode()
    assert "请安排一次法律咨询" in wanted
    assert "夫妻为钱争吵" not in wanted
    assert page(cast, "partner", reverse("case", args=[record.key])).status_code == 403
    answer = reverse("referral-answer", args=[line])
    assert post(cast, "partner", answer, answer="done", note="讲过了").status_code == 302
    assert Referral.objects.unscoped("test").get().answer == "done"
    assert post(cast, "partner", answer, answer="rejected", note="又退").status_code == 400
    told = page(cast, "member", reverse("case", args=[record.key])).content.decode()
    assert "讲过了" in told
    assert "示例partner" in told


def test_two_cases_of_one_household_are_joined_and_taken_apart_by_a_person(cast: Cast) -> None:
    first, second = case(cast), case(cast)
    told = page(cast, "member", reverse("case", args=[second.key])).content.decode()
    assert Case.objects.unscoped("test").get(key=first.key).number in told
    path = reverse("case-step", args=[second.key, "join"])

    assert post(cast, "member", path, base="1", case=new_id(), note="同一晚").status_code == 400
    assert post(cast, "member", path, base="1", case=first.key, note="同一晚").status_code == 302
    assert Case.objects.unscoped("test").get(key=second.key).stage == "joined"
    apart = reverse("case-step", args=[second.key, "apart"])
    assert post(cast, "member", apart, base="2", note="是隔壁那家").status_code == 302
    assert Case.objects.unscoped("test").get(key=second.key).stage == "reported"


def test_every_look_at_a_case_stands_in_the_access_log(cast: Cast) -> None:
    record = case(cast)
    page(cast, "clerk", reverse("case", args=[record.key]))
    page(cast, "chair", reverse("case", args=[record.key]))

    looked = Entry.objects.unscoped("test").filter(key=record.key).order_by("no")
    assert list(looked.values_list("by", "act")) == [(cast.accounts["clerk"].pk, "view")]

    post(cast, "chair", reverse("case-glass"), number=kept().number, because="派出所来电，人在门口，要看约定")
    assert looked.filter(by=cast.accounts["chair"].pk, what="glass").count() == 1


def test_a_ledger_of_cases_leaves_by_a_supervisor_s_hand_and_says_nothing_of_the_matter(cast: Cast) -> None:
    case(cast)
    path = reverse("cases-export")

    assert page(cast, "chair", path).status_code == 403
    answer = post(cast, "clerk", path, because="和矛调中心核对件数")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)), read_only=True)
    text = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert kept().number in text
    assert "夫妻" not in text
    assert "张桂英" not in text
