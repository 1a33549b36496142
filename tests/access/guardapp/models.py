"""Three guarded tables that point at one another, and an open one."""

from __future__ import annotations

from django.db import models

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb

SCOPED = Guard(read=Verb.REGISTER_READ, pen="guardapp", columns=Columns(region="region", town="town", county="county"))


class Office(models.Model):
    """An open table, like organisations."""

    name = models.CharField(max_length=40)

    class Meta:
        app_label = "guardapp"

    def __str__(self) -> str:
        return self.name


class Scoped(Guarded):
    region = models.CharField(max_length=12)
    town = models.CharField(max_length=9)
    county = models.CharField(max_length=6)
    guard = SCOPED

    class Meta(Guarded.Meta):
        abstract = True


class House(Scoped):
    title = models.CharField(max_length=40)

    class Meta(Scoped.Meta):
        app_label = "guardapp"

    def __str__(self) -> str:
        return self.title


class Dweller(Scoped):
    house = models.ForeignKey(House, models.CASCADE, related_name="dwellers")
    name = models.CharField(max_length=40)

    class Meta(Scoped.Meta):
        app_label = "guardapp"

    def __str__(self) -> str:
        return self.name


class Call(Scoped):
    house = models.ForeignKey(House, models.PROTECT, related_name="calls")
    dweller = models.ForeignKey(Dweller, models.PROTECT, related_name="calls", null=True)
    earlier = models.ForeignKey("self", models.SET_NULL, related_name="later", null=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", null=True)
    uid = models.CharField(max_length=26, unique=True)
    times = models.IntegerField(default=1)

    class Meta(Scoped.Meta):
        app_label = "guardapp"

    def __str__(self) -> str:
        return self.uid
