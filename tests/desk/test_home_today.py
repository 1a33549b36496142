"""今天: what each role finds on her first page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day, today
from lianxin.base.ids import new_id
from lianxin.kinds.visits.actions import withdraw_visit
from lianxin.net.accounts import reset_password
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind
from lianxin.net.signin import WITH_CODE
from lianxin.outreach.complaints import ComplaintDraft, submit_complaint
from lianxin.records.models import Record
from lianxin.records.saved import forget_typed, keep_typed
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.register.queries import household_card
from tests.cast import LIANFENG, ROLES, SANXING, YONGLI, Cast

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def visit(cast: Cast, who: str, subject: str, day: dt.date, **values: Any) -> Record:
    """A visit recorded now, as the page that is looked at knows no other day."""
    return cast.visit(who, at=now(), subject=subject, day=day.isoformat(), **values)


@pytest.fixture(autouse=True)
def _nothing_is_switched_off(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def home(client: Client, cast: Cast, who: str) -> str:
    client.force_login(cast.accounts[who])
    session = client.session
    session[WITH_CODE] = True
    session.save()
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def text(page: str) -> str:
    """What is read, without tags."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page.split("<main", 1)[1]))


def titles(page: str) -> list[str]:
    """The knots of the plan, in order."""
    plan = re.search(r'<ol class="plan".*?</ol>', page)
    found = re.findall(r"<h3>(?:<a[^>]*>)?([^<]+)", plan[0]) if plan else []
    return [title.strip() for title in found]


def difficulty(words: str, state: str = "found", **days: str) -> dict[str, str]:
    return {"id": new_id(), "text": words, "category": "", "state": state, **days}


# ── everybody ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", sorted(ROLES))
def test_every_role_finds_a_home_with_something_on_it(client: Client, cast: Cast, who: str) -> None:
    page = home(client, cast, who)

    assert "<h1>" in page
    assert f'href="{reverse("help")}"' in page
    assert len(text(page)) > 60


def test_the_navigation_shows_the_rooms_of_the_role(client: Client, cast: Cast) -> None:
    def rooms(who: str) -> list[str]:
        nav = re.search(r'<nav class="rooms".*?</nav>', home(client, cast, who))
        assert nav
        return re.findall(r">([^<\s]+)</a>", nav[0])

    assert rooms("member") == ["今天", "走访", "个案", "人家", "数字", "报告"]
    assert rooms("leader") == ["今天", "走访", "数字", "报告"]
    assert rooms("partner") == ["今天", "请办", "数字"]
    assert rooms("administrator") == rooms("security") == ["今天", "账号"]


def test_the_masthead_says_whose_desk_it_is(client: Client, cast: Cast) -> None:
    assert "<span>联丰村妇联</span>" in home(client, cast, "member")
    assert "<span>凤桥镇妇联</span>" in home(client, cast, "clerk")
    assert "<span>南湖区妇联</span>" in home(client, cast, "leader")


def test_a_demonstration_says_that_its_people_are_invented(client: Client, cast: Cast) -> None:
    assert "人物与记录均为虚构" not in home(client, cast, "member")


def test_the_demonstration_is_marked(client: Client, cast: Cast) -> None:
    Account.objects.filter(username="cast.chair").update(is_demo=True)

    assert "人物与记录均为虚构" in home(client, cast, "member")


# ── a village's day ──────────────────────────────────────────────────────────


def test_an_empty_day_says_how_to_begin(client: Client, cast: Cast) -> None:
    page = home(client, cast, "member")

    assert "<h1>今天没有约好的走访</h1>" in page
    assert page.count(f'href="{reverse("visit-new")}"') == 3  # masthead, tabs, and the page itself
    assert titles(page) == []


