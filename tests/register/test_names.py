"""Forms that names and house numbers are found by, worked out by hand from a dictionary."""

from __future__ import annotations

import pytest

from lianxin.register.names import forms_of_name, forms_of_place


@pytest.mark.parametrize(
    ("name", "names", "full", "initials"),
    [
        ("张桂英", {"张桂英", "桂英", "英"}, {"zhangguiying"}, {"zgy"}),
        ("李", {"李"}, {"li"}, {"l"}),
        ("单建芳", {"单建芳", "建芳", "芳"}, {"shanjianfang", "danjianfang"}, {"sjf", "djf"}),
        ("曾红", {"曾红", "红"}, {"zenghong", "cenghong"}, {"zh", "ch"}),
        ("仇英", {"仇英", "英"}, {"qiuying", "chouying"}, {"qy", "cy"}),
        ("解珍", {"解珍", "珍"}, {"xiezhen", "jiezhen"}, {"xz", "jz"}),
        ("区梅", {"区梅", "梅"}, {"oumei", "qumei"}, {"om", "qm"}),
        ("查敏", {"查敏", "敏"}, {"zhamin", "chamin"}, {"zm", "cm"}),
        ("任红", {"任红", "红"}, {"renhong"}, {"rh"}),
        ("华丽", {"华丽", "丽"}, {"huali"}, {"hl"}),
        ("朴英", {"朴英", "英"}, {"piaoying", "puying"}, {"py"}),
        ("翟丽", {"翟丽", "丽"}, {"zhaili", "dili"}, {"zl", "dl"}),
        ("覃芳", {"覃芳", "芳"}, {"qinfang", "tanfang"}, {"qf", "tf"}),
        ("尉迟恭", {"尉迟恭", "迟恭", "恭"}, {"yuchigong", "weichigong"}, {"ycg", "wcg"}),
        ("万俟红", {"万俟红", "俟红", "红"}, {"moqihong", "wanqihong"}, {"mqh", "wqh"}),
        ("长孙红", {"长孙红", "孙红", "红"}, {"zhangsunhong"}, {"zsh"}),
        ("李长根", {"李长根", "长根", "根"}, {"lichanggen", "lizhanggen"}, {"lcg", "lzg"}),
        ("吕燕", {"吕燕", "燕"}, {"lvyan"}, {"ly"}),
        ("古丽·买买提", {"古丽买买提", "丽买买提", "买买提", "买提", "提"}, {"gulimaimaiti"}, {"glmmt"}),
        ("Anna Li", {"annali"}, {"annali"}, {"a"}),
    ],
)
def test_a_name_is_found_by_its_signs_its_pinyin_and_its_initials(
    name: str, names: set[str], full: set[str], initials: set[str]
) -> None:
    forms = forms_of_name(name)

    assert (set(forms.names), set(forms.full), set(forms.initials)) == (names, full, initials)


def test_a_sign_without_a_known_reading_is_found_by_itself() -> None:
    forms = forms_of_name("\ue000")

    assert (forms.names, forms.full, forms.initials) == (("\ue000",), (), ())


def test_many_readings_stay_few() -> None:
    assert len(forms_of_name("乐长乐长乐长乐").full) <= 8


@pytest.mark.parametrize(
    ("place", "forms"),
    [
        ("3组17号", ("3组17号", "17号")),
        ("东浜 3 组 17 号", ("东浜3组17号", "3组17号", "17号")),
        ("３幢２单元３０１室", ("3幢2单元301室", "2单元301室", "301室")),
        ("A幢301", ("a幢301", "301")),
        ("东浜", ("东浜",)),
        ("", ()),
    ],
)
def test_a_house_number_is_found_from_each_number_on(place: str, forms: tuple[str, ...]) -> None:
    assert forms_of_place(place) == forms
