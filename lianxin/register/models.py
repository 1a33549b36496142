"""Rows of the register: households, people, who lived where when, forms to find them by, and who changed or looked.

Every row carries its village, town and county: the scope of whoever reads it. Keys point inside the room only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Never

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Manager, Q

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded, GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.base.ids import LENGTH as KEY
from lianxin.base.ids import new_id
from lianxin.register.drafts import Apart, Leaving, Relation
from lianxin.vault.box import HASH_LENGTH as HASH
from lianxin.vault.fields import Kind, SealedField
from lianxin.vault.identity import Sex

PEN = "register"


class Located(Guarded):
    """A row of one village."""

    region = models.CharField("村（社区）", max_length=12)
    town = models.CharField("镇（街道）", max_length=9)
    county = models.CharField("县（区）", max_length=6)
    guard = Guard(read=Verb.REGISTER_READ, pen=PEN, columns=Columns(region="region", town="town", county="county"))

    class Meta(Guarded.Meta):
        abstract = True


class Household(Located):
    """A household, once. `head` is a person's key, "" where nobody is left."""

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    grid = models.CharField("网格", max_length=15, blank=True)
    place = models.CharField("门牌", max_length=60, blank=True)
    head = models.CharField("户主", max_length=KEY, blank=True)
    phone = SealedField("电话", context="household.phone", kind=Kind.PHONE)
    phone_hash = models.CharField(max_length=HASH, blank=True)
    phone_tail_hash = models.CharField(max_length=HASH, blank=True)
    since = models.DateField("建户日期")
    until = models.DateField("销户日期", null=True, blank=True)
    is_demo = models.BooleanField("演示", default=False)
    into = models.CharField("并到", max_length=KEY, blank=True, default="", db_default="")

    class Meta(Located.Meta):
        verbose_name = verbose_name_plural = "户"
        indexes = [
            models.Index(fields=["region", "place"], name="household_region_place"),
            models.Index(fields=["phone_tail_hash"], name="household_phone_tail"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="household_until_after_since"
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Person(Located):
    """A natural person, once. Her village is that of the household she is in, or was last in."""

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=6, blank=True, choices=[(sex.value, sex.label) for sex in Sex])
    birth = models.DateField("出生日期", null=True, blank=True)
    died_on = models.DateField("去世日期", null=True, blank=True)
    # "" where a number was kept before kinds were told apart: a resident's, then.
    id_kind = models.CharField("证件种类", max_length=12, blank=True, default="", db_default="")
    id_number = SealedField("证件号", context="person.id_number", kind=Kind.ID_NUMBER)
    # NULL, not "": a unique column lets many be without, and its one index serves the search too.
    id_hash = models.CharField(max_length=HASH, null=True, blank=True)  # noqa: DJ001
    id_tail_hash = models.CharField(max_length=HASH, blank=True)
    phone = SealedField("电话", context="person.phone", kind=Kind.PHONE)
    phone_hash = models.CharField(max_length=HASH, blank=True)
    phone_tail_hash = models.CharField(max_length=HASH, blank=True)
    is_demo = models.BooleanField("演示", default=False)
    into = models.CharField(
        "并到", max_length=KEY, blank=True, default="", db_default=""
    )  # "" for who stands for herself

    class Meta(Located.Meta):
        verbose_name = verbose_name_plural = "人"
        indexes = [
            models.Index(fields=["phone_tail_hash"], name="person_phone_tail"),
            models.Index(fields=["id_tail_hash"], name="person_id_tail"),
            models.Index(fields=["county", "birth"], name="person_county_birth"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id_hash"], name="person_exists_once"),
            models.CheckConstraint(condition=~Q(id_hash=""), name="person_id_hash_is_null_or_filled"),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(birth__isnull=True) | Q(died_on__gte=F("birth")),
                name="person_died_after_birth",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Membership(Located):
    """Somebody in a household from a day to before a day. Its village is the household's of today."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    relation = models.CharField("与户主关系", max_length=12, choices=[(each.value, each.label) for each in Relation])
    starts = models.DateField("起")
    ends = models.DateField("止（不含）", null=True, blank=True)
    ended_why = models.CharField(
        "离开原因", max_length=12, blank=True, choices=[(each.value, each.label) for each in Leaving]
    )

    class Meta(Located.Meta):
        verbose_name = verbose_name_plural = "家庭成员"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ends__isnull=True), name="membership_one_household_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="membership_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.relation}"


class Residence(Located):
    """Where a household was at home, from a day to before a day. Its village stays what it was then."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    starts = models.DateField("起")
    ends = models.DateField("止（不含）", null=True, blank=True)

    class Meta(Located.Meta):
        verbose_name = verbose_name_plural = "居住地"
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ends__isnull=True), name="residence_one_home_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="residence_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.region}"


class Domicile(Located):
    """Where somebody is registered (户籍) as against where she lives, said for one village from a day to before a day.

    Once she has moved to another village it says nothing of her any more: there it has to be asked anew.
    """

    person = models.CharField("人", max_length=KEY)
    state = models.CharField("户籍", max_length=16, choices=[(each.value, each.label) for each in Apart])
    elsewhere = SealedField("外地的地址", context="domicile.elsewhere", kind=Kind.TEXT)
    starts = models.DateField("起")
    ends = models.DateField("止（不含）", null=True, blank=True)

    class Meta(Located.Meta):
        verbose_name = verbose_name_plural = "户籍"
        indexes = [models.Index(fields=["county", "state", "region"], name="domicile_county_state")]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ends__isnull=True), name="domicile_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="domicile_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.state}"


