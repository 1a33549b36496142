"""Time limits reckoned anew where a rule has changed, or a year's holidays were published: what waits moves along."""

from __future__ import annotations

from lianxin.access.guard import pen
from lianxin.kinds.cases.kind import CaseKind
from lianxin.kinds.cases.life import Stage, owed, standing
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.queries import case_spec
from lianxin.records.models import PEN, History

AT_ONCE = 200
_OVER = (Stage.SETTLED.value, Stage.JOINED.value, Stage.CONSULTED.value)
_BECAUSE = "the house reckons every case's next day by the rules as they stand"


def reckon_again() -> int:
    """Put right what each case that is not over owes next; how many moved. Nothing but these two columns changes."""
    rows = Case.objects.unscoped(_BECAUSE).filter(is_void=False).exclude(stage__in=_OVER)
    moved = 0
    last = 0
    while piece := list(rows.filter(seq__gt=last).order_by("seq")[:AT_ONCE]):
        last = piece[-1].seq
        kept = History.objects.unscoped(_BECAUSE).filter(record__in=[row.key for row in piece], kind=CaseKind.code)
        said = {(row.record, row.revision): row.values for row in kept}
        changed = [row for row in piece if _moved(row, said[row.key, row.revision])]
        with pen(PEN):
            Case.objects.unscoped(_BECAUSE).bulk_update(changed, ["next_what", "next_by"])
        moved += len(changed)
    return moved


def _moved(row: Case, said: dict[str, object]) -> bool:
    values = CaseKind().recall(said)
    spec = case_spec(values)
    first = next(iter(owed(values, standing(values, spec), spec)), None)
    wanted = (first.what, first.by) if first else ("", None)
    if wanted == (row.next_what, row.next_by):
        return False
    row.next_what, row.next_by = wanted
    return True
