"""The app's name for Django."""

from django.apps import AppConfig


class Files(AppConfig):
    name = "lianxin.files"
    label = "files"
    verbose_name = "材料"
