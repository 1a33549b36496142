"""Every address × method × role, held against matrix.csv, which is reviewed like policy.

`target` says whose record the address names: of 联丰 (the member's and the chair's village), of 三星 (the
neighbour's, same town), of 木桥港 (another county), a delicate one of 联丰 (涉未成年人), or one of 节日慰问 (the line
of work that the programme officer has). A cell is the status, or “sign-in” for being sent there. POST is sent empty:
400 says that it was allowed and that something was missing.

`LIANXIN_TEST_GOLDEN=1 .venv/bin/pytest -n 0 tests/house/test_matrix.py` writes the file anew. Read what changed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, LIANFENG, MUQIAO, OTHER_COUNTY, ROLES, SANXING, Cast
from tests.house.addresses import addresses
from tests.house.source import REWRITE
from tests.house.standing import Offices, Village, lay_offices, lay_villages

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "matrix.csv"
ANYBODY = "anybody"
COLUMNS = (ANYBODY, *ROLES)
TARGETS = {"联丰": LIANFENG, "三星": SANXING, "木桥港": MUQIAO}
DELICATE, FESTIVAL = "联丰（保护）", "联丰（节日慰问）"

# Address → what of a village it names.
OF_A_VILLAGE: dict[str, Callable[[Village], list[str]]] = {
    "household": lambda at: [at.household],
    "household-print": lambda at: [at.household],
    "household-amend": lambda at: [at.household],
    "household-move": lambda at: [at.household],
    "household-member-new": lambda at: [at.household],
    "person": lambda at: [at.head],
    "domicile": lambda at: [at.head],
    "household-member-amend": lambda at: [at.head],
    "household-member-leave": lambda at: [at.head],
    "household-split": lambda at: [at.household],
    "household-merge-who": lambda at: [at.household],
    "household-merge": lambda at: [at.household, at.household],
    "household-unmerge": lambda at: [at.household, 1],
    "household-member-known": lambda at: [at.household, at.child],
    "person-merge-who": lambda at: [at.head],
    "person-merge": lambda at: [at.head, at.child],
    "person-unmerge": lambda at: [at.head, 1],
    "reveal": lambda at: [at.household, "phone"],
    "file-seen": lambda at: ["household", at.household],
    "visit": lambda at: [at.visit],
    "visit-amend": lambda at: [at.visit],
    "visit-undo": lambda at: [at.visit],
    "visit-withdraw": lambda at: [at.visit],
    "visit-versions": lambda at: [at.visit],
    "visit-followup": lambda at: [at.visit, at.line],
    "visit-record": lambda at: ["household", at.household],
    "listing-new": lambda at: ["household", at.household],
    "listing": lambda at: [at.listing],
    "listing-amend": lambda at: [at.listing],
    "listing-review": lambda at: [at.listing],
    "listing-withdraw": lambda at: [at.listing],
    "listing-file-new": lambda at: [at.listing],
    "listing-file": lambda at: [at.listing, at.paper],
    "listing-file-withdraw": lambda at: [at.listing, at.paper],
    "case": lambda at: [at.case],
    "case-safety": lambda at: [at.case],
    "case-step": lambda at: [at.case, "contact"],
    "case-alike": lambda at: [at.case],
    "case-papers": lambda at: [at.case],
    "case-paper-new": lambda at: [at.case, "family-duty"],
    "case-paper": lambda at: [at.case, 1, "html"],
    "case-look": lambda at: [at.case, "whereabouts"],
    "case-file-new": lambda at: [at.case],
    "case-file": lambda at: [at.case, at.case_paper],
    "case-file-withdraw": lambda at: [at.case, at.case_paper],
    "referral-answer": lambda at: [at.case_line],
    "complaint": lambda at: [at.complaint],
    "taking-decide": lambda at: [at.taking],
    "import": lambda at: [at.batch],
    "import-columns": lambda at: [at.waiting],
    "import-errors": lambda at: [at.batch],
    "import-work": lambda at: [at.batch],
    "import-apply": lambda at: [at.batch],
    "import-drop": lambda at: [at.batch],
    "import-decide": lambda at: [at.batch],
    "import-undo": lambda at: [at.batch],
}
DELICATE_ONES: dict[str, Callable[[Village], list[str]]] = {
    "visit": lambda at: [at.delicate_visit],
    "visit-amend": lambda at: [at.delicate_visit],
    "visit-undo": lambda at: [at.delicate_visit],
    "visit-withdraw": lambda at: [at.delicate_visit],
    "visit-versions": lambda at: [at.delicate_visit],
    "visit-followup": lambda at: [at.delicate_visit, at.delicate_line],
    "listing": lambda at: [at.delicate_listing],
    "listing-amend": lambda at: [at.delicate_listing],
    "listing-review": lambda at: [at.delicate_listing],
    "listing-withdraw": lambda at: [at.delicate_listing],
    "listing-file-new": lambda at: [at.delicate_listing],
    "listing-new": lambda at: ["person", at.child],
}
FESTIVAL_ONES: dict[str, Callable[[Village], list[str]]] = {
    "visit": lambda at: [at.care_visit],
    "visit-amend": lambda at: [at.care_visit],
    "visit-withdraw": lambda at: [at.care_visit],
    "visit-versions": lambda at: [at.care_visit],
    "visit-followup": lambda at: [at.care_visit, at.care_line],
}
# Address → what of a county's offices it names.
OF_A_COUNTY: dict[str, Callable[[Offices], list[str]]] = {
    "user": lambda of: [of.account],
    "user-appoint": lambda of: [of.account],
    "user-rename": lambda of: [of.account],
    "user-reset": lambda of: [of.account],
    "user-deactivate": lambda of: [of.account],
    "user-reactivate": lambda of: [of.account],
    "user-factor-reset": lambda of: [of.account],
    "user-sign-out": lambda of: [of.account],
    "user-leave": lambda of: [of.account],
    "review-one": lambda of: [of.appointment],
    "appointment-end": lambda of: [of.appointment],
    "organisation": lambda of: [of.organisation],
    "organisation-amend": lambda of: [of.organisation],
    "organisation-elsewhere": lambda of: [of.organisation],
    "organisation-rebuild": lambda of: [of.organisation],
    "organisation-take-back": lambda of: [of.organisation],
    "organisation-dissolve": lambda of: [of.organisation],
    "organisation-member-new": lambda of: [of.organisation],
    "organisation-member-end": lambda of: [of.member],
    "organisation-partner-new": lambda of: [of.organisation],
    "organisation-partner-end": lambda of: [of.partner],
    "organisation-rota": lambda of: [of.organisation],
    "post-new": lambda of: [of.organisation],
    "post-end": lambda of: [of.post],
    "term": lambda of: [of.change],
    "term-hour": lambda of: [of.change],
    "term-unset": lambda of: [of.change],
    "term-drop": lambda of: [of.change],
    "term-undo": lambda of: [of.change],
    "term-export": lambda of: [of.change],
    "term-slips": lambda of: [of.change],
    "term-committee-slips": lambda of: [of.committee],
    "term-committee": lambda of: [of.committee],
    "term-seat": lambda of: [of.committee],
    "term-unseat": lambda of: [of.committee],
    "term-settle": lambda of: [of.committee],
    "claim-withdraw": lambda of: [of.claim],
    "report-issue": lambda of: [of.issue],
    "report-issue-file": lambda of: [of.issue, "docx"],
}
# Address → words of the catalogue it names.
OF_THE_CATALOGUE = {
    "sitting-end": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"],
    "double-other": ["1"],
    "figure": ["visits.households"],
    "figure-records": ["visits.households"],
    "figure-export": ["visits.households"],
    "quality-rows": ["no-phone"],
    "quality-export": ["no-phone"],
    "report": ["annual-duties"],
    "report-freeze": ["annual-duties"],
    "report-file": ["annual-duties", "docx"],
    "import-new": ["persons"],
    "import-template": ["persons"],
}
Place = tuple[str, str]  # address, target


def places(cast: Cast) -> Iterator[tuple[Place, str]]:
    """Every address with a target, and its path."""
    villages, offices = lay_villages(cast), lay_offices(cast)
    for address in addresses():
        name = address.name
        if not address.has_arguments:
            yield (name, ""), reverse(name)
        elif name in OF_THE_CATALOGUE:
            yield (name, ""), reverse(name, args=OF_THE_CATALOGUE[name])
        elif name in OF_A_VILLAGE:
            for target, code in TARGETS.items():
                yield (name, target), reverse(name, args=OF_A_VILLAGE[name](villages[code]))
            for target, ones in ((DELICATE, DELICATE_ONES), (FESTIVAL, FESTIVAL_ONES)):
                if name in ones:
                    yield (name, target), reverse(name, args=ones[name](villages[LIANFENG]))
        elif name in OF_A_COUNTY:
            for target, code in (("联丰", COUNTY), ("木桥港", OTHER_COUNTY)):
                yield (name, target), reverse(name, args=OF_A_COUNTY[name](offices[code]))
        else:
            raise AssertionError(f"say in this file what “{name}” names, so that the matrix can call it")


def answered(client: Client, method: str, path: str) -> str:
    """The status, with everything the request changed undone."""
    with transaction.atomic():
        response = client.get(path) if method == "GET" else client.post(path)
        status = str(response.status_code)
        if response.status_code == 302 and response.headers["Location"].startswith(reverse("sign-in")):
            status = "sign-in"
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return status


def kept() -> dict[tuple[str, str, str], dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["address"], row["target"], row["method"]): row for row in csv.DictReader(file)}


@pytest.mark.skipif(REWRITE, reason="the matrix is being written anew")
@pytest.mark.parametrize("who", COLUMNS)
def test_every_address_answers_as_the_matrix_says(cast: Cast, who: str) -> None:
    matrix = kept()
    wrong: list[str] = []
    asked = set()
    for (name, target), path in places(cast):
        for method in ("GET", "POST"):
            asked.add((name, target, method))
            client = Client(raise_request_exception=False)
            if who != ANYBODY:
                client.force_login(cast.accounts[who])
            found = answered(client, method, path)
            said = matrix.get((name, target, method), {}).get(who, "not in the matrix")
            if found != said:
                wrong.append(f"{method} {name} {target} by {who}: {found}, in the matrix {said}")

    assert wrong == []
    assert set(matrix) == asked


@pytest.mark.skipif(not REWRITE, reason="LIANXIN_TEST_GOLDEN=1 writes the matrix anew")
def test_write_the_matrix(cast: Cast) -> None:
    rows = []
    for (name, target), path in places(cast):
        for method in ("GET", "POST"):
            row = {"address": name, "target": target, "method": method}
            for who in COLUMNS:
                client = Client(raise_request_exception=False)
                if who != ANYBODY:
                    client.force_login(cast.accounts[who])
                row[who] = answered(client, method, path)
            rows.append(row)
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["address", "target", "method", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
