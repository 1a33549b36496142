"""Rows of the net: regions, organisations, posts, accounts, appointments. Rules stand beside, by subject.

Regions are public; who sees organisations and accounts is asked by the list functions. Nothing here is a household's.
"""

from __future__ import annotations

from typing import Any, ClassVar, Never

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from lianxin.base.codes import Level
from lianxin.base.ids import new_id
from lianxin.vault.box import HASH_LENGTH
from lianxin.vault.boxes import Boxes, also
from lianxin.vault.fields import SealedField

LEVELS = [(int(level), level.label) for level in Level]


class Region(models.Model):
    """One code of the net. Grids (15 digits) are our own; all else is the national list."""

    code = models.CharField("区划代码", max_length=15, primary_key=True)
    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("层级", choices=LEVELS)
    parent = models.CharField("上级", max_length=12, blank=True, db_index=True)
    successor = models.CharField("并入", max_length=15, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    hidden = models.BooleanField("只作编码用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "区划"
        constraints = [
            models.CheckConstraint(
                condition=Q(successor="") | Q(withdrawn_on__isnull=False), name="region_successor_needs_withdrawal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


# The two types of catalog/organisations.toml that the code itself speaks of; all others are data only.
FEDERATION, UNIT = "federation", "unit"


class Organisation(models.Model):
    """A body of the net. `parent` leads it; `host` is the unit that houses it (机关、企业、社会组织).

    `type`, `mode`, `field` and the items of `standard` are codes of catalog/organisations.toml. A body whose two days
    are the same was entered by mistake and never stood.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    name = models.CharField("名称", max_length=80)
    type = models.CharField("类型", max_length=40, db_index=True)
    level = models.PositiveSmallIntegerField("层级", choices=LEVELS)
    region = models.CharField("所在区划", max_length=15, db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级组织")
    host = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="依托单位")
    rebuilt_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="由哪个组织改建"
    )
    mode = models.CharField("组建方式", max_length=40, blank=True)
    field = models.CharField("“四新”领域", max_length=40, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    contact = models.CharField("找谁", max_length=40, blank=True)
    standard = models.JSONField("做到了标准的哪几项", default=list, blank=True)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    is_demo = models.BooleanField("演示", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "组织"
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(dissolved_on__gte=F("founded_on")),
                name="organisation_dissolved_after_founded",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """A body outside the county that an organisation works with: not ours to register, so a name and a place."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织")
    name = models.CharField("对方", max_length=80)
    place = models.CharField("在哪里", max_length=60)
    purpose = models.CharField("一起做什么", max_length=200, blank=True)
    starts = models.DateField("从哪天起")
    ends = models.DateField("到哪天止（不含）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "共建伙伴"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="partner_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """That an organisation or a person of the register belongs to a body (联盟、讲师团、“X+N”), from a day on."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织")
    body = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="成员单位"
    )
    person = models.CharField("成员", max_length=26, blank=True, db_index=True)
    role = models.CharField("在里面做什么", max_length=40, blank=True)
    starts = models.DateField("加入日期")
    ends = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "成员"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="member_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=False, person="") | (Q(body__isnull=True) & ~Q(person="")),
                name="member_is_body_or_person",
            ),
        ]

    def __str__(self) -> str:
        return self.role or "成员"


class Rota(models.Model):
    """Who hosts in turn 轮值: `order` names bodies and partners by key, one period each, beginning with `starts`."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+", verbose_name="组织")
    period = models.CharField("多久一轮", max_length=8)
    starts = models.DateField("从哪个月起")
    order = models.JSONField("次序", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "轮值"

    def __str__(self) -> str:
        return self.period


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts without asking who may: callers outside tests use `lianxin.net.accounts`."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=username.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=(username or "").strip().lower())


class Theme(models.TextChoices):
    AUTO = "auto", "跟随系统"
    LIGHT = "light", "浅色"
    DARK = "dark", "深色"


class Account(AbstractBaseUser):
    """Somebody who signs in. What she may do stands in her appointments; who she is, in the register under `person`."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("显示名", max_length=40)
    person = models.CharField("对应的人", max_length=26, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录要改密码", default=False)
    theme = models.CharField("外观", max_length=5, choices=Theme, default=Theme.AUTO)
    elder = models.BooleanField("长辈版", default=False)
    created_at = models.DateTimeField("开通时间", auto_now_add=True)
    created_by = models.CharField("开通人", max_length=26, blank=True)
    is_demo = models.BooleanField("演示", default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.name or self.username


class Appointment(models.Model):
    """A role granted to an account at a place, from a day to before a day. Ended, never deleted."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="账号")
    role = models.CharField("角色", max_length=40)
    region = models.CharField("区域", max_length=15, blank=True, db_index=True)
    programmes = models.JSONField("限于这些工作", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在组织"
    )
    starts = models.DateField("起")
    ends = models.DateField("止（不含）", null=True, blank=True)
    granted_at = models.DateTimeField("授予时间", auto_now_add=True)
    granted_by = models.CharField("授予人", max_length=26)
    because = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "授岗"
        constraints = [
            # Equal days are an appointment taken back before its first day: it never was in force.
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="appointment_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.region}"


class Post(models.Model):
    """A person's title in an organisation for a term: starts, ends, half-open. Grants nothing by itself."""

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    person = models.CharField("人", max_length=26, db_index=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="组织")
    title = models.CharField("职务", max_length=40)
    starts = models.DateField("任职日期")
    ends = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="post_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChangeKind(models.TextChoices):
    CREATED = "created", "开通账号"
    APPOINTED = "appointed", "授予岗位"
    ENDED = "ended", "结束岗位"
    DEACTIVATED = "deactivated", "停用账号"
    REACTIVATED = "reactivated", "恢复账号"
    PASSWORD_RESET = "password-reset", "重置密码"
    PASSWORD_CHANGED = "password-changed", "本人修改密码"
    RENAMED = "renamed", "改姓名"
    FACTOR_SET = "factor-set", "本人开通动态码"
    FACTOR_LEFT = "factor-left", "本人换动态码"
    FACTOR_RESET = "factor-reset", "取消动态码"
    SIGNED_OUT = "signed-out", "退出全部登录"
    CONFIRMED = "confirmed", "复核：还要"
    WITHDRAWN = "withdrawn", "复核：收回岗位"
    LEFT = "left", "离岗"


class AppendOnly(models.QuerySet[Any]):
    """Rows that are written once: no update, no delete."""

    def update(self, **_: Any) -> Never:
        raise TypeError("this log is only ever added to")

    def delete(self) -> Never:
        raise TypeError("this log is only ever added to")


class AccountChange(models.Model):
    """Who did what to whose account, when: ids and, of a new name, the old one. Written once."""

    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.CharField("谁", max_length=26)
    kind = models.CharField("做了什么", max_length=20, choices=ChangeKind)
    account = models.CharField("对谁", max_length=26, db_index=True)
    appointment = models.CharField("哪个岗位", max_length=26, blank=True)
    was = models.CharField("原来叫", max_length=40, blank=True)
    because = models.CharField("为什么", max_length=200, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账号变动"

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("this log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise TypeError("this log is only ever added to")


class OrganisationChange(models.Model):
    """What was changed of an organisation: each value before and after, who and when. Written once."""

    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.CharField("谁", max_length=26)
    organisation = models.CharField("哪个组织", max_length=26, db_index=True)
    what = models.CharField("做了什么", max_length=20)
    said = models.JSONField("改了什么", default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "组织变动"

    def __str__(self) -> str:
        return self.what

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("this log is only ever added to")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise TypeError("this log is only ever added to")


class Sitting(models.Model):
    """One browser that is signed in, or about to be: what Django calls a session.

    The key that its cookie holds is kept as a hash and what it says is sealed: a stolen table signs nobody in.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    mark = models.CharField(max_length=64, unique=True)
    account = models.CharField("谁", max_length=26, blank=True, db_index=True)
    device = models.CharField("用什么登录", max_length=40, blank=True)
    began_at = models.DateTimeField("开始")
    seen_at = models.DateTimeField("最近一次用")
    ends_at = models.DateTimeField("最晚到什么时候", db_index=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = "登录着的"

    def __str__(self) -> str:
        return self.id


class SecondFactor(models.Model):
    """The secret that an account's telephone counts with. `last_step`: the newest half-minute whose code was taken."""

    account = models.CharField(primary_key=True, max_length=26)
    secret = SealedField(context="account.second-factor")
    since = models.DateTimeField("从什么时候")
    last_step = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "动态码"

    def __str__(self) -> str:
        return self.account


class RecoveryCode(models.Model):
    """A way in for whoever has lost her telephone; each once. Keyed hashes only."""

    account = models.CharField(max_length=26, db_index=True)
    mark = models.CharField(max_length=HASH_LENGTH)
    used_at = models.DateTimeField("用掉的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return self.account


class SignInFailure(models.Model):
    """One wrong password. Keyed hashes only: people type passwords into name fields."""

    at = models.DateTimeField("时间")
    username = models.CharField(max_length=32)
    device = models.CharField(max_length=32, blank=True)
    address = models.CharField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
        indexes = [
            models.Index(fields=["username", "at"], name="signin_failure_username"),
            models.Index(fields=["address", "at"], name="signin_failure_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


also(Boxes("net_sitting", "id", "sealed", "session".format))