if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class FormField(_Text):
    """Text compared sign by sign, so that a prefix is one range of an index. PostgreSQL's languages sort otherwise."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        bytewise = "C" if connection.vendor == "postgresql" else None  # SQLite's default is bytewise already
        return {**super().db_parameters(connection), "collation": bytewise}


class NameForm(Located):
    """One form somebody or some house is found by. Made from Person and Household, and can be made again."""

    class Kind(models.TextChoices):
        NAME = "name", "姓名"
        PART = "part", "姓名的一部分"
        FULL = "full", "全拼"
        INITIALS = "initials", "首字母"
        SOUND = "sound", "读音"
        PLACE = "place", "门牌"

    person = models.CharField(max_length=KEY, blank=True)  # "" for a house
    household = models.CharField(max_length=KEY, blank=True)  # "" for somebody who is in none now
    form = FormField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta(Located.Meta):
        indexes = [
            # One index for every level of reader: a prefix is one range of it, and a village's few entries are picked
            # out of the county's on the way, without a look at the table. Measured against an index a level.
            models.Index(fields=["county", "form", "region"], name="nameform_county_form_region"),
        ]

    def __str__(self) -> str:
        return self.kind


class Merge(Guarded):
    """That `gone` stands for `kept` from a moment on, and what it takes to undo it. Seen where both were at home.

    `region` is the ground the two had in common: a village, a town, a county; `town` and `county` "" above.
    """

    region = models.CharField(max_length=12)
    town = models.CharField(max_length=9, blank=True)
    county = models.CharField(max_length=6, blank=True)
    kind = models.CharField("什么", max_length=12)  # household, person
    kept = models.CharField("保留", max_length=KEY)
    gone = models.CharField("并入", max_length=KEY)
    taken = models.JSONField("取另一条的栏", default=list)
    undo = SealedField("原样", context="merge.undo", kind=Kind.TEXT)
    because = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间")
    by = models.CharField("谁", max_length=KEY)
    undone_at = models.DateTimeField("拆开时间", null=True, blank=True)
    undone_by = models.CharField("谁拆开", max_length=KEY, blank=True)
    undone_why = models.CharField("为什么拆开", max_length=200, blank=True)
    guard = Guard(read=Verb.REGISTER_READ, pen=PEN, columns=Columns(region="region", town="town", county="county"))

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "合并"
        indexes = [models.Index(fields=["kept"], name="merge_kept")]
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="merge_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


class Suspect(Guarded):
    """Two people who may be one, open until somebody merges them or says they are two. Seen where both are at home."""

    region = models.CharField(max_length=12)
    town = models.CharField(max_length=9, blank=True)
    county = models.CharField(max_length=6, blank=True)
    one = models.CharField(max_length=KEY)  # the smaller key
    other = models.CharField(max_length=KEY)
    score = models.SmallIntegerField("像不像")
    reasons = models.JSONField("为什么", default=list)
    found_at = models.DateTimeField("找到时间")
    settled = models.CharField("结果", max_length=8, blank=True)  # other, merged
    because = models.CharField("事由", max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=KEY, blank=True)
    guard = Guard(read=Verb.REGISTER_READ, pen=PEN, columns=Columns(region="region", town="town", county="county"))

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "疑似重复"
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="suspect_once")]

    def __str__(self) -> str:
        return f"{self.one} {self.other}"


class AddedTo(GuardedQuerySet[Any]):
    """Rows that are written once: no update, no delete."""

    def update(self, **_: Any) -> Never:
        raise TypeError("this log is only ever added to")

    def delete(self) -> Never:
        raise TypeError("this log is only ever added to")


class Log(Located):
    """Who did what when, ids only, written once."""

    at = models.DateTimeField("时间")
    by = models.CharField("谁", max_length=KEY)
    kind = models.CharField("什么", max_length=12)  # household, person
    key = models.CharField("哪一个", max_length=KEY)
    because = models.CharField("事由", max_length=200, blank=True)
    objects: ClassVar[Manager[Any]] = AddedTo.as_manager()

    class Meta(Located.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("this log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise TypeError("this log is only ever added to")


class Change(Log):
    """One change. `fields` names what changed: [{"field", "old", "new"}], masked; of sealed ones nothing is said."""

    household = models.CharField("哪一户", max_length=KEY, blank=True)
    act = models.CharField("做了什么", max_length=12)
    fields = models.JSONField("改了哪些", default=list)

    class Meta(Log.Meta):
        verbose_name = verbose_name_plural = "变动"
        indexes = [models.Index(fields=["household"], name="change_household")]

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.key}"
