"""The word index beside the table. It stays empty: what is its team's is not filed; the house expects one of each kind."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianxin.records import keywords


def create(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    keywords.create(editor, "cases_case")


def drop(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    keywords.drop(editor, "cases_case")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
