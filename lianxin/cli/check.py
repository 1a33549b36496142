"""`lianxin check`: every mistake in the catalogue and the roles, with file, key and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from lianxin.access.roles import read_roles
from lianxin.base.errors import Problems
from lianxin.catalog.load import check_catalog, load_catalog
from lianxin.catalog.problems import CatalogErrors, CatalogProblem
from lianxin.catalog.schema import write_schemas
from lianxin.cli.speech import Command
from lianxin.net.models import Account
from lianxin.net.safety import weaknesses

WRONG = 2


@click.command(cls=Command)
@click.option("--schema", "with_schema", is_flag=True, help="同时把给编辑器用的 JSON Schema 写进工作目录的 schema/")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 列出")
def command(with_schema: bool, as_json: bool) -> int:
    """检查工作目录（出厂的和本县的）：哪个文件、哪一项、错在哪、怎么改。有错时退出码是 2。"""
    shipped, overlay = Path(settings.CATALOG_DIR), Path(settings.OVERLAY_DIR)
    if with_schema:
        write_schemas(shipped / "schema")
    found = _found(shipped, overlay)
    if as_json:
        click.echo(json.dumps([problem.as_json() for problem in found], ensure_ascii=False))
    elif found:
        click.echo("\n".join(map(str, found)), err=True)
        click.echo(f"有 {len(found)} 处要改。", err=True)
    else:
        catalog = load_catalog(shipped, overlay)
        for sentence in _weaknesses():
            click.echo(f"注意：{sentence}", err=True)
        click.echo(f"工作目录没有问题：{len(catalog.programmes)} 项工作，{len(catalog.indicators)} 个指标。")
    return WRONG if found else 0


def require_sound(shipped: Path, overlay: Path) -> None:
    """CatalogErrors with everything that is wrong in the catalogue and the roles."""
    if found := _found(shipped, overlay):
        raise CatalogErrors(found)


def _found(shipped: Path, overlay: Path) -> tuple[CatalogProblem, ...]:
    return (*check_catalog(shipped, overlay), *_wrong_roles(shipped))


def _weaknesses() -> tuple[str, ...]:
    """Nothing where there is no database yet."""
    return weaknesses() if Account._meta.db_table in connection.introspection.table_names() else ()


def _wrong_roles(shipped: Path) -> list[CatalogProblem]:
    """roles.toml belongs to the access room, which does not know the catalogue's form of a problem."""
    try:
        read_roles(shipped / "roles.toml")
    except Problems as error:
        return [
            CatalogProblem("roles.toml", item.field, item.message.rstrip("。"), "改正后再检查") for item in error.items
        ]
    return []
