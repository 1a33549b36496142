"""Documents made out from a case: what is printed, read back from .docx and .html; what is never printed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse

from lianxin.access.guard import pen
from lianxin.audit.models import Entry
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.catalog.current import catalog
from lianxin.catalog.load import check_catalog
from lianxin.kinds.cases.documents import Paper
from lianxin.kinds.cases.documents_issue import issue, issued_of, paper_of, templates_for
from lianxin.kinds.cases.models import PAPER_PEN, Case, Issued
from lianxin.kinds.cases.queries import spec_of
from lianxin.kinds.cases.screens_one import case_for
from lianxin.kinds.cases.screens_papers import docx_of, html_of
from lianxin.records.drafts import Conflict
from tests.cases.town import case
from tests.cast import LIANFENG, NOW, Cast

pytestmark = pytest.mark.django_db
TINY = Path(__file__).parent.parent / "catalog" / "tiny"
HIDEOUT, SAFE_NUMBER = "城南三号 302 室", "13900001111"
NOTE = {"who": "本人，由妹妹陪着", "seen": "左前臂有淤青", "wish": "想先住在妹妹家", "with": "何主任"}
ORDER = {
    "court": "南湖区人民法院", "by": "self", "serve": "区妇联权益部", "measures": ["no-violence", "no-contact"],
    "urgent": "yes", "facts": "12 月 18 日晚上在家里打了我。", "proofs": "报警回执一份",
}  # fmt: skip


def violence(cast: Cast) -> Case:
    """A woman beaten, who has moved out; where to is sealed."""
    record = case(
        cast, "chair", programme="violence", matter="violence", heard="他昨晚又打我。\n孩子也看见了。", household="",
        region=LIANFENG,
        parties=[
            {"role": "her", "name": "沈女士"},
            {"role": "other", "name": "周先生", "relation": "丈夫"},
            {"role": "child", "name": "大宝"},
        ],
        safety={"is_asked": "yes", "ways": ["call"], "whereabouts": HIDEOUT, "safe_number": SAFE_NUMBER},
    )  # fmt: skip
    return Case.objects.unscoped("test").get(key=record.key)


def made(cast: Cast, row: Case, code: str, raw: dict[str, Any]) -> Issued:
    actor = cast.actor("chair")
    row, values = case_for(actor, row.key)
    return issue(actor, row, values, catalog().templates[code], raw, at=NOW)


def texts(paper: Paper) -> tuple[list[str], str]:
    """The lines of the .docx as another program reads them, and the .html."""
    word = docx.Document(io.BytesIO(docx_of(paper)))
    return [paragraph.text for paragraph in word.paragraphs if paragraph.text], html_of(paper)


def test_an_intake_note_says_who_when_and_her_very_words(cast: Cast) -> None:
    row = violence(cast)

    issued = made(cast, row, "intake-note", NOTE)
    lines, page = texts(paper_of(cast.actor("chair"), row.key, 1))

    assert issued.number == f"家证-{row.number}-1"
    assert lines[0] == "妇女权益保护接待记录"
    for said in ("二、求助人原话", "他昨晚又打我。", "孩子也看见了。", "左前臂有淤青", "想先住在妹妹家"):
        assert said in lines
        assert said in page
    assert "求助人：沈女士。对方：周先生。对方是求助人的什么人：丈夫。家里的孩子：大宝。" in lines
    assert any(line.startswith("接到的时间：2021年12月20日9时00分") for line in lines)
    assert sum("签名" in line and line.endswith("年　　月　　日") for line in lines) == 3
    assert lines[-1].endswith(f"内容校验码 {'-'.join(issued.digest[at : at + 8] for at in (0, 8, 16, 24))}")


def test_the_making_out_is_a_step_of_the_story_and_numbers_go_on(cast: Cast) -> None:
    row = violence(cast)

    first, second = made(cast, row, "intake-note", NOTE), made(cast, row, "protection-order", ORDER)

    _, values = case_for(cast.actor("chair"), row.key)
    assert [beat.note for beat in values.log if beat.note.startswith("出具")] == [
        f"出具接待记录（{first.number}）",
        f"出具人身安全保护令申请书（{second.number}）",
    ]
    assert second.number == f"家令-{row.number}-2"
    assert [each.no for each in issued_of(cast.actor("chair"), row.key)] == [2, 1]


def test_a_protection_order_application_prints_what_was_asked_and_blanks_for_the_rest(cast: Cast) -> None:
    row = violence(cast)
    made(cast, row, "protection-order", ORDER)

    lines, _ = texts(paper_of(cast.actor("chair"), row.key, 1))

    asked = "禁止对方实施家庭暴力、禁止对方骚扰、跟踪、接触申请人及其相关近亲属"
    assert f"请求人民法院作出人身安全保护令：{asked}。" in lines
    assert "情况紧急，请求二十四小时内裁定：是。" in lines
    assert "谁申请：本人申请。代为申请的原因：＿＿＿＿＿＿。" in lines
    assert "南湖区人民法院" in lines


@pytest.mark.parametrize("code", ["intake-note", "protection-order", "family-duty"])
def test_where_she_lives_is_on_no_document(cast: Cast, code: str) -> None:
    row = violence(cast)
    made(cast, row, code, {"intake-note": NOTE, "protection-order": ORDER}.get(code, {"duties": ["spouse"]}))

    lines, page = texts(paper_of(cast.actor("chair"), row.key, 1))

    for secret in (HIDEOUT, SAFE_NUMBER, "城南三号"):
        assert secret not in page
        assert secret not in "".join(lines)


@pytest.mark.parametrize("slip", ["请送到城南三号302室", "送到 城 南 三 号，３０２ 室 门口"])
def test_her_address_typed_by_hand_is_refused_and_nothing_is_kept(cast: Cast, slip: str) -> None:
    row = violence(cast)

    with pytest.raises(Refused, match="写着她现在的住处"):
        made(cast, row, "protection-order", ORDER | {"serve": slip})

    _, values = case_for(cast.actor("chair"), row.key)
    assert not Issued.objects.unscoped("test").exists()
    assert not any(beat.note.startswith("出具") for beat in values.log)


def test_what_the_other_side_is_handed_holds_none_of_her_words(cast: Cast) -> None:
    row = violence(cast)
    made(cast, row, "family-duty", {"duties": ["spouse", "warned"]})

    lines, _ = texts(paper_of(cast.actor("chair"), row.key, 1))

    assert "周先生：" in lines
    assert "这次特别告知：夫妻互相扶养、平等相待、已经收到告诫书或者保护令，应当遵守。" in lines
    assert not any("沈" in line or "打我" in line or "大宝" in line for line in lines)


def test_where_there_is_violence_no_agreement_is_made_out(cast: Cast) -> None:
    row = violence(cast)
    quarrel = Case.objects.unscoped("test").get(key=case(cast, "chair").key)
    actor = cast.actor("chair")

    codes = [each.code for each in templates_for(case_for(actor, row.key)[1], spec_of(row))]
    peaceful = [each.code for each in templates_for(case_for(actor, quarrel.key)[1], spec_of(quarrel))]

    assert "mediation-agreement" not in codes
    assert "mediation-agreement" in peaceful
    with pytest.raises(Unseen):
        made(cast, row, "mediation-agreement", {"facts": "甲", "terms": "乙", "when": "丙", "mediator": "丁"})


def test_what_is_missing_is_told_at_its_field(cast: Cast) -> None:
    row = violence(cast)

    with pytest.raises(Problems) as told:
        made(cast, row, "protection-order", ORDER | {"court": " ", "measures": ["fly"], "by": ""})

    assert [(item.field, item.message) for item in told.value.items] == [
        ("court", "请填“向哪个法院”。"),
        ("by", "请填“谁申请”。"),
        ("measures", "“请求的措施”请从列出的选项里选。"),
    ]


def test_a_document_that_was_tampered_with_is_not_printed(cast: Cast) -> None:
    row = violence(cast)
    made(cast, row, "intake-note", NOTE)
    kept = Issued.objects.unscoped("test").get()
    lines = [[text.replace("左前臂", "右前臂"), heading] for text, heading in kept.lines]

    with pen(PAPER_PEN):
        Issued.objects.unscoped("test").update(lines=lines)

    with pytest.raises(Refused, match="被改动过"):
        paper_of(cast.actor("chair"), row.key, 1)


def test_somebody_quicker_is_told_and_nothing_is_numbered_twice(cast: Cast) -> None:
    row = violence(cast)
    actor = cast.actor("chair")
    stale, values = case_for(actor, row.key)
    made(cast, row, "intake-note", NOTE)

    with pytest.raises(Conflict):
        issue(actor, stale, values, catalog().templates["intake-note"], NOTE, at=NOW)

    assert Issued.objects.unscoped("test").count() == 1


def test_papers_are_their_teams(cast: Cast) -> None:
    row = violence(cast)
    made(cast, row, "intake-note", NOTE)

    for who, sees in (("chair", True), ("officer", True), ("member", False), ("stranger", False)):
        assert (len(issued_of(cast.actor(who), row.key)) == 1) is sees
    with pytest.raises(Unseen):
        paper_of(cast.actor("member"), row.key, 1)


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def test_the_pages_lead_from_the_case_to_the_printed_file(cast: Cast) -> None:
    row = violence(cast)
    client = browser(cast, "chair")
    papers = reverse("case-papers", args=[row.key])
    new = reverse("case-paper-new", args=[row.key, "intake-note"])

    story = client.get(reverse("case", args=[row.key])).content.decode()
    before = client.get(papers).content.decode()
    wrong = client.post(new, NOTE | {"wish": ""})
    done = client.post(new, NOTE)
    after = client.get(papers).content.decode()
    word = client.get(reverse("case-paper", args=[row.key, 1, "docx"]))
    page = client.get(reverse("case-paper", args=[row.key, 1, "html"]))

    assert papers in story
    assert "还没有出具过文书" in before
    assert new in before
    assert wrong.status_code == 400
    assert "请填“她想要的”" in wrong.content.decode()
    assert "左前臂有淤青" in wrong.content.decode()  # nothing typed is lost
    assert done.status_code == 302
    assert f"家证-{row.number}-1" in after
    assert docx.Document(io.BytesIO(word.content)).paragraphs[0].text == "妇女权益保护接待记录"
    assert "沈女士" not in word["Content-Disposition"]
    assert (
        Entry.objects.unscoped("test").filter(kind="paper", key=row.key, act="view").count() == 2
    )  # who printed it is in the log
    assert "他昨晚又打我" in page.content.decode()
    assert client.get(reverse("case-paper", args=[row.key, 1, "pdf"])).status_code == 404
    assert browser(cast, "member").get(papers).status_code == 404


GOOD = """
code = "letter"
version = 1
name = "信"
title = "一封信"
prefix = "家信"
goes_to = ["other"]
source = "本县"

