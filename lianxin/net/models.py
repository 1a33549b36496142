"""STUB: replaced by the net room."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lianxin.base.ids import new_id


class Account(AbstractBaseUser):
    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    username = models.CharField(max_length=40, unique=True)
    USERNAME_FIELD = "username"
    objects: ClassVar[BaseUserManager["Account"]] = BaseUserManager()
