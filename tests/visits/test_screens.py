"""The pages of visits, as a village member, a neighbour and a leader meet them."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.ids import new_id
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.records.models import SavedDraft
from lianxin.register.models import Household
from lianxin.register.suspects import count_suspects
from tests.cast import LIANFENG, SANXING, TOWN, Cast

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def form(cast: Cast, **typed: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "day": "2021-12-20",
        "mode": "door",
        "why": ["four-musts/hardship"],
        "heard": "浴室没扶手",
        "people": "1",
    } | typed


def record_url(cast: Cast) -> str:
    return reverse("visit-record", args=["household", cast.households[LIANFENG][0]])


def test_a_member_finds_a_household_by_initials(cast: Cast) -> None:
    page = signed_in(cast, "member").get(reverse("visit-new"), {"q": "zgy"}).content.decode()

    assert "张桂英" in page
    assert "周根玉" in page
    assert "诸葛芸" not in page


def test_a_one_letter_search_finds_nothing_loudly(cast: Cast) -> None:
    response = signed_in(cast, "member").get(reverse("visit-new"), {"q": "%"})

    assert response.status_code == 200


def test_the_form_shows_what_is_known_and_never_the_whole_number(cast: Cast) -> None:
    page = signed_in(cast, "member").get(record_url(cast)).content.decode()

    assert "已有数据，无需再填" in page
    assert "张小雨" in page
    assert "13805733012" not in page


def test_a_visit_is_recorded_and_told(cast: Cast) -> None:
    client = signed_in(cast, "member")

    response = client.post(record_url(cast), form(cast), follow=True)

    visit = Visit.objects.unscoped("test").get()
    assert response.redirect_chain == [(reverse("visit", args=[visit.key]), 302)]
    assert "走访已保存" in response.content.decode()
    assert "浴室没扶手" in response.content.decode()


def test_a_second_click_makes_no_second_visit(cast: Cast) -> None:
    client, typed = signed_in(cast, "member"), form(cast)

    client.post(record_url(cast), typed)
    again = client.post(record_url(cast), typed)

    assert again.status_code == 302
    assert Visit.objects.unscoped("test").count() == 1


def test_nothing_typed_is_lost_when_something_is_wrong(cast: Cast) -> None:
    typed = form(
        cast,
        day="2099-01-01",
        heard="她说“怕滑” 😀",
        **{
            "difficulties.0.text": "没扶手",
            "givings.0.what": "goods",
            "givings.0.name": "大米",
            "givings.0.amount": "-5",
            "next_why": "看看扶手",
        },
    )

    response = signed_in(cast, "member").post(record_url(cast), typed)

    page = response.content.decode()
    assert response.status_code == 400
    for kept in ("她说“怕滑” 😀", "没扶手", "大米", "-5", "看看扶手", "2099-01-01", typed["id"]):
        assert kept in page
    assert "日期不能晚于今天" in page
    assert "金额不能是负数" in page
    assert not Visit.objects.unscoped("test").exists()


def test_a_note_of_ten_thousand_characters_is_refused_and_kept(cast: Cast) -> None:
    response = signed_in(cast, "member").post(record_url(cast), form(cast, heard="话" * 10_000))

    assert response.status_code == 400
    assert "话" * 10_000 in response.content.decode()


def test_another_line_is_added_without_saving(cast: Cast) -> None:
    typed = form(cast, add="difficulties", **{"difficulties.0.text": "没扶手"})

    page = signed_in(cast, "member").post(record_url(cast), typed).content.decode()

    assert 'name="difficulties.1.text"' in page
    assert not Visit.objects.unscoped("test").exists()


def test_a_draft_survives_a_closed_browser_and_goes_when_saved(cast: Cast) -> None:
    client = signed_in(cast, "member")
    draft_form = f"visit:new:household:{cast.households[LIANFENG][0]}"
    typed = form(cast, heard="还没写完")

    assert client.post(reverse("visit-draft"), typed | {"draft_form": draft_form}).status_code == 204
    page = signed_in(cast, "member").get(record_url(cast)).content.decode()
    assert "还没写完" in page
    assert typed["id"] in page
    assert "还没写完".encode() not in bytes(SavedDraft.objects.get().payload)

    client.post(record_url(cast), typed)
    assert not SavedDraft.objects.exists()


def test_a_draft_is_nobody_elses(cast: Cast) -> None:
    draft_form = f"visit:new:household:{cast.households[LIANFENG][0]}"
    signed_in(cast, "member").post(reverse("visit-draft"), form(cast, heard="悄悄话") | {"draft_form": draft_form})

    page = signed_in(cast, "chair").get(record_url(cast)).content.decode()

    assert "悄悄话" not in page


def test_somebody_new_is_registered_and_visited_in_one_breath(cast: Cast) -> None:
    typed = form(cast) | {"n.name": "陆小妹", "n.place": "5组2号", "n.phone": "13900001234", "n.region": LIANFENG}

    response = signed_in(cast, "member").post(reverse("visit-newcomer"), typed, follow=True)

    visit = Visit.objects.unscoped("test").get()
    assert Household.objects.unscoped("test").get(id=visit.subject).region == LIANFENG
    assert "陆小妹" in response.content.decode()


def test_a_newcomer_who_is_like_somebody_in_the_register_is_asked_about_before_anything_is_written(cast: Cast) -> None:
    client = signed_in(cast, "member")
    typed = form(cast) | {"n.name": "张桂英", "n.place": "9组1号", "n.region": LIANFENG}
    homes = Household.objects.unscoped("the test looks at every row").count

    before = homes()
    asked = client.post(reverse("visit-newcomer"), typed)
    page = asked.content.decode()

    assert asked.status_code == 400
    assert homes() == before
    assert reverse("visit-record", args=["household", cast.households[LIANFENG][0]]) in page
    assert 'value="9组1号"' in page

    kept = client.post(reverse("visit-newcomer"), typed | {"somebody-else": "yes"})
    again = client.post(reverse("visit-newcomer"), typed)  # a second click
    assert (kept.status_code, again.status_code) == (302, 302)
    assert homes() == before + 1
    assert count_suspects(cast.actor("member")) == 0


def test_a_newcomer_with_a_wrong_phone_is_neither_registered_nor_visited(cast: Cast) -> None:
    before = Household.objects.unscoped("test").count()
    typed = form(cast) | {"n.name": "陆小妹", "n.phone": "123", "n.region": LIANFENG}

    response = signed_in(cast, "member").post(reverse("visit-newcomer"), typed)

    assert response.status_code == 400
    assert "电话号码不对" in response.content.decode()
    assert Household.objects.unscoped("test").count() == before
    assert not Visit.objects.unscoped("test").exists()


def test_a_newcomer_in_a_village_that_is_not_hers_is_refused(cast: Cast) -> None:
    typed = form(cast) | {"n.name": "陆小妹", "n.region": SANXING}

    response = signed_in(cast, "member").post(reverse("visit-newcomer"), typed)

    assert response.status_code in (400, 403)
    assert not Visit.objects.unscoped("test").exists()


def test_an_afternoon_is_kept_in_one_go(cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    typed = {
        "day": "2021-12-20",
        "mode": "door",
        "why": ["grid-walk"],
        "v.0.id": new_id(),
        "v.0.subject": first,
        "v.0.on": "yes",
        "v.0.heard": "一切都好",
        "v.1.id": new_id(),
        "v.1.subject": second,
        "v.1.on": "yes",
        "v.1.heard": "想学手艺",
    }

    response = signed_in(cast, "member").post(reverse("visits-afternoon"), typed, follow=True)

    assert Visit.objects.unscoped("test").count() == 2
    assert "2 户的走访都存好了" in response.content.decode()


def test_an_afternoon_with_one_mistake_keeps_nothing_and_forgets_nothing(cast: Cast) -> None:
    typed = {
        "day": "2099-12-20",
        "mode": "door",
        "why": ["grid-walk"],
        "v.0.id": new_id(),
        "v.0.subject": cast.households[LIANFENG][0],
        "v.0.on": "yes",
        "v.0.heard": "一切都好",
    }

    response = signed_in(cast, "member").post(reverse("visits-afternoon"), typed)

    assert response.status_code == 400
    assert "一切都好" in response.content.decode()
    assert "不能晚于今天" in response.content.decode()
    assert not Visit.objects.unscoped("test").exists()


def test_two_editors_see_both_versions(cast: Cast) -> None:
    visit = cast.visit(heard="原来的话")
    url = reverse("visit-amend", args=[visit.key])
    signed_in(cast, "chair").post(url, form(cast, heard="主席的话", base="1"))

    response = signed_in(cast, "member").post(url, form(cast, heard="执委的话", base="1"))

    page = response.content.decode()
    assert response.status_code == 409
    assert "主席的话" in page
    assert "执委的话" in page
    assert Visit.objects.unscoped("test").get().heard == "主席的话"


def test_after_seeing_both_versions_hers_can_be_saved(cast: Cast) -> None:
    visit = cast.visit(heard="原来的话")
    url = reverse("visit-amend", args=[visit.key])
    signed_in(cast, "chair").post(url, form(cast, heard="主席的话", base="1"))
    client = signed_in(cast, "member")
    page = client.post(url, form(cast, heard="执委的话", base="1")).content.decode()
    assert 'name="base" value="2"' in page

    response = client.post(url, form(cast, heard="两个人的话", base="2"))

    assert response.status_code == 302
    assert Visit.objects.unscoped("test").get().heard == "两个人的话"


def test_withdrawing_asks_for_a_reason(cast: Cast) -> None:
    visit = cast.visit()
    url, client = reverse("visit-withdraw", args=[visit.key]), signed_in(cast, "member")

    assert client.post(url, {"base": "1", "because": " "}).status_code == 400
    assert client.post(url, {"base": "1", "because": "登错了人家"}).status_code == 302
    assert Visit.objects.unscoped("test").get().is_void


def test_a_difficulty_is_followed_up(cast: Cast) -> None:
    visit = cast.visit(difficulties=[{"text": "没扶手"}])
    line = Difficulty.objects.unscoped("test").get().line

    response = signed_in(cast, "member").post(
        reverse("visit-followup", args=[visit.key, line]),
        {"base": "1", "state": "solved", "on": "2021-12-22", "handler": "镇民政办"},
    )

    difficulty = Difficulty.objects.unscoped("test").get()
    assert response.status_code == 302
    assert (difficulty.state, difficulty.solved_on, difficulty.handler) == ("solved", dt.date(2021, 12, 22), "镇民政办")


@pytest.mark.parametrize("who", ["neighbour", "next_clerk", "stranger", "strange_officer"])
def test_a_neighbour_finds_nothing(cast: Cast, who: str) -> None:
    visit = cast.visit(heard="悄悄话不外传", difficulties=[{"text": "没扶手"}])
    client = signed_in(cast, who)
    line = Difficulty.objects.unscoped("test").get().line

    for name, args in (
        ("visit", [visit.key]),
        ("visit-amend", [visit.key]),
        ("visit-withdraw", [visit.key]),
        ("visit-versions", [visit.key]),
        ("visit-followup", [visit.key, line]),
        ("visit-record", ["household", cast.households[LIANFENG][0]]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404, name
    for url in (reverse("visits"), reverse("visits") + "?q=悄悄话", reverse("difficulties")):
        assert "不外传" not in client.get(url).content.decode()
    assert "一共 0 次" in client.get(reverse("visits")).content.decode()
    assert "张桂英" not in client.get(reverse("visit-new"), {"q": "zgy"}).content.decode()


def test_an_officer_of_one_programme_sees_nothing_of_another(cast: Cast) -> None:
    visit = cast.visit(heard="悄悄话不外传", difficulties=[{"text": "别的工作的困难"}])
    client = signed_in(cast, "programme_officer")

    for name in ("visit", "visit-versions", "visit-amend"):
        assert client.get(reverse(name, args=[visit.key])).status_code == 404, name
    for name in ("visits", "difficulties", "home"):
        assert "别的工作的困难" not in client.get(reverse(name)).content.decode(), name
    assert "一共 0 次" in client.get(reverse("visits")).content.decode()


def test_a_leader_reads_and_does_not_write(cast: Cast) -> None:
    visit, client = cast.visit(), signed_in(cast, "leader")

    assert client.get(reverse("visit", args=[visit.key])).status_code == 200
    assert client.get(reverse("visit-new")).status_code == 403
    assert client.post(record_url(cast), form(cast)).status_code == 403


def test_the_list_is_searched_by_words_lines_of_work_and_days(cast: Cast) -> None:
    cast.visit(heard="浴室没有扶手怕滑")
    cast.visit(heard="想学做糕点", mode="phone", purposes=[{"programme": "grid-walk", "reasons": []}])
    cast.visit(heard="路灯坏了", day="2021-05-01")
    client = signed_in(cast, "clerk")

    def count(**asked: str) -> str:
        page = client.get(reverse("visits"), asked).content.decode()
        return page.split("一共 ")[1].split(" 次")[0]

    assert count() == "3"
    assert count(q="扶手") == "1"
    assert count(q="没有扶手") == "1"
    assert count(q="有没扶手") == "0"
    assert count(q="扶手 怕滑") == "1"
    assert count(purpose="grid-walk") == "1"
    assert count(mode="phone") == "1"
    assert count(since="2021-12-01") == "2"
    assert count(until="2021-05-01") == "1"
    assert count(region=TOWN) == "3"
    assert count(region=SANXING) == "0"
    assert count(q="路灯", since="2021-12-01") == "0"
    assert client.get(reverse("visits"), {"q": "灯"}).status_code == 400


def test_words_of_a_withdrawn_or_changed_visit_are_not_found(cast: Cast) -> None:
    visit = cast.visit(heard="扶手")
    client = signed_in(cast, "member")
    client.post(reverse("visit-amend", args=[visit.key]), form(cast, heard="路灯", base="1"))
    assert "一共 0 次" in client.get(reverse("visits"), {"q": "扶手"}).content.decode()
    assert "一共 1 次" in client.get(reverse("visits"), {"q": "路灯"}).content.decode()

    client.post(reverse("visit-withdraw", args=[visit.key]), {"base": "2", "because": "登错"})

    assert "一共 0 次" in client.get(reverse("visits"), {"q": "路灯"}).content.decode()


@pytest.mark.parametrize("name", ["visits", "difficulties", "visit-new"])
def test_a_list_costs_the_same_for_one_and_for_three(cast: Cast, name: str, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast, "clerk")
    cast.visit(who="clerk", difficulties=[{"text": "没扶手"}])
    client.get(reverse(name))

    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(15) as captured:
            client.get(reverse(name))
        counted.append(len(captured))
        cast.visit(who="clerk", subject=cast.households[LIANFENG][1], difficulties=[{"text": "没扶手"}])
        cast.visit(who="clerk", subject=cast.households[SANXING][0], difficulties=[{"text": "没扶手"}])

    assert counted[0] == counted[1]


def test_the_form_costs_at_most_fifteen_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast, "member")
    visit = cast.visit(difficulties=[{"text": "没扶手"}])
    client.get(record_url(cast))

    for url in (record_url(cast), reverse("visit", args=[visit.key]), reverse("visit-amend", args=[visit.key])):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_a_draft_that_comes_after_its_form_was_saved_is_not_kept(cast: Cast) -> None:
    client = signed_in(cast, "member")
    typed = form(cast) | {"n.name": "陆小妹", "n.region": LIANFENG}
    client.post(reverse("visit-newcomer"), typed)
    late = typed | {"draft_form": "visit:new:someone"}

    assert client.post(reverse("visit-draft"), late).status_code == 204
    assert not SavedDraft.objects.exists()
    # Another newcomer has another id, and her draft is kept.
    assert client.post(reverse("visit-draft"), late | {"id": new_id()}).status_code == 204
    assert SavedDraft.objects.count() == 1


def test_a_draft_of_a_version_that_is_past_is_not_kept(cast: Cast) -> None:
    visit = cast.visit()
    client = signed_in(cast, "member")
    amended = form(cast, heard="改过") | {"id": visit.key, "base": "1"}
    client.post(reverse("visit-amend", args=[visit.key]), amended)
    draft = {"draft_form": f"visit:amend:{visit.key}"}

    client.post(reverse("visit-draft"), amended | draft)
    assert not SavedDraft.objects.exists()
    client.post(reverse("visit-draft"), amended | draft | {"base": "2"})
    assert SavedDraft.objects.count() == 1


def test_two_versions_are_compared_in_the_words_of_the_form(cast: Cast) -> None:
    visit = cast.visit()
    client, other = signed_in(cast, "member"), signed_in(cast, "chair")
    line = {"difficulties.0.text": "轮椅出不了门槛", "difficulties.0.state": "handling"}
    other.post(reverse("visit-amend", args=[visit.key]), form(cast, base="1", heard="", mode="phone", **line))

    empty_line = {"difficulties.0.text": "", "difficulties.0.state": "found", "deliveries.0.kind": ""}
    mine = form(cast, base="1", heard="", **empty_line)
    page = client.post(reverse("visit-amend", args=[visit.key]), mine).content.decode()

    table = page.split("两个版本不一样的地方")[1].split("</table>")[0]
    told = re.findall(r"<th[^>]*is-key[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", table)
    assert told == [
        ("怎么见的", "上门", "电话"),
        ("什么困难", "（空）", "轮椅出不了门槛"),
        ("办到哪一步", "刚发现", "在办"),
    ]
