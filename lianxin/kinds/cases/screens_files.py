"""The papers of a case: what `files` does, by the verbs of cases; seen by whoever sees the case."""

from __future__ import annotations

from lianxin.access.verbs import Verb
from lianxin.files import screens as files
from lianxin.kinds.cases.actions import KIND


class AddCaseFile(files.AddFile):
    """A photograph, a recording's transcript, a paper of the police."""

    needs = Verb.CASE_WORK
    kind, url_name = KIND.code, "case"


class CaseFile(files.OneFile):
    """One of them, to be saved."""

    needs = Verb.CASE_READ
    kind, url_name = KIND.code, "case"


class WithdrawCaseFile(files.WithdrawFile):
    """Taken back."""

    needs = Verb.CASE_WORK
    kind, url_name = KIND.code, "case"
