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
    golden_ideas: int = 23  # 收集“金点子”，条

    # Invented, so that the published ones stand among others as they would in life.
    households: int = 17_700
    repeat_visits: int = 2_900
    family_files: int = 6_212
    difficulties_found: int = 401
    opinions: int = 640
    deliveries: int = 520
    givings: int = 610
    moved: int = 27

    @property
    def women_files(self) -> int:
        return self.family_and_women_files - self.family_files


PUBLISHED = Published()
