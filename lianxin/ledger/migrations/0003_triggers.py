from django.db import migrations

from lianxin.ledger import triggers


def lay(apps, schema_editor):
    triggers.install(schema_editor.connection)


def take_away(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """The ledger only grows: said to the database."""

    dependencies = [("ledger", "0002_clustered")]

    operations = [migrations.RunPython(lay, take_away)]
