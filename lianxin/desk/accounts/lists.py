"""What the lists and forms of this folder share: addresses with a filter changed, who may mend."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import QueryDict

from lianxin.base.errors import Forbidden, Problem, Problems, Refused, Unseen
from lianxin.ui.parts import Chip

BEGINS = "after"  # where a page of a list begins


def address_with(asked: QueryDict, **changes: str) -> str:
    """This list's address with something changed; an empty value takes it out. A new filter begins at the top."""
    merged = {name: asked[name] for name in asked if name != BEGINS} | changes
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def chip(asked: QueryDict, name: str, value: str, label: str) -> Chip:
    """A filter that its link sets, or clears where it is set."""
    is_on = asked.get(name) == value
    return Chip(label=label, href=address_with(asked, **{name: "" if is_on else value}), is_on=is_on)


def mendable(error: Refused | Problems, **renamed: str) -> Refused | Problems:
    """The error for the form, its fields as the form calls them; what no typing can mend is raised on."""
    if isinstance(error, Forbidden | Unseen):
        raise error
    if isinstance(error, Problems):
        return Problems([Problem(renamed.get(item.field, item.field), item.message) for item in error.items])
    return Refused(error.message, field=renamed.get(error.field, error.field))
