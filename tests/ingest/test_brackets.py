"""Duty brackets as notices print them; the examples are invented, the forms are real."""

import pytest

from ingest.notice.brackets import brackets, read_duties

L, R, C = "lead", "responsible", "cooperate"


@pytest.mark.parametrize(
    ("inner", "names"),
    [
        ("牵头部门:省甲厅、省乙协", [("省甲厅", L), ("省乙协", L)]),
        ("省甲厅、省乙局按职责分工负责", [("省甲厅", R), ("省乙局", R)]),
        ("省甲厅按照职责分工负责", [("省甲厅", R)]),
        (
            "牵头单位:省甲厅、省乙厅按职责分工负责",
            [("省甲厅", L), ("省乙厅", L), ("省甲厅", R), ("省乙厅", R)],
        ),
        ("牵头单位：市甲局；责任单位：市乙局、市丙委", [("市甲局", L), ("市乙局", R), ("市丙委", R)]),
        ("省甲厅牵头，省乙厅、丙局按职责分工负责", [("省甲厅", L), ("省乙厅", R), ("省丙局", R)]),
        ("省甲厅、省乙厅分别牵头", [("省甲厅", L), ("省乙厅", L)]),
        ("体育总局、民政部负责", [("体育总局", R), ("民政部", R)]),
        ("甲部、乙局负责。列第一位者为牵头单位，下同", [("甲部", L), ("乙局", R)]),
        ("省甲厅牵头，省乙局配合", [("省甲厅", L), ("省乙局", C)]),
        ("市文化和旅游局、市人力资源和社会保障局负责", [("市文化和旅游局", R), ("市人力资源和社会保障局", R)]),
    ],
)
def test_who_does_what(inner, names):
    assert [(n, r.value) for n, r in read_duties(inner).names] == names


def test_an_open_list_and_localities_are_kept_apart():
    reading = read_duties("牵头单位:市甲局;责任单位:市乙局等有关单位,各县(市、区)人民政府")
    assert reading.open_list
    assert [n for n, _ in reading.names] == ["市甲局", "市乙局"]
    assert reading.localities == ["各县(市、区)人民政府"]


@pytest.mark.parametrize("inner", ["所、站", "2021—2025年", "院校", "国发〔2021〕9号", "此件主动公开"])
def test_other_brackets_are_no_duties(inner):
    assert read_duties(inner) is None


def test_nested_brackets_stay_inside():
    assert [b.inner for b in brackets("建设(所(站)、点)和[甲]")] == ["所(站)、点", "甲"]
