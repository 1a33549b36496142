"""The word index beside the table: FTS5 on SQLite, an array under GIN on PostgreSQL."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianxin.records import keywords


def create(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    keywords.create(editor, "listings_listing")


def drop(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    keywords.drop(editor, "listings_listing")


class Migration(migrations.Migration):
    dependencies = [("listings", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