[[ask]]
code = "what"
name = "说什么"
type = "line"

[[part]]
paragraphs = ["{other}：{ask.what}"]
"""


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("{other}：", "{otter}：", "part[1].paragraphs[1]", "没有“{otter}”可以填"),
        ("{other}：", "{whereabouts}：", "part[1].paragraphs[1]", "没有“{whereabouts}”可以填"),
        ("{other}：", "{heard}：", "part[1].paragraphs[1]", "要给对方的文书不能印原话"),
        ("{ask.what}", "", "ask[1].code", "问了“说什么”，正文里却没有用到"),
        ('type = "line"', 'type = "choice"', "ask[1].options", "没有写可选的答案"),
        ('goes_to = ["other"]', 'goes_to = ["neighbour"]', "goes_to[1]", "不认识“neighbour”"),
        ('code = "letter"', 'code = "lettre"', "code", "文件名和里面的代号对不上"),
        ('prefix = "家信"', "", "prefix", "缺少“prefix”"),
    ],
)
def test_a_later_template_is_one_more_file_and_its_slips_are_told(
    tmp_path: Path, old: str, new: str, key: str, message: str
) -> None:
    file = tmp_path / "documents" / "letter.toml"
    file.parent.mkdir()
    file.write_text(GOOD, encoding="utf-8")
    assert check_catalog(TINY, tmp_path) == ()
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")

    told = [(item.file, item.key, item.message) for item in check_catalog(TINY, tmp_path)]

    assert ("documents/letter.toml", key, message) in told
