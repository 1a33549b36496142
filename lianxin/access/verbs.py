"""Every verb of the house, and how protected a thing can be."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """Something that can be done; roles.toml grants these by value."""

    VISIT_READ = "visit.read"
    VISIT_RECORD = "visit.record"
    VISIT_AMEND = "visit.amend"
    VISIT_VOID = "visit.void"
    LISTING_READ = "listing.read"
    LISTING_RECORD = "listing.record"
    LISTING_AMEND = "listing.amend"
    LISTING_VOID = "listing.void"
    CASE_READ = "case.read"
    CASE_RECORD = "case.record"
    CASE_WORK = "case.work"
    CASE_VOID = "case.void"
    CASE_SUPERVISE = "case.supervise"
    CASE_BREAK_GLASS = "case.break-glass"
    REFERRAL_ANSWER = "referral.answer"
    REGISTER_READ = "register.read"
    REGISTER_WRITE = "register.write"
    REGISTER_REVEAL = "register.reveal"
    FIGURE_READ = "figure.read"
    REPORT_READ = "report.read"
    REPORT_FREEZE = "report.freeze"
    PERIOD_SEAL = "period.seal"
    PERIOD_CORRECT = "period.correct"
    EXPORT = "export"
    IMPORT = "import"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_WRITE = "organisation.write"
    USER_READ = "user.read"
    USER_MANAGE = "user.manage"
    RIGHTS_REVIEW = "rights.review"
    COMPLAINT_WRITE = "complaint.write"
    COMPLAINT_READ = "complaint.read"
    AUDIT_READ = "audit.read"
    AUDIT_FILE = "audit.file"
    OWN_ACCOUNT = "account.own"
    HELP_READ = "help.read"


# 三员分立: who grants rights, who looks through them, who reads the log of both are three people.
SEPARATED = frozenset({Verb.USER_MANAGE, Verb.RIGHTS_REVIEW, Verb.AUDIT_READ})


class Seal(StrEnum):
    """How protected a record is. STAFF: files of minors and the like; TEAM: only who works on it and her supervisor.

    A role may hold OPEN and STAFF. TEAM no role holds: it is opened record by record (access.circle).
    """

    OPEN = "open"
    STAFF = "staff"
    TEAM = "team"
