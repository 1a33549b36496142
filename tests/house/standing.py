"""What stands in the cast's county for the matrix and the search for leaks: in each village the same records, each
text of them marked with the village's own tree, so that a page that shows one can be told whose it shows.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.base import ContentFile

from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI, Period, now
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.exchange.imports.batches import Handed, settle_columns, take_in
from lianxin.exchange.imports.staging import read_on
from lianxin.exchange.taking import ask
from lianxin.files.shelf import Ref, keep
from lianxin.kinds.cases.actions import record_case, take_step
from lianxin.kinds.cases.documents_issue import issue
from lianxin.kinds.cases.models import Referral
from lianxin.kinds.cases.screens_one import case_for
from lianxin.kinds.visits.actions import withdraw_visit
from lianxin.kinds.visits.models import Difficulty
from lianxin.net.models import Appointment, Member, Organisation, Partner, Post
from lianxin.outreach.complaints import ComplaintDraft, submit_complaint
from lianxin.quality.claims import ClaimDraft, state_claim
from lianxin.register.models import Membership
from lianxin.reports.issues import freeze
from lianxin.terms.models import Committee
from lianxin.terms.preparing import prepare_change
from tests.cast import COUNTY, LIANFENG, MUQIAO, NOW, OTHER_COUNTY, SANXING, YONGLI, Cast

TREES = {LIANFENG: "梧桐", SANXING: "银杏", YONGLI: "香樟", MUQIAO: "水杉"}
NAMES = {
    LIANFENG: ("张桂英", "周根玉", "张小雨", "周小雨"),
    SANXING: ("诸葛芸", "诸小雨"),
    YONGLI: ("单建芳", "单小雨"),
    MUQIAO: ("曾红", "曾小雨"),
}
WRITERS = {LIANFENG: "chair", SANXING: "clerk", YONGLI: "next_clerk", MUQIAO: "strange_officer"}
LATER = dt.datetime(2022, 1, 5, 9, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Village:
    """Keys of what stands in one village. `delicate` ones carry the seal “staff”."""

    code: str
    household: str
    head: str
    child: str
    visit: str
    line: str
    care_visit: str
    care_line: str
    withdrawn: str
    listing: str
    closed_listing: str
    delicate_visit: str
    delicate_line: str
    delicate_listing: str
    complaint: str
    batch: str
    waiting: str
    taking: str
    paper: str
    case: str
    case_line: str
    case_paper: str


@dataclass(frozen=True)
class Mark:
    """A text that shows one record; `what` is register, visit, care (a visit of 节日慰问), file, or a delicate one."""

    text: str
    village: str
    what: str


def lay_villages(cast: Cast) -> dict[str, Village]:
    return {village: _village(cast, village) for village in TREES}


def marks() -> Iterator[Mark]:
    """Every text that could leak."""
    for village, tree in TREES.items():
        for name in NAMES[village]:
            yield Mark(name, village, "register")
        for what, told in (
            ("visit", "四"),
            ("care", "节"),
            ("delicate visit", "案"),
            ("visit", "撤"),
        ):
            for word in ("听到", "意见", "难处", "经办", "送的", "出资", "下次", "同去"):
                yield Mark(f"{tree}{told}{word}", village, what)
        yield Mark(f"{tree}缘由", village, "visit")
        yield Mark(f"{tree}批次", village, "care")
        yield Mark(f"{tree}家档", village, "file")
        yield Mark(f"{tree}女档", village, "file")
        yield Mark(f"{tree}证明", village, "file")
        yield Mark(f"{tree}离册", village, "file")
        yield Mark(f"{tree}童档", village, "delicate file")
        yield Mark(f"{tree}心愿", village, "delicate file")
        yield Mark(f"{tree}投诉", village, "complaint")
        yield Mark(f"{tree}名册", village, "import")
        yield Mark(f"{tree}错处", village, "import")
        for word in ("听到", "案由", "对方", "请办", "记事", "意愿", "材料"):
            yield Mark(f"{tree}个案{word}", village, "case")


def _taking(cast: Cast, who: str) -> str:
    return ask(
        cast.actor(who), path="/listings/ages/export/?months=3", title="快满岁数的孩子台账", why="核对台账", at=now()
    ).pk


def _village(cast: Cast, village: str) -> Village:
    tree, who = TREES[village], WRITERS[village]
    household = cast.households[village][0]
    head, child = _people(household)

    def visit(told: str, programme: str, reason: str, **more: object) -> str:
        record = cast.visit(who, subject=household, **_values(tree, told, programme, reason), **more)
        return record.key

    ordinary = visit("四", "four-musts", "hardship")
    care = visit("节", "festival-care", "national-day", answers={"festival-care.roster": f"{tree}批次"})
    delicate = visit("案", "minors-in-court", "after")
    withdrawn = visit("撤", "four-musts", "hardship")
    withdraw_visit(cast.actor(who), key=withdrawn, base=1, because=f"{tree}缘由", at=NOW)
    file = cast.listing("family-file", who, subject=household, note=f"{tree}家档")
    closed = cast.listing(
        "woman-file", who, subject_type="person", subject=head, note=f"{tree}女档",
        off_day="2021-09-01", off_why=f"{tree}离册",
    )  # fmt: skip
    child_file = cast.listing(
        "child-in-difficulty", who, subject_type="person", subject=child, note=f"{tree}童档",
        answers={"child-in-difficulty.wish": f"{tree}心愿"},
    )  # fmt: skip
    pdf = ContentFile(b"%PDF-1.4\n%%EOF")
    matter, asked = _case(cast, village)
    evidence = keep(cast.actor(who), record=Ref("case", matter), name=f"{tree}个案材料.pdf", upload=pdf, at=NOW)
    pdf = ContentFile(b"%PDF-1.4\n%%EOF")
    paper = keep(cast.actor(who), record=Ref("listing", file.key), name=f"{tree}证明.pdf", upload=pdf, at=NOW)
    complaint = submit_complaint(
        cast.actor(who), ComplaintDraft(new_id(), "other", f"{tree}投诉", page="/visits/"), now=NOW
    )
    return Village(
        code=village, household=household, head=head, child=child, visit=ordinary, line=_line(ordinary),
        batch=_import(cast, who, f"{tree}名册", f"{tree}错处", is_read=True),
        waiting=_import(cast, who, f"{tree}名册", f"{tree}错处 ", is_read=False),
        care_visit=care, care_line=_line(care), withdrawn=withdrawn, listing=file.key, closed_listing=closed.key,
        case=matter,
        case_line=asked,
        case_paper=evidence.id,
        taking=_taking(cast, who),
        delicate_visit=delicate, delicate_line=_line(delicate), delicate_listing=child_file.key, complaint=complaint,
        paper=paper.id,
    )  # fmt: skip


def _case(cast: Cast, village: str) -> tuple[str, str]:
    """What is its team's: taken in by the village's writer, who leads it."""
    tree, who = TREES[village], WRITERS[village]

    def said(word: str) -> str:
        return f"{tree}个案{word}"

    values = {
        "programme": "violence", "matter": "violence", "source": "grid", "day": "2021-12-20", "hour": "9:00",
        "gist": said("案由"), "heard": said("听到"), "household": cast.households[village][0],
        "parties": [{"role": "other", "name": said("对方")}], "safety": {"is_asked": "yes"},
    }  # fmt: skip
    actor = cast.actor(who)
    record = record_case(actor, key=new_id(), values=values, at=NOW).record
    steps = ({"act": "triage", "colour": "red", "note": said("记事")},
             {"act": "refer", "to": "司法所", "until": "2021-12-31", "note": said("请办")})  # fmt: skip
    for base, step in enumerate(steps, 1):
        take_step(actor, key=record.key, base=base, step=step, at=NOW)
    row, told = case_for(actor, record.key)
    note = {"who": said("谁来"), "wish": said("意愿")}
    issue(actor, row, told, catalog().templates["intake-note"], note, at=NOW)
    return record.key, Referral.objects.unscoped("test").get(record=record.key).line


def _import(cast: Cast, who: str, name: str, wrong: str, *, is_read: bool) -> str:
    """A table of one row with a wrong relation in it: read to the end, or its columns still to be settled."""
    actor = cast.actor(who)
    file = io.BytesIO(f"姓名,与户主关系\n,{wrong}\n".encode())
    batch = take_in(actor, "persons", Handed(file, f"{name}.csv"), at=NOW)
    if is_read:
        settle_columns(actor, batch.pk, ["name", "relation"], village="", at=NOW)
        read_on(actor, batch.pk, at=NOW)
    return batch.pk


def _values(tree: str, told: str, programme: str, reason: str) -> dict[str, object]:
    def said(word: str) -> str:
        return f"{tree}{told}{word}"

    return {
        "purposes": [{"programme": programme, "reasons": [reason]}],
        "heard": said("听到"),
        "opinions": [{"text": said("意见"), "idea": True}],
        "difficulties": [{"text": said("难处"), "state": "handling", "handler": said("经办")}],
        "givings": [{"what": "goods", "name": said("送的"), "amount": "10", "giver": said("出资")}],
        "next_on": "2021-12-30",
        "next_why": said("下次"),
        "companions": said("同去"),
    }


def _people(household: str) -> tuple[str, str]:
    rows = Membership.objects.unscoped("test").filter(household=household)
    people = {row.relation: row.person_id for row in rows}
    return people["head"], people["grandchild"]


def _line(visit: str) -> str:
    return Difficulty.objects.unscoped("test").get(record=visit).line


@dataclass(frozen=True)
class Offices:
    """Keys of what is not people's affairs: accounts, appointments, organisations, posts, reports, of one county."""

    account: str
    appointment: str
    organisation: str
    post: str
    issue: str
    change: str
    committee: str
    claim: str
    member: str
    partner: str


