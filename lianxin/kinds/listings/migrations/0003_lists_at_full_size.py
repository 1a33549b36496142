"""Levels, papers, validity, reviews; and where on its list everybody stood when, laid down from what stands there."""

from typing import Any

from django.db import migrations, models
from django.db.models import F

CHUNK = 2_000
_SAME = ("region", "town", "county", "day", "programme", "seal", "is_void", "subject_type", "subject")


def lay_spells(apps: Any, _: Any) -> None:
    """One spell for each listing: until now nobody's class or grade could change on a day."""
    listing, spell = apps.get_model("listings", "Listing"), apps.get_model("listings", "ListingSpell")
    listing.objects.filter(off_day__isnull=False).update(ends=F("off_day"))
    last = 0
    while rows := list(listing.objects.filter(seq__gt=last).order_by("seq")[:CHUNK]):
        last = rows[-1].seq
        spell.objects.bulk_create(
            spell(
                **{name: getattr(row, name) for name in _SAME},
                record=row.key,
                line=row.key,
                no=0,
                starts=row.day,
                ends=row.off_day,
                category=row.category,
                grade=row.grade,
            )
            for row in rows
        )


class Migration(migrations.Migration):

    dependencies = [
        ('listings', '0002_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListingSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=15)),
                ('town', models.CharField(max_length=9)),
                ('county', models.CharField(max_length=6)),
                ('day', models.DateField()),
                ('programme', models.CharField(max_length=40)),
                ('seal', models.CharField(default='open', max_length=8)),
                ('record', models.CharField(db_index=True, max_length=26)),
                ('line', models.CharField(max_length=26)),
                ('no', models.PositiveSmallIntegerField()),
                ('is_void', models.BooleanField(default=False)),
                ('subject_type', models.CharField(max_length=12)),
                ('subject', models.CharField(max_length=26)),
                ('headline', models.CharField(blank=True, max_length=120)),
                ('starts', models.DateField()),
                ('ends', models.DateField(null=True)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('also', models.CharField(blank=True, max_length=200)),
                ('level', models.CharField(blank=True, max_length=40)),
                ('grade', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveConstraint(
            model_name='listing',
            name='listing_once',
        ),
        migrations.AddField(
            model_name='listing',
            name='also',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='listing',
            name='ends',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='headline',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='listing',
            name='level',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='listing',
            name='paper',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='listing',
            name='paper_day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='paper_number',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='listing',
            name='reviewed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='listing',
            name='slot',
            field=models.CharField(blank=True, max_length=26),
        ),
        migrations.AddField(
            model_name='listing',
            name='valid_to',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(condition=models.Q(('is_void', False)), fields=['programme', 'review_on'], name='listing_review'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.UniqueConstraint(condition=models.Q(('is_void', False), ('off_day__isnull', True)), fields=('programme', 'subject', 'slot'), name='listing_once_in_its_slot'),
        ),
        migrations.AddIndex(
            model_name='listingspell',
            index=models.Index(condition=models.Q(('is_void', False)), fields=['region', 'programme', 'starts'], name='spell_village'),
        ),
        migrations.AddIndex(
            model_name='listingspell',
            index=models.Index(condition=models.Q(('is_void', False)), fields=['town', 'programme', 'starts'], name='spell_town'),
        ),
        migrations.AddIndex(
            model_name='listingspell',
            index=models.Index(condition=models.Q(('is_void', False)), fields=['county', 'programme', 'starts'], name='spell_county'),
        ),
        migrations.RunPython(lay_spells, migrations.RunPython.noop),
    ]
