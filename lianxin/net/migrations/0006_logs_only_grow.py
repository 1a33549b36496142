from django.db import migrations

from lianxin.audit import triggers

TABLES = ("net_accountchange", "net_organisationchange")


def lay(apps, schema_editor):
    triggers.install(schema_editor.connection, TABLES)


def take_away(apps, schema_editor):
    triggers.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    """What was changed of accounts and organisations is never rewritten: said to the database."""

    dependencies = [("net", "0005_rebuilt"), ("audit", "0002_triggers")]

    operations = [migrations.RunPython(lay, take_away)]