def lay_offices(cast: Cast) -> dict[str, Offices]:
    """By county: a village member's account, its federation with a post, a frozen report, a change of term."""
    return {
        COUNTY: _offices(cast, "member", LIANFENG, "officer", COUNTY),
        OTHER_COUNTY: _offices(cast, "stranger", MUQIAO, "strange_officer", OTHER_COUNTY),
    }


def _offices(cast: Cast, who: str, village: str, officer: str, county: str) -> Offices:
    account = cast.accounts[who]
    body = Organisation.objects.get(region=village)
    person, _ = _people(cast.households[village][0])
    post = Post.objects.create(
        person=person, account=account, organisation=body, title="执委", starts=dt.date(2020, 1, 1)
    )
    issue = freeze(
        cast.actor(officer), catalog().reports["annual-duties"], region=county, period=Period.of_year(2021), at=LATER
    )
    appointment = Appointment.objects.get(account=account)
    actor = cast.actor(officer)
    change = prepare_change(actor, region=county, level=Level.VILLAGE, name="换届", now=NOW)
    committee = Committee.objects.seen_by(actor).get(change_id=change.pk, region=village)
    told = ClaimDraft(village, "files.family", "2021", "3", "村年报")
    claim = state_claim(actor, told, now=NOW)
    member = Member.objects.create(organisation=body, person=person, role="讲师", starts=dt.date(2020, 1, 1))
    partner = Partner.objects.create(organisation=body, name="外县妇联", place="外省外县", starts=dt.date(2020, 1, 1))
    own = (account.pk, str(appointment.pk), body.pk, str(post.pk), issue.id, change.pk, committee.pk, claim.pk)
    return Offices(*own, member=member.pk, partner=partner.pk)
