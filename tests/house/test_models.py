"""Laws of the tables: people's affairs are guarded, and no guarded table can be walked into from another room."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from lianxin.access.guard import Guard, Guarded

OPEN = {
    "audit.Head": "one row: the last entry of the access log",
    "auth.Permission": "Django's own; the house asks catalog/roles.toml instead",
    "auth.Group": "Django's own; not used",
    "auth.Group_permissions": "Django's own; not used",
    "contenttypes.ContentType": "Django's own",
    "sessions.Session": "Django's own; signed in or not",
    "net.Region": "published codes of places",
    "net.Organisation": "federations and their like stand in public",
    "net.Account": "who signs in; its screens ask user.read and scope by appointment",
    "net.Appointment": "who may do what where: what actors are made from",
    "net.Post": "dated posts in organisations",
    "net.Member": "who belongs to which body: keys only, names are asked of the register by its own eyes",
    "net.Partner": "bodies outside the county that work together with ours, in public",
    "net.Rota": "who hosts in turn, in public",
    "net.OrganisationChange": "what was changed of a body that stands in public, and by which account",
    "net.AccountChange": "log of account administration, ids only",
    "net.Sitting": "who is signed in, before there is an actor; keys hashed, content sealed",
    "net.SecondFactor": "a sealed secret an account; read by its own sign-in only",
    "net.RecoveryCode": "keyed hashes; read by their own account's sign-in only",
    "net.SignInFailure": "counts failed sign-ins before there is an actor",
    "ledger.Batch": "no personal data; read through LedgerView only (import-linter keeps others out)",
    "ledger.Head": "one row: the ledger's position",
    "ledger.Fact": "no personal data: opaque keys and codes; read through LedgerView only",
    "ledger.FlowCell": "sums",
    "ledger.Presence": "which subject counted where, as numbers; read through LedgerView only",
    "ledger.Cell": "sums",
    "ledger.TallyState": "which tallies are built",
    "ledger.SealedPeriod": "which periods are closed; everybody who records must be told",
    "records.Filing": "how many records stand where, as numbers; asked with an actor only (records/filing.py)",
    "exchange.Remembered": "names of columns; no person's affair",
    "records.SavedDraft": "sealed, and read by its own account only (records/saved.py)",
    "cases.Block": "keyed signs and numbers; what they lead to is read through Trace, by the actor's own eyes",
    "reports.Issue": "issued reports: words and figures, no records; scoped by region in reports/issues.py",
}
EVERY = [model for model in apps.get_models(include_auto_created=True) if not model.__module__.startswith("tests")]
GUARDED = [model for model in EVERY if issubclass(model, Guarded)]


def label(model: type[models.Model]) -> str:
    return model._meta.label


def test_a_table_is_guarded_or_says_why_not() -> None:
    open_tables = {label(model) for model in EVERY if model not in GUARDED}

    assert open_tables - set(OPEN) == set(), "give it a guard, or say in OPEN why it needs none"
    assert set(OPEN) - open_tables == set(), "strike it from OPEN"


@pytest.mark.parametrize("model", GUARDED, ids=label)
def test_a_guard_names_columns_that_exist_and_are_never_null(model: type[Guarded]) -> None:
    guard = model.guard
    columns = [getattr(guard.columns, name) for name in guard.columns.__slots__]

    assert isinstance(guard, Guard)
    assert guard.pen
    for column in (each for each in columns if isinstance(each, str)):
        field = model._meta.get_field(column)
        assert isinstance(field, models.CharField)
        assert not field.null, f"{column} could be NULL, and NULL is in nobody's range"


@pytest.mark.parametrize("model", GUARDED, ids=label)
def test_a_guarded_table_has_no_way_into_another_room(model: type[Guarded]) -> None:
    for field in model._meta.get_fields(include_hidden=True):
        target = field.related_model
        if target is None:
            continue
        assert isinstance(target, type)
        assert target._meta.app_label == model._meta.app_label, f"{field} leads out of the room"
        assert issubclass(target, Guarded)
    for field in model._meta.local_fields:
        if field.remote_field is not None:
            assert field.remote_field.hidden, f"{field}: add related_name='+', so that nobody looks back"


@pytest.mark.parametrize("model", EVERY, ids=label)
def test_no_foreign_key_leads_to_another_room(model: type[models.Model]) -> None:
    """Rooms refer to each other's rows by opaque key."""
    if not model.__module__.startswith("lianxin."):
        return
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        target = field.related_model
        assert target is None or target._meta.app_label == model._meta.app_label, f"{field} leads out of its room"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", "--verbosity=0")
