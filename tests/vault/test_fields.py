"""The sealed field on a table of its own: what is stored, what comes back, and where nothing may come out."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
from collections.abc import Iterator

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models.functions import Length
from django.forms import modelform_factory
from django.forms.models import model_to_dict
from django.template import Context, Template
from django.test.utils import register_lookup
from pytest_django import DjangoDbBlocker

from lianxin.vault.fields import Kind, Sealed, SealedField

PLAIN = "13812342764"


class Card(models.Model):
    """A table with two sealed columns."""

    title = models.CharField(max_length=20, default="")
    phone = SealedField(context="card.phone", kind=Kind.PHONE)
    number = SealedField(context="card.number", kind=Kind.ID_NUMBER)

    class Meta:
        app_label = "vaultcards"

    def __str__(self) -> str:
        return self.title


@pytest.fixture(scope="module", autouse=True)
def table(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Card)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Card)


def _stored(card: Card) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("select phone from vaultcards_card where id = %s", [card.pk])
        return bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_assigned_text_is_sealed_at_once_and_comes_back_sealed() -> None:
    card = Card.objects.create(phone=PLAIN)

    again = Card.objects.get(pk=card.pk)

    assert PLAIN.encode() not in _stored(card)
    assert isinstance(again.phone, Sealed)
    assert (again.phone.reveal(), again.phone.masked, bool(again.phone)) == (PLAIN, "138····2764", True)


@pytest.mark.django_db
def test_nothing_stays_nothing() -> None:
    card = Card.objects.create()

    again = Card.objects.get(pk=card.pk)

    assert _stored(card) == b""
    assert (again.phone.reveal(), again.phone.masked, bool(again.phone), str(again.phone)) == ("", "", False, "")


@pytest.mark.django_db
def test_an_untouched_value_is_saved_as_it_was() -> None:
    card = Card.objects.get(pk=Card.objects.create(phone=PLAIN).pk)
    before = _stored(card)

    card.title = "改了别的"
    card.save()

    assert _stored(card) == before


@pytest.mark.django_db
def test_bulk_writing_seals() -> None:
    cards = Card.objects.bulk_create([Card(phone=PLAIN), Card(phone="057382831234")])

    assert [card.phone.reveal() for card in Card.objects.order_by("pk")] == [PLAIN, "057382831234"]
    cards[0].phone = "13912342764"
    Card.objects.bulk_update(cards, ["phone"])
    assert Card.objects.get(pk=cards[0].pk).phone.reveal() == "13912342764"
    Card.objects.update(phone=PLAIN)
    assert [card.phone.reveal() for card in Card.objects.all()] == [PLAIN, PLAIN]


@pytest.mark.django_db
def test_values_and_deferred_columns_come_back_sealed() -> None:
    card = Card.objects.create(phone=PLAIN)

    assert isinstance(Card.objects.values_list("phone", flat=True)[0], Sealed)
    assert Card.objects.defer("phone").get(pk=card.pk).phone.reveal() == PLAIN
    card.refresh_from_db()
    assert card.phone.reveal() == PLAIN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lookup", ["phone", "phone__in", "phone__isnull", "phone__contains", "phone__gt", "phone__foo"]
)
def test_it_cannot_be_looked_up(lookup: str) -> None:
    with pytest.raises(FieldError, match="sealed"):
        Card.objects.filter(**{lookup: [PLAIN]}).exists()


@pytest.mark.django_db
def test_nothing_is_computed_from_it() -> None:
    with register_lookup(models.Field, Length), pytest.raises(FieldError, match="nothing can be computed"):
        list(Card.objects.filter(phone__length__gt=3))


def test_values_are_not_compared() -> None:
    one, other = Sealed.of(PLAIN, context="card.phone"), Sealed.of(PLAIN, context="card.phone")

    for compare in (lambda: one == other, lambda: one == PLAIN, lambda: one != other, lambda: one in [other]):
        with pytest.raises(TypeError, match="not compared"):
            compare()
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(TypeError):
        sorted([one, other])  # type: ignore[type-var]


def test_print_tells_nothing() -> None:
    card = Card(phone=PLAIN)

    said = [
        repr(card.phone),
        str(card.phone),
        f"{card.phone}",
        "%s %r" % (card.phone, card.phone),  # noqa: UP031  # this way of printing too
        pprint.pformat({"card": card.__dict__}),
        Template("{{ card.phone }}").render(Context({"card": card})),
        repr(model_to_dict(card)),
    ]

    assert all("2764" not in words and "1381234" not in words for words in said)


def test_only_ciphertext_is_held() -> None:
    card = Card(phone=PLAIN)

    assert PLAIN.encode() not in card.phone.box
    assert not hasattr(card.phone, "__dict__")
    assert PLAIN not in repr([getattr(card.phone, slot) for slot in Sealed.__slots__])


def test_it_is_not_written_as_json_pickle_or_fixture() -> None:
    card = Card(phone=PLAIN)

    for write in (
        lambda: json.dumps(card.phone),
        lambda: json.dumps(card.phone, cls=DjangoJSONEncoder),
        lambda: pickle.dumps(card.phone),
        lambda: pickle.dumps(card),
    ):
        with pytest.raises(TypeError):
            write()
    with pytest.raises(TypeError, match="sealed: not for fixtures"):
        serializers.serialize("json", [card])


def test_checking_a_row_does_not_compare_what_is_sealed() -> None:
    card = Card(title="甲", phone=PLAIN)

    card.clean_fields()

    assert card.phone.reveal() == PLAIN


def test_copies_are_the_same_sealed_value() -> None:
    value = Sealed.of(PLAIN, context="card.phone")

    assert copy.copy(value) is value
    assert copy.deepcopy([value])[0] is value


def test_no_form_offers_it() -> None:
    form = modelform_factory(Card, fields=["title"])()

    assert list(form.fields) == ["title"]
    assert Card._meta.get_field("phone").formfield() is None


def test_what_is_sealed_for_one_column_does_not_go_into_another() -> None:
    card = Card(phone=PLAIN)

    with pytest.raises(ValueError, match=r"card\.number was given what is sealed for card\.phone"):
        card.number = card.phone


@pytest.mark.parametrize("value", [13812342764, b"13812342764", object()])
def test_only_text_is_taken(value: object) -> None:
    with pytest.raises(TypeError, match="takes text"):
        Card(phone=value)


def test_a_migration_can_remake_the_field() -> None:
    field = Card._meta.get_field("phone")

    name, path, args, kwargs = field.deconstruct()

    assert (name, path, args) == ("phone", "lianxin.vault.fields.SealedField", [])
    assert kwargs == {"context": "card.phone", "kind": "phone"}
    assert SealedField(**kwargs).deconstruct()[3] == kwargs
