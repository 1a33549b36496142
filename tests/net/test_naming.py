"""Short names, on names as the national list really writes them."""

import pytest

from lianxin.base.codes import Level
from lianxin.net.naming import short_name


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("联丰村委会", "联丰村"),
        ("金星村村委会", "金星村"),
        ("长窝村民委员会", "长窝村"),
        ("张窑村村民委员会", "张窑村"),
        ("崔村村村民委员会", "崔村村"),
        ("杨庄村民委会", "杨庄村"),
        ("八里村委会", "八里村"),
        ("民北社区居委会", "民北社区"),
        ("朝阳社区居民委员会", "朝阳社区"),
        ("星岛社区社区居委会", "星岛社区"),
        ("东沟社区村民委员会", "东沟社区"),
        ("向阳社区委员会", "向阳社区"),
        ("太吉敖包嘎查委员会", "太吉敖包嘎查"),
        ("庆格勒图嘎查村民委员会", "庆格勒图嘎查"),
        ("站前办事处第一居民委员会", "站前办事处第一居委会"),
        ("东街居委会", "东街居委会"),
        ("工人新村居委会", "工人新村居委会"),
        ("大岗家委会", "大岗家委会"),
        ("外国语职业学院社区家委会", "外国语职业学院社区家委会"),
        ("庆柳社区管理委员会", "庆柳社区管理委员会"),
        ("仓子村委会（仓子分场）", "仓子村（仓子分场）"),
        ("漕桥社区居委会（含漕桥村村委）", "漕桥社区（含漕桥村村委）"),
        ("中国矿业大学（北京）社区居委会", "中国矿业大学（北京）社区"),
        ("小（氵甸）村委会", "小（氵甸）村"),
        ("社区居委会", "社区居委会"),
        ("居委会", "居委会"),
        ("岗贝社区", "岗贝社区"),
        ("梅力更嘎查", "梅力更嘎查"),
        ("八五一０农场新垦管理区", "八五一０农场新垦管理区"),
        ("开发区虚拟社区", "开发区虚拟社区"),
    ],
)
def test_a_village_is_called_what_people_say(published: str, said: str) -> None:
    assert short_name(published, Level.VILLAGE) == said


def test_a_street_loses_its_office_and_other_levels_keep_their_names() -> None:
    assert short_name("保康街道办事处", Level.TOWN) == "保康街道"
    assert short_name("庆北办事处", Level.TOWN) == "庆北办事处"
    assert short_name("凤桥镇", Level.TOWN) == "凤桥镇"
    assert short_name("南湖区", Level.COUNTY) == "南湖区"
