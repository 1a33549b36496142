"""What is being taken in: batches, their file while it is read, their rows, and which column meant what last time.

What rows say is sealed, names and all, and is emptied once a row has been applied.
"""

from __future__ import annotations

from django.db import models

from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb
from lianxin.base.ids import LENGTH as KEY
from lianxin.base.ids import new_id
from lianxin.vault.box import HASH_LENGTH as HASH
from lianxin.vault.boxes import Boxes, also
from lianxin.vault.fields import SealedField

PEN = "imports"


class Stage(models.TextChoices):
    """How far a batch has come."""

    COLUMNS = "columns", "等您核对各列"
    READING = "reading", "正在读"
    READY = "ready", "读完了，还没有导入"
    APPLYING = "applying", "正在导入"
    APPLIED = "applied", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "没有导入，已丢弃"


class Staged(Guarded):
    """Rows of the imports: of the place whose post brought them in, seen by whom `batches.seen_by` lets see."""

    region = models.CharField("哪里的岗位", max_length=15, blank=True)
    guard = Guard(read=Verb.IMPORT, pen=PEN)

    class Meta(Guarded.Meta):
        abstract = True


class Batch(Staged):
    """One file taken in by one person. Counts are of rows."""

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    kind = models.CharField("导入什么", max_length=20)
    county = models.CharField("县（区）", max_length=6)
    village = models.CharField("没写村的都算", max_length=12, blank=True)
    by = models.CharField("谁", max_length=KEY)
    at = models.DateTimeField("交来的时间")
    file_name = models.CharField("文件", max_length=120)
    digest = models.CharField(max_length=HASH)
    stage = models.CharField("到哪一步", max_length=10, choices=Stage, default=Stage.COLUMNS)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    header = models.PositiveIntegerField("表头的最后一行", default=0)
    columns = models.JSONField("各列", default=list)  # [{"label", "field"}], by place
    notes = models.JSONField("说明", default=list)
    preview = SealedField("前几行", context="import.preview")
    read_to = models.PositiveIntegerField(default=0)
    done_to = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)
    because = models.CharField("为什么撤销", max_length=200, blank=True)
    changed_at = models.DateTimeField("最后一次动")

    class Meta(Staged.Meta):
        verbose_name = verbose_name_plural = "导入"
        indexes = [
            models.Index(fields=["region", "-id"], name="import_region"),
            models.Index(fields=["by", "digest"], name="import_digest"),
        ]

    def __str__(self) -> str:
        return self.id


class Block(Staged):
    """A piece of a batch's file, sealed; gone once the file has been read."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    no = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta(Staged.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "no"], name="import_block_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.no}"


also(Boxes("exchange_block", "id", "sealed", "import.file:{}:{}".format, ("batch_id", "no")))


class State(models.TextChoices):
    """What is to become of a row, or became of it."""

    GOOD = "good", "可以导入"
    BAD = "bad", "有错"
    KNOWN = "known", "已在册"
    ASK = "ask", "可能已在册，等您定"
    APPLIED = "applied", "已导入"
    FAILED = "failed", "没有导入"
    UNDONE = "undone", "已撤销"
    KEPT = "kept", "后来有人改过，没有撤销"


class StagedRow(Staged):
    """One row of the sheet. `unit` keeps together what is applied together: the rows of a household.

    `key` is the id that its record or person has or will have, `home` its household's; `found` who it seems to be.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    row = models.PositiveIntegerField("第几行")
    unit = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State)
    key = models.CharField(max_length=KEY, blank=True)
    home = models.CharField(max_length=KEY, blank=True)
    found = models.CharField(max_length=KEY, blank=True)
    mark = models.CharField(max_length=HASH, blank=True)  # keyed hash of what must not come twice
    said = SealedField("内容", context="import.row")
    problems = models.JSONField(default=list)  # [[column, message]]

    class Meta(Staged.Meta):
        verbose_name = verbose_name_plural = "导入的行"
        constraints = [models.UniqueConstraint(fields=["batch", "row"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "unit"], name="import_row_unit"),
            models.Index(fields=["batch", "state", "row"], name="import_row_state"),
            models.Index(fields=["batch", "mark"], name="import_row_mark", condition=~models.Q(mark="")),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"


class Remembered(models.Model):
    """What a column of this name meant last time, by kind and county; no person's affair."""

    kind = models.CharField(max_length=20)
    county = models.CharField(max_length=6)
    label = models.CharField(max_length=60)
    field = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "county", "label"], name="import_column_once")]

    def __str__(self) -> str:
        return f"{self.label} → {self.field}"


TAKINGS = "takings"


class TakingState(models.TextChoices):
    """How far a request for a protected list has come."""

    ASKED = "asked", "等另一位批准"
    GRANTED = "granted", "已批准，还没导出"
    REFUSED = "refused", "没有批准"
    TAKEN = "taken", "已导出"


class Taking(Guarded):
    """A request to take out a protected list. `mark` finds it again by who asked and which list."""

    id = models.CharField(primary_key=True, max_length=KEY)
    region = models.CharField("哪里的岗位", max_length=15, blank=True)
    asked_by = models.CharField("谁要", max_length=KEY)
    asked_at = models.DateTimeField("什么时候")
    title = models.CharField("哪份台账", max_length=60)
    path = SealedField("地址", context="taking.path")
    why = SealedField("为什么", context="taking.why")
    mark = models.CharField(max_length=HASH)
    state = models.CharField(max_length=8, choices=TakingState)
    until = models.DateTimeField("到什么时候")
    decided_by = models.CharField("谁办的", max_length=KEY, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    guard = Guard(read=Verb.EXPORT, pen=TAKINGS)

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "导出申请"
        indexes = [models.Index(fields=["region", "asked_at"], name="taking_region_asked")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"
