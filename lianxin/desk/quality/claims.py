"""Pages of claims: what others counted beside our own count, stating one, taking one back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import Period, Span, now, today
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for, place_fields
from lianxin.desk.asking import FormPage
from lianxin.net.colleagues import account_names
from lianxin.net.regions import path_name
from lianxin.quality.claims import ClaimDraft, Compared, claim_for, claims_beside, state_claim, withdraw_claim
from lianxin.quality.models import Claim
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Crumb, Row, Table
from lianxin.ui.say import say_number
from lianxin.ui.screen import Screen

MOST = 60
YEARS = 10


@dataclass(frozen=True, slots=True)
class ClaimsPage:
    table: Table
    may_state: bool
    export: str
    crumbs: tuple[Crumb, ...]


class Claims(Screen):
    """Every claim of her area, newest first, each beside our own count of today."""

    needs = Verb.LISTING_READ
    template = "desk/quality/claims.html"
    title = "别处报的数"
    room = "figures"

    def get(self, request: object) -> HttpResponse:
        rows = Claim.objects.seen_by(self.actor).filter(is_void=False).order_by("-stated_at", "-id")[:MOST]
        compared = list(claims_beside(self.actor, rows))
        page = ClaimsPage(
            table=_table(self.actor, compared),
            may_state=bool(self.actor.may(Verb.LISTING_RECORD)),
            export=reverse("claims-export") if self.actor.may_take_out(Verb.LISTING_READ) else "",
            crumbs=(Crumb("数字", reverse("figures")), Crumb(self.title)),
        )
        return self.render(page)


def _table(actor: Actor, compared: Iterable[Compared]) -> Table:
    listed = list(compared)
    names = account_names(each.claim.stated_by for each in listed)
    rows = tuple(Row(_cells(actor, each, names.get(each.claim.stated_by, ""))) for each in listed)
    columns = (
        Column(label="什么数", is_key=True),
        Column(label="哪里、哪一段"),
        Column(label="谁数的"),
        Column(label="报的", kind="number"),
        Column(label="底账", kind="number"),
        Column(label="相差"),
    )
    empty = "还没有登记。镇里、别的部门自己数过一个数，记在这里，和底账对一对。"
    return Table(caption="别处报的数", columns=columns, rows=rows, empty=empty)


def _cells(actor: Actor, each: Compared, by: str) -> tuple[Cell | str, ...]:
    claim, unit = each.claim, each.spec.unit if each.spec else ""
    figure = ""
    if each.spec:
        asked = urlencode({"region": claim.region, "period": claim.period})
        figure = f"{reverse('figure', args=[claim.indicator])}?{asked}"
    may_withdraw = actor.may(Verb.LISTING_RECORD, region=claim.region)
    return (
        Cell(
            text=each.spec.name if each.spec else claim.indicator,
            href=reverse("claim-withdraw", args=[claim.pk]) if may_withdraw else "",
            note=claim.note,
        ),
        Cell(text=path_name(claim.region), note=each.period.name),
        Cell(text=claim.counted_by, note=f"{by}登记" if by else ""),
        Cell(text=say_number(claim.value), unit=unit),
        Cell(text=say_number(each.ours), unit=unit if each.ours is not None else "", href=figure),
        _difference(each.difference, unit),
    )


def _difference(difference: Decimal | None, unit: str) -> Cell:
    if difference is None:
        return Cell(text="不能比", tone="soft")
    if difference == 0:
        return Cell(text="一致", tone="green")
    word = "多报" if difference > 0 else "少报"
    return Cell(text=f"{word} {say_number(abs(difference))} {unit}".strip(), tone="yellow")


class NewClaim(Screen):
    """Somebody else counted: what, where, of which days, how many."""

    needs = Verb.LISTING_RECORD
    template = "desk/quality/claim_new.html"
    title = "登记别处报的数"
    room = "figures"
    fragments = {"place": "desk/accounts/_place.html"}

    def get(self, request: object) -> HttpResponse:
        return self._page(claim_form(self.actor))

    def post(self, request: object) -> HttpResponse:
        typed = claim_form(self.actor).bind(self.request.POST)
        form = claim_form(self.actor, typed=typed)
        if NARROW in self.request.POST:
            return self._page(form)
        try:
            state_claim(self.actor, _draft(form), now=now())
        except (Refused, Problems) as error:
            return self._page(form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, "登记好了，和底账对在一起了。")
        return redirect("claims")

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "只是放在一起对一对，底账的数不会因此改变。"
        crumbs = (Crumb("别处报的数", reverse("claims")), Crumb(self.title))
        page = FormPage(self.title, gist, "登记", form, crumbs, whole=names_of_steps(form, "全部"))
        return self.render(page, status=status)


def claim_form(actor: Actor, *, typed: Form | None = None) -> Form:
    counted = [spec for spec in catalog().indicators.values() if spec.fold != "ratio" and not spec.of]
    form = Form(
        (
            Field(
                name="indicator",
                label="什么数",
                type=FieldType.CHOICE,
                options=tuple(Option(spec.code, f"{spec.name}（{spec.unit}）") for spec in counted),
                required=True,
            ),
            *place_fields(actor, Verb.LISTING_RECORD, typed),
            Field(
                name="period",
                label="哪一段",
                type=FieldType.CHOICE,
                options=tuple(Option(period.code, period.name) for period in _periods()),
                required=True,
                help="在册的数，按这一段的最后一天对。",
            ),
            Field(name="value", label="报的数", type=FieldType.NUMBER, required=True),
            Field(name="counted_by", label="谁数的", required=True, limit=60, placeholder="凤桥镇年报"),
            Field(name="note", label="说明", limit=200),
        )
    )
    if typed is None:
        return form
    kept = ("indicator", "period", "value", "counted_by", "note")
    return form.fill({name: typed.raws(name) for name in kept})


def _periods() -> tuple[Period, ...]:
    """The years, quarters and months that have begun, newest first."""
    this_year = today().year
    years = [Period.of_year(year) for year in range(this_year, this_year - YEARS, -1)]
    parts = [part for year in years for span in (Span.QUARTER, Span.MONTH) for part in reversed(year.parts(span))]
    return tuple(period for period in (*years, *parts) if period.start <= today())


def _draft(form: Form) -> ClaimDraft:
    return ClaimDraft(
        region=chosen_place(form),
        indicator=form.chosen("indicator"),
        period=form.chosen("period"),
        value=form.raw("value"),
        counted_by=form.raw("counted_by"),
        note=form.raw("note"),
    )


class WithdrawClaim(Screen):
    """Take a claim back, with a reason."""

    needs = Verb.LISTING_RECORD
    template = "desk/form.html"
    title = "撤回这一条"
    room = "figures"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(claim_for(self.actor, key), _because())

    def post(self, request: object, key: str) -> HttpResponse:
        form = _because().bind(self.request.POST)
        try:
            withdraw_claim(self.actor, key, because=form.raw("because"))
        except (Refused, Problems) as error:
            return self._page(claim_for(self.actor, key), form.refuse(mendable(error)), status=400)
        tell(self.request, "撤回了。")
        return redirect("claims")

    def _page(self, claim: Claim, form: Form, *, status: int = 200) -> HttpResponse:
        spec = catalog().indicators.get(claim.indicator)
        named = spec.name if spec else claim.indicator
        gist = f"{path_name(claim.region)}，{named}，{claim.counted_by}报 {say_number(claim.value)}。"
        crumbs = (Crumb("别处报的数", reverse("claims")), Crumb(self.title))
        return self.render(FormPage(self.title, gist, "撤回", form, crumbs), status=status)


def _because() -> Form:
    return Form((Field(name="because", label="为什么撤回", required=True, limit=200),))
