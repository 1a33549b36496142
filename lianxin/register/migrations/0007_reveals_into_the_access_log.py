from django.db import migrations

from lianxin.audit import triggers
from lianxin.audit.chain import Said, append
from lianxin.vault.box import keyed_hash, seal

TABLES = ("register_change",)


def move(apps, schema_editor):
    """Each reveal becomes an entry of the access log, in the order they were written."""
    reveals = apps.get_model("register", "RevealLog")
    for row in reveals._base_manager.order_by("id").values("at", "by", "kind", "key", "field", "because", "region"):
        said = Said(
            at=row["at"],
            by=row["by"],
            act="reveal",
            kind=row["kind"],
            key=row["key"],
            what=row["field"],
            region=row["region"],
            reason=keyed_hash(row["because"], purpose="audit.reason"),
        )
        no = append(said)
        if row["because"]:
            with schema_editor.connection.cursor() as cursor:
                box = seal(row["because"], context="audit.reason")
                cursor.execute(
                    "INSERT INTO audit_reason (entry, region, said) VALUES (%s, %s, %s)", [no, row["region"], box]
                )


def lay(apps, schema_editor):
    triggers.install(schema_editor.connection, TABLES)


def take_away(apps, schema_editor):
    triggers.remove(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    """Reveals move into the access log; what was changed in the register is never rewritten: said to the database."""

    dependencies = [("register", "0006_papers"), ("audit", "0002_triggers")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel("RevealLog"),
        migrations.RunPython(lay, take_away),
    ]
