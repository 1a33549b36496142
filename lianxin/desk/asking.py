"""The page of a form at a desk: what it is for, what is asked, which button, the way back."""

from __future__ import annotations

from dataclasses import dataclass

from lianxin.ui.forms import Form
from lianxin.ui.parts import Crumb


@dataclass(frozen=True, slots=True)
class FormPage:
    """`has_place`: type and place are asked first, and what else follows them; `whole`: what an empty step means."""

    title: str
    gist: str
    submit: str
    form: Form
    crumbs: tuple[Crumb, ...]
    has_place: bool = False
    whole: tuple[str, str] = ("", "")

    @property
    def back(self) -> str:
        """Where she goes who would rather not."""
        return self.crumbs[0].href
