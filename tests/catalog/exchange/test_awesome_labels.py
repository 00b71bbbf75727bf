"""Labels of links, in English and Chinese."""

import pytest

from catalog.exchange.awesome.labels import is_label, is_label_of_nothing, kind_of_label


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Paper", ""),
        ("📄 [PDF]", ""),
        ("PyTorch Code", "code"),
        ("Code (in construction)", "code"),
        ("Project Homepage", "project"),
        ("Paper 2", ""),
        ("Code/Data", "code"),
        ("论文2", ""),
        ("代码（即将开源）", "code"),
        ("代码和数据集", "code"),
        ("GitHub地址", "code"),
        ("Demo视频", "demo"),
        ("This Page", "project"),
    ],
)
def test_what_a_link_leads_to_is_a_label(text: str, kind: str) -> None:
    assert (is_label(text), kind_of_label(text)) == (True, kind)


@pytest.mark.parametrize(
    "text",
    ["Model 1", "A model", "The Dataset", "Code Generation", "视频理解", "模型 3", "Page Layout", "Twitter", "", "2"],
)
def test_what_may_be_a_name_is_none(text: str) -> None:
    assert (is_label(text), kind_of_label(text)) == (False, "")


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("论文：暂无", True),
        ("代码：还未公布", True),
        ("Code: coming soon", True),
        ("**Code:** N/A", True),
        ("Paper:", True),
        ("Code: by Ann", False),
        ("Far: none", False),
        ("none", False),
    ],
)
def test_a_label_may_say_that_there_is_nothing(text: str, nothing: bool) -> None:
    assert is_label_of_nothing(text) is nothing
