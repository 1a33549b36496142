"""PostgreSQL's word index in parts, a drawer's rows together; `lianxin prepare` fills it again."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianxin.records import keywords


def in_parts(_: Any, editor: BaseDatabaseSchemaEditor) -> None:
    keywords.lay_in_parts(editor, "listings_listing")


class Migration(migrations.Migration):
    dependencies = [("listings", "0003_lists_at_full_size"), ("records", "0002_filing")]
    operations = [migrations.RunPython(in_parts, migrations.RunPython.noop)]
