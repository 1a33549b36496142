"""What 南湖区妇联 published of 2021 in these lines; the demo's records add up to it, nothing is typed."""

from __future__ import annotations

from dataclasses import dataclass

COUNTY = "330402"
YEAR = 2021


@dataclass(frozen=True, slots=True)
class Published:
    """The annual summary's figures, and the invented ones around them that the summary does not give."""

    households_visited: int = 16_704  # 履职走访、联系家庭，户
    family_and_women_files: int = 9_346  # 家庭、妇女档案，份
    children_files: int = 328  # 困境儿童档案，份
    difficulties_solved: int = 330  # 落实解决困难问题，项
    disputes_found: int = 1_078  # 排查出家事纠纷隐患，件
    disputes_resolved: int = 927  # 化解，件
    golden_ideas: int = 23  # 收集“金点子”，条
    micro_homes: int = 101  # 全区共有妇女微家，个
    micro_homes_new: int = 13  # 打造“五个一”特色妇女微家，个
    member_studios: int = 14  # 执委工作室，个
    new_field_federations_new: int = 8  # 新建新领域新业态新就业群体妇联组织，家
    alliance_members: int = 31  # 家庭农场联盟成员单位发展至，家
    model_homes_county_new: int = 15  # 新命名区级示范型儿童之家，个
    model_homes_city_new: int = 3  # 获评市级示范型儿童之家，个
    helper_groups: int = 120  # 120 多个秀美环境帮帮团、“花仙子”，支
    guard_teams: int = 7  # 安家守护联盟志愿者服务队伍，支

    # Invented, so that the published ones stand among others as they would in life.
    households: int = 17_700
    repeat_visits: int = 2_900
    family_files: int = 6_212
    difficulties_found: int = 401
    opinions: int = 640
    deliveries: int = 520
    givings: int = 610
    moved: int = 27
    childrens_homes: int = 64

    @property
    def women_files(self) -> int:
        return self.family_and_women_files - self.family_files


PUBLISHED = Published()
