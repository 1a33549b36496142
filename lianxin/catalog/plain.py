"""The plain types that catalogue keys are made of: codes, sources, closed lists of words."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from lianxin.catalog.keys import Key

Kind = Literal["visit", "listing", "case"]
Seal = Literal["open", "staff", "team"]
Fold = Literal["flow", "stock", "distinct", "ratio"]
FieldType = Literal["line", "note", "number", "people", "yuan", "day", "choice", "choices", "yes-no"]
ValuesFrom = Literal["options", "programmes", "reasons", "subjects", "categories", "grades", "levels", "answers"]
Span = Literal["year", "half", "quarter", "month"]
Where = tuple[tuple[str, tuple[str, ...]], ...]

NOTHING = Decimal(0)
SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SLUG_MEND = "代号用小写字母、数字和短横线，以字母开头，例如 four-musts"
DOTTED = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$"
DOTTED_MEND = "代号用小写字母，分段的中间加点，例如 visits.households"

Code = Annotated[str, Key("代号，全目录不重复，定了不改", pattern=SLUG, mend=SLUG_MEND, longest=40)]
DottedCode = Annotated[str, Key("代号，全目录不重复，定了不改", pattern=DOTTED, mend=DOTTED_MEND, longest=60)]
SeedCode = Annotated[str, Key("种子编号", pattern=r"^S\d{3}$", mend="写 S 加三位数字，例如 S073")]
Source = Annotated[str, Key("出处；出厂默认要写明“出厂默认……待县妇联确认”", longest=200)]
