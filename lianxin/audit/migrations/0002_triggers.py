from django.db import migrations

from lianxin.audit import triggers

TABLES = ("audit_entry", "audit_reason")


def lay(apps, schema_editor):
    triggers.install(schema_editor.connection, TABLES)


def take_away(apps, schema_editor):
    triggers.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    """The access log only grows: said to the database."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(lay, take_away)]
