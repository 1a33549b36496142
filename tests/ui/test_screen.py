"""A Screen cannot be defined without its verb, asks the Actor, and answers page and fragment."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import pytest
from django.test import Client

from lianxin.access.verbs import Verb
from lianxin.ui import screen
from lianxin.ui.screen import OPEN_DOORS, Screen, open_door


def test_a_screen_without_a_verb_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="needs = Verb"):
        type("Bare", (Screen,), {"template": "x.html", "title": "x"})


@pytest.mark.parametrize("missing", ["template", "title"])
def test_a_screen_says_what_it_shows(missing: str) -> None:
    members = {"needs": Verb.VISIT_READ, "template": "x.html", "title": "x"}
    del members[missing]

    with pytest.raises(TypeError, match=missing):
        type("Bare", (Screen,), members)


def test_a_door_is_open_only_when_it_stands_in_the_list() -> None:
    with pytest.raises(TypeError, match="OPEN_DOORS"):
        type("Loose", (Screen,), {"open_door": "back-door", "template": "x.html", "title": "x"})
    with pytest.raises(TypeError, match="OPEN_DOORS"):
        open_door("back-door")


def test_an_open_door_needs_no_verb_as_well() -> None:
    members = {"open_door": "sign-in", "needs": Verb.VISIT_READ, "template": "x.html", "title": "x"}

    with pytest.raises(TypeError, match="choose one"):
        type("Both", (Screen,), members)


def test_every_open_door_says_why() -> None:
    assert all(len(why) > 20 for why in OPEN_DOORS.values())


def test_strangers_are_sent_to_the_door(visitor: Client) -> None:
    response = visitor.get("/visits?stranger")

    assert response.status_code == 302
    assert response["Location"] == "/sign-in?next=/visits%3Fstranger"


def test_strangers_may_knock(visitor: Client) -> None:
    assert visitor.get("/sign-in?stranger").status_code == 200
    assert visitor.get("/health?stranger").status_code == 200


def test_an_open_screen_at_another_address_is_a_mistake(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(screen.OPEN_DOORS, "elsewhere", "a name that no address of the specimen has")
    from .specimen import Knock  # noqa: PLC0415 — the fixture's settings come first

    monkeypatch.setattr(Knock, "open_door", "elsewhere")

    assert visitor.get("/sign-in").status_code == 500


def test_the_wrong_verb_is_refused_with_its_reason(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "lianxin.refusals"):
        response = visitor.get("/manage?name=张桂英")

    assert response.status_code == 403
    assert "您的岗位没有这项权限" in response.content.decode()
    (line,) = [each.getMessage() for each in caplog.records if each.name == "lianxin.refusals"]
    assert line == ("refused status=403 account=01HSPECIMEN000000000000001 verb=user.manage view=manage method=GET")


def test_somebody_without_any_post_is_told_so(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from . import specimen  # noqa: PLC0415 — the fixture's settings come first

    monkeypatch.setattr(specimen, "CHAIR", None)

    response = visitor.get("/visits")

    assert response.status_code == 403
    assert "没有任何岗位" in response.content.decode()


def test_what_is_not_there_for_her_is_404(visitor: Client) -> None:
    response = visitor.get("/lost")

    assert response.status_code == 404
    assert "没有这次走访，或者它不在您负责的范围里。" in response.content.decode()


def test_a_refusal_outside_a_form_is_a_page(visitor: Client) -> None:
    response = visitor.get("/wrong")

    assert response.status_code == 400
    assert "这个月已经封账。" in response.content.decode()


def test_a_page_and_its_fragment_come_from_one_screen(visitor: Client) -> None:
    page = visitor.get("/visits").content.decode()
    fragment = visitor.get("/visits", headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()

    assert "<html" in page
    assert "<html" not in fragment
    assert fragment.strip().startswith('<div id="list">')
    assert fragment.strip() in page


def test_notices_ride_along_with_a_fragment(visitor: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list"}

    fragment = visitor.get("/visits?told", headers=headers).content.decode()

    assert 'hx-swap-oob="true"' in fragment
    assert "张桂英这次走访已保存" in fragment
    assert 'hx-swap-oob="true"' not in visitor.get("/visits", headers=headers).content.decode()


def test_history_gets_the_whole_page(visitor: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"}

    assert "<html" in visitor.get("/visits", headers=headers).content.decode()


def test_a_fragment_request_that_landed_at_the_sign_in_page_goes_there_wholly(visitor: Client) -> None:
    response = visitor.get("/sign-in?stranger&next=/visits", headers={"HX-Request": "true", "HX-Target": "list"})

    assert response["HX-Redirect"] == "/sign-in?stranger&next=/visits"


def test_a_posted_form_without_fragment_replaces_the_body(visitor: Client) -> None:
    response = visitor.post("/record", {"heard": "写过的字"}, headers={"HX-Request": "true", "HX-Target": "form"})

    assert (response.status_code, response["HX-Retarget"]) == (422, "body")
    assert "写过的字" in response.content.decode()


def test_a_refused_fragment_is_a_sentence_in_the_messages(visitor: Client) -> None:
    response = visitor.get("/wrong", headers={"HX-Request": "true", "HX-Target": "list"})

    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (400, "#messages", "outerHTML")
    assert "<html" not in response.content.decode()
    assert "hx-swap-oob" not in response.content.decode()


def test_pages_stay_out_of_shared_caches_and_differ_for_htmx(visitor: Client) -> None:
    response = visitor.get("/visits")

    assert {"private", "no-cache"} <= {each.strip() for each in response["Cache-Control"].split(",")}
    assert {"HX-Request", "HX-Target"} <= {each.strip() for each in response["Vary"].split(",")}


def test_only_dataclasses_are_shown(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from .specimen import Visits  # noqa: PLC0415 — the fixture's settings come first

    monkeypatch.setattr(Visits, "page", lambda _: {"a": "dict"})

    assert visitor.get("/visits").status_code == 500


def test_the_page_may_bring_its_own_title(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from .samples import Specimen  # noqa: PLC0415 — the fixture's settings come first
    from .specimen import Visits  # noqa: PLC0415

    def page(_: Any) -> Specimen:
        return dataclasses.replace(Specimen(), title="联丰村的走访")

    monkeypatch.setattr(Visits, "page", page)

    assert "<title>联丰村的走访 · 连心</title>" in visitor.get("/visits").content.decode()
