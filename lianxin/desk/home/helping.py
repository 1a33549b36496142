"""帮助: how to record, how figures are counted, what to do in an emergency. The words stand in the template."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from lianxin.access.verbs import Verb
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class HelpPage:
    may_record: bool
    may_register: bool
    may_read_figures: bool
    may_read_reports: bool
    may_freeze: bool
    may_seal: bool
    may_export: bool
    may_manage_users: bool
    may_complain: bool


class Help(Screen):
    """For every role; the questions of one's own work come first."""

    needs = Verb.HELP_READ
    template = "desk/home/help.html"
    title = "帮助"
    room = "help"

    def get(self, request: object) -> HttpResponse:
        may = self.actor.may
        page = HelpPage(
            may_record=bool(may(Verb.VISIT_RECORD)),
            may_register=bool(may(Verb.REGISTER_WRITE)),
            may_read_figures=bool(may(Verb.FIGURE_READ)),
            may_read_reports=bool(may(Verb.REPORT_READ)),
            may_freeze=bool(may(Verb.REPORT_FREEZE)),
            may_seal=bool(may(Verb.PERIOD_SEAL)),
            may_export=bool(may(Verb.EXPORT)),
            may_manage_users=bool(may(Verb.USER_MANAGE)),
            may_complain=bool(may(Verb.COMPLAINT_WRITE)),
        )
        return self.render(page)
