"""Organisations taken in: places of every level, types by name, known ones recognised, taken back."""

from __future__ import annotations

import pytest

from lianxin.exchange.imports.applying import begin_undo, work_on
from lianxin.exchange.imports.organisations import types
from lianxin.net.models import Organisation
from tests.cast import COUNTY, LIANFENG, NOW, TOWN, Cast
from tests.exchange.tables import handed, workbook
from tests.exchange.test_imports_files import applied, read, rows
from tests.exchange.test_imports_life import counted

pytestmark = pytest.mark.django_db
HEADER = ("镇（街道）", "村（社区）", "组织名称", "类型", "成立日期")


def test_bodies_of_every_level_are_founded_and_taken_back(cast: Cast) -> None:
    table = (
        HEADER,
        ("凤桥镇", "联丰村", "梧桐妇女微家", "妇女微家", "2021.3.8"),
        ("凤桥镇", None, "凤桥镇机关妇委会", "妇委会", "2020-01-01"),
        (None, "南湖区", "南湖区教育系统妇委会", "妇委会", "2019-05-01"),
    )
    batch = applied(cast, read(cast, handed(workbook(*table)), kind="organisations", who="officer"), "officer")

    assert counted(cast, batch, "officer") == {"applied": 3}
    found = {row.name: row.region for row in Organisation.objects.filter(name__in=[line[2] for line in table[1:]])}
    assert found == {"梧桐妇女微家": LIANFENG, "凤桥镇机关妇委会": TOWN, "南湖区教育系统妇委会": COUNTY}
    again = read(cast, handed(workbook(*table, ("合计", "3 个"))), kind="organisations", who="officer", village="")
    assert counted(cast, again, "officer") == {"known": 3}

    begin_undo(cast.actor("officer"), batch.pk, because="传错了", at=NOW)
    work_on(cast.actor("officer"), batch.pk, seconds=9, at=NOW)

    assert counted(cast, batch, "officer") == {"undone": 3}
    assert not Organisation.objects.filter(name__in=found, dissolved_on__isnull=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("凤桥镇", "联丰村", "梧桐微家", "不知道", None), "类型“不知道”认不出"),
        (("凤桥镇", "联丰村", None, "妇女微家", None), "请填组织名称"),
        (("余新镇", "永利村", "香樟微家", "妇女微家", None), "没有找到“永利村”"),
        (("凤桥镇", "联丰村", "梧桐微家", "妇女微家", "2031-01-01"), "不能晚于今天"),
    ],
)
def test_what_is_wrong_is_said_by_its_column(cast: Cast, line: tuple[object, ...], said: str) -> None:
    batch = read(cast, handed(workbook(HEADER, line)), kind="organisations", village="")

    assert said in rows(cast, batch)[0][2]
    assert "妇女微家" in types()