def test_what_was_promised_comes_up_on_its_day_overdue_first(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    visit(cast, "member", first, ago(9), next_on=today().isoformat(), next_why="看扶手")
    visit(cast, "chair", second, ago(9), next_on=ago(3).isoformat())
    visit(cast, "neighbour", cast.households[SANXING][0], ago(9), next_on=today().isoformat())

    page = home(client, cast, "member")

    assert titles(page) == ["去看周根玉家", "去看张桂英家"]
    assert "<h1>今天还有 2 件事</h1>" in page
    assert "过了 3 天" in page
    assert "看扶手" in page
    assert reverse("visit-record", args=["household", first]) in page


def test_a_household_that_was_seen_since_is_not_asked_for_again(client: Client, cast: Cast) -> None:
    subject = cast.households[LIANFENG][0]
    visit(cast, "member", subject, ago(9), next_on=ago(2).isoformat())
    visit(cast, "chair", subject, ago(1))

    assert titles(home(client, cast, "member")) == []


def test_what_comes_in_the_next_days_stands_apart(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    visit(cast, "member", first, ago(9), next_on=(today() + dt.timedelta(days=1)).isoformat())
    visit(cast, "member", second, ago(9), next_on=(today() + dt.timedelta(days=8)).isoformat())

    page = home(client, cast, "member")

    assert titles(page) == []
    assert "<span>明天</span>" in page
    assert text(page).count("去看") == 1


def test_what_was_done_today_is_solid_and_counted(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    visit(cast, "member", first, today())
    visit(cast, "member", first, today(), mode="phone")
    visit(cast, "chair", second, today())

    page = home(client, cast, "member")

    assert titles(page) == ["今天去过张桂英家"]
    assert 'class="todo is-done"' in page
    assert "今天记了 2 次走访" in page


def test_a_form_left_half_written_leads_back_to_it(client: Client, cast: Cast) -> None:
    subject = cast.households[LIANFENG][0]
    at = now().replace(hour=0, minute=5)
    keep_typed(cast.actor("member"), f"visit:new:household:{subject}", {"heard": ["写到一半"]}, at=at)
    keep_typed(cast.actor("member"), "visit:new:someone", {"n.name": ["新来的"]}, at=at - dt.timedelta(hours=1))
    keep_typed(cast.actor("chair"), "visit:new:someone", {"n.name": ["别人的"]}, at=at)

    page = home(client, cast, "member")

    assert titles(page) == ["接着写张桂英家的走访", "接着写新登的一户"]
    assert "今天 00:05 写到一半" in page
    assert "写到一半</" not in page.split("写到一半", 2)[2]
    forget_typed(cast.actor("member"), "visit:new:someone")
    assert titles(home(client, cast, "member")) == ["接着写张桂英家的走访"]


def test_a_form_about_a_person_leads_back_to_her_and_one_about_nobody_is_not_shown(client: Client, cast: Cast) -> None:
    card = household_card(cast.actor("member"), cast.households[LIANFENG][0], on=today())
    assert card
    person = card.members[1].key
    keep_typed(cast.actor("member"), f"visit:new:person:{person}", {"heard": ["一"]}, at=now())
    keep_typed(cast.actor("member"), f"visit:new:household:{cast.households[YONGLI][0]}", {"heard": ["二"]}, at=now())

    page = home(client, cast, "member")

    assert titles(page) == ["接着写张小雨的走访"]
    assert reverse("visit-record", args=["person", person]) in page
    assert "<h1>今天还有 1 件事</h1>" in page


def test_a_change_left_half_written_is_gone_with_its_visit(client: Client, cast: Cast) -> None:
    kept, gone = (visit(cast, "member", household, ago(3)) for household in cast.households[LIANFENG])
    for each in (kept, gone):
        keep_typed(cast.actor("member"), f"visit:amend:{each.key}", {"heard": ["写到一半"]}, at=now())
    assert titles(home(client, cast, "member")) == ["接着改一次走访", "接着改一次走访"]

    withdraw_visit(cast.actor("member"), key=gone.key, base=1, because="登错了人家", at=now())

    page = home(client, cast, "member")
    assert titles(page) == ["接着改一次走访"]
    assert reverse("visit-amend", args=[kept.key]) in page


def test_a_clerk_reads_which_village_it_is(client: Client, cast: Cast) -> None:
    visit(cast, "member", cast.households[LIANFENG][0], ago(9), next_on=today().isoformat())
    visit(cast, "neighbour", cast.households[SANXING][0], ago(9), next_on=ago(1).isoformat())

    page = home(client, cast, "clerk")

    assert "<h1>镇里还有 2 件事</h1>" in page
    assert titles(page) == ["去看诸葛芸家", "去看张桂英家"]
    assert "联丰村 · 约好今天" in page
    assert "联丰村 · " not in home(client, cast, "member")


def test_beyond_five_the_rest_is_counted(client: Client, cast: Cast) -> None:
    registrar = operator(Verb.REGISTER_WRITE, Verb.REGISTER_READ, because="a longer list")
    for number in range(7):
        head = MemberDraft(name=f"沈{'一二三四五六七'[number]}妹", relation=Relation.HEAD, sex="female")
        draft = HouseholdDraft(region=LIANFENG, place=f"{number}组", since=dt.date(2020, 1, 1), members=(head,))
        visit(
            cast, "member", register_household(registrar, draft, at=now()), ago(9), next_on=ago(7 - number).isoformat()
        )

    page = home(client, cast, "member")

    assert titles(page) == ["去看沈一妹家", "去看沈二妹家", "去看沈三妹家", "去看沈四妹家", "去看沈五妹家"]
    assert "<h1>今天还有 7 件事</h1>" in page
    assert "另外还有 2 户约好了要再去" in page


def test_difficulties_wait_with_the_oldest_first_and_only_the_own_villages(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    old, new = ago(40).isoformat(), ago(2).isoformat()
    visit(cast, "member", first, ago(2), difficulties=[difficulty("浴室没有扶手", found_on=new)])
    visit(cast, "member", second, ago(40), difficulties=[difficulty("低保材料不齐", found_on=old)])
    visit(
        cast, "member", second, ago(40), difficulties=[difficulty("已经办好的", "solved", found_on=old, solved_on=new)]
    )
    visit(cast, "neighbour", cast.households[SANXING][0], ago(2), difficulties=[difficulty("邻村的困难", found_on=new)])

    page = home(client, cast, "member")

    assert page.index("低保材料不齐") < page.index("浴室没有扶手")
    assert "等了 40 天" in page
    assert "已经办好的" not in page
    assert "邻村的困难" not in page


def test_the_last_households_are_hers_each_once_newest_first(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    visit(cast, "member", first, ago(8))
    visit(cast, "member", second, ago(1))
    visit(cast, "member", second, ago(1), mode="phone")
    visit(cast, "chair", first, today())

    page = home(client, cast, "member")

    faces = re.findall(r'<li><a href="[^"]+">([^<]+)<small>([^<]+)</small></a></li>', page)
    week_ago = f"{ago(8).month}月{ago(8).day}日" if ago(8).year == today().year else say_day(ago(8))
    assert faces == [("周根玉家", "昨天"), ("张桂英家", week_ago)]


def test_this_month_in_three_figures_that_open(client: Client, cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    day = today().isoformat()
    visit(cast, "member", first, today(), opinions=[{"id": new_id(), "text": "办个剪纸班", "idea": True}])
    visit(cast, "member", first, today(), difficulties=[difficulty("没人接", "solved", found_on=day, solved_on=day)])
    visit(cast, "chair", second, today())
    visit(cast, "neighbour", cast.households[SANXING][0], today())

    page = home(client, cast, "member")

    month = f"{today().year:04}-{today().month:02}"
    assert "<h2>这个月，凤桥镇联丰村</h2>" in page
    trio = re.search(r'<dl class="trio">.*?</dl>', page)
    assert trio
    assert re.findall(r'href="([^"]+)">([\d,]+)<', trio[0]) == [
        (f"{reverse('figure', args=['visits.households'])}?region={LIANFENG}&amp;period={month}", "2"),
        (f"{reverse('figure', args=['difficulties.solved'])}?region={LIANFENG}&amp;period={month}", "1"),
        (f"{reverse('figure', args=['ideas.heard'])}?region={LIANFENG}&amp;period={month}", "1"),
    ]
    town = home(client, cast, "clerk")
    assert "<h2>这个月，凤桥镇</h2>" in town
    assert re.findall(r"period=[\d-]+\">([\d,]+)<", town)[0] == "3"


def test_before_anything_is_recorded_this_month_the_last_one_that_has_something_is_shown(
    client: Client, cast: Cast
) -> None:
    cast.visit("member", day="2021-03-05", at=dt.datetime(2021, 3, 5, 12, tzinfo=SHANGHAI))

    page = home(client, cast, "member")

    assert "<h2>2021年3月，凤桥镇联丰村</h2>" in page
    assert re.findall(r"period=2021-03\">([\d,]+)<", page) == ["1", "0", "0"]


def test_home_costs_the_same_for_one_row_and_for_three_and_no_more_than_a_page_may(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    first, second = cast.households[LIANFENG]
    due = {"next_on": today().isoformat()}

    def fill(subject: str, words: str) -> None:
        visit(cast, "member", subject, ago(3), difficulties=[difficulty(words, found_on=ago(3).isoformat())], **due)

    fill(first, "一")
    home(client, cast, "member")
    with django_assert_max_num_queries(15) as one:
        client.get(reverse("home"))
    fill(second, "二")
    fill(second, "三")
    with django_assert_max_num_queries(15) as three:
        client.get(reverse("home"))

    assert len(one) == len(three)


# ── a county ─────────────────────────────────────────────────────────────────


def recorded_county(cast: Cast) -> None:
    day = today().isoformat()
    for who, subject in (("member", cast.households[LIANFENG][0]), ("next_clerk", cast.households[YONGLI][0])):
        visit(cast, who, subject, today(), difficulties=[difficulty(f"{who}找到的", found_on=day)])
    visit(cast, "member", cast.households[LIANFENG][0], today(), mode="phone")


@pytest.mark.parametrize("who", ["officer", "leader"])
def test_a_county_reads_its_year_in_one_sentence_and_four_figures(client: Client, cast: Cast, who: str) -> None:
    recorded_county(cast)

    page = home(client, cast, who)

    assert "南湖区今年走访联系了2户人家，发现困难2项，解决了0项，听到金点子0条。" in re.sub(
        r"（[^）]*）", "", text(page)
    )
    figures = re.findall(r'<section class="figure">.*?<h2>([^<]+)</h2>.*?>([\d,]+)</a>', page)
    assert figures == [
        ("走访联系家庭", "2"),
        ("解决困难问题", "0"),
        ("收集“金点子”", "0"),
        ("家庭、妇女档案", "0"),
    ]
    assert f'href="{reverse("overview")}"' in page


def test_the_countys_longest_waiting_difficulties_say_where_not_whose(client: Client, cast: Cast) -> None:
    recorded_county(cast)

    page = home(client, cast, "leader")

    assert "member找到的" in page
    assert "凤桥镇联丰村" in page
    assert "张桂英" not in page


def test_a_county_before_its_first_record_says_so(client: Client, cast: Cast) -> None:
    assert "南湖区今年还没有登记过走访。" in text(home(client, cast, "leader"))


def test_last_years_county_is_shown_while_this_year_is_empty(client: Client, cast: Cast) -> None:
    cast.visit("member", day="2021-03-05", at=dt.datetime(2021, 3, 5, 12, tzinfo=SHANGHAI))

    assert "南湖区2021年走访联系了1户" in re.sub(r"（[^）]*）", "", text(home(client, cast, "leader")))


def test_the_neighbours_records_are_in_nobodys_home(client: Client, cast: Cast) -> None:
    recorded_county(cast)

    page = home(client, cast, "strange_officer")

    assert "member找到的" not in page
    assert "秀洲区今年还没有登记过走访。" in text(page)


@pytest.mark.parametrize("who", ["officer", "leader", "clerk", "programme_officer", "partner", "administrator"])
def test_nobodys_home_costs_more_than_a_page_may(
    client: Client, cast: Cast, who: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    recorded_county(cast)
    home(client, cast, who)

    with django_assert_max_num_queries(15):
        client.get(reverse("home"))


# ── those who run the house ──────────────────────────────────────────────────


def test_an_administrator_finds_accounts_and_complaints_that_wait(client: Client, cast: Cast) -> None:
    Account.objects.filter(username__in=["cast.chair", "cast.stranger"]).update(must_change_password=True)
    Appointment.objects.filter(account=cast.accounts["clerk"]).update(ends=today() + dt.timedelta(days=20))
    Appointment.objects.filter(account=cast.accounts["officer"]).update(ends=today() + dt.timedelta(days=40))
    Appointment.objects.filter(account=cast.accounts["partner"]).update(ends=ago(1))
    draft = ComplaintDraft(new_id(), "awkward", "手机上字太小。")
    submit_complaint(cast.actor("member"), draft, now=now())

    page = home(client, cast, "administrator")

    assert titles(page) == ["1 个账号还没有换掉临时密码", "1 个账号没有岗位", "示例clerk的岗位快到期了"]
    assert "<h1>有 4 件事等着看</h1>" in page
    assert "示例chair" in page
    assert "示例stranger" not in page
    assert "手机上字太小。" in page
    assert reverse("complaint", args=[draft.key]) in page


def test_an_administrator_is_told_that_changed_files_wait_for_a_restart(
    client: Client, cast: Cast, tmp_path: Path, settings: Any
) -> None:
    said = "工作目录改过了，还没有生效"
    assert said not in home(client, cast, "administrator")
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "own.toml").write_text("[[indicator]]\n", encoding="utf-8")
    settings.CATALOG_SOURCES = (settings.CATALOG_DIR, tmp_path)

    assert titles(home(client, cast, "administrator")) == [said]
    assert said not in home(client, cast, "officer")


def test_an_administrator_with_nothing_to_do_is_told_so(client: Client, cast: Cast) -> None:
    page = home(client, cast, "administrator")

    assert "<h1>没有等着办的事</h1>" in page
    assert "没有。都答复过了。" in page
    assert reverse("user-new") in page


def test_who_looks_after_accounts_reads_what_was_lately_done_to_them(client: Client, cast: Cast) -> None:
    reset_password(cast.actor("administrator"), cast.accounts["chair"], today=today())
    AccountChange.objects.create(by="x", kind=ChangeKind.DEACTIVATED, account=cast.accounts["stranger"].pk)

    for who in ("administrator", "security", "audit"):
        page = home(client, cast, who)
        assert "示例chair：重置密码" in page
        assert re.search(r"示例administrator · 今天 \d\d:\d\d", page)
        assert "停用账号" not in page
    assert "最近的账号变动" not in home(client, cast, "officer")


def test_who_only_looks_is_offered_no_button(client: Client, cast: Cast) -> None:
    page = home(client, cast, "security")

    assert reverse("users") in page
    assert reverse("user-new") not in page
    assert "等着答复的意见" not in page


def test_an_administrator_is_told_what_is_switched_off(client: Client, cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    Account.objects.filter(username="cast.partner").update(is_demo=True)

    page = home(client, cast, "administrator")

    assert titles(page) == ["不安全", "不安全"]
    assert "LIANXIN_SECOND_FACTOR=off" in page
    assert "演示账号还能登录" in page
    assert "不安全" not in home(client, cast, "officer")
