"""The class of a source by its address."""

import pytest

from catalog.models import SourceClass
from catalog.text.source_classes import CLASSES, source_class


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://arxiv.org/abs/2201.12086", SourceClass.PRIMARY),
        ("HTTPS://WWW.ArXiv.org/abs/2201.12086", SourceClass.PRIMARY),
        ("https://papers.neurips.cc/paper/1", SourceClass.PRIMARY),
        ("https://ar5iv.labs.arxiv.org/html/1", SourceClass.COPY),
        ("https://github.com/qwenlm/Qwen2.5-VL/blob/main/README.md", SourceClass.PRIMARY),
        ("https://raw.githubusercontent.com/QwenLM/Qwen-VL/main/README.md", SourceClass.PRIMARY),
        ("https://github.com/open-compass/MMBench", SourceClass.PRIMARY),
        ("https://github.com/open-compass/VLMEvalKit", SourceClass.INDEX),
        ("https://huggingface.co/blog/smolvlm", SourceClass.LIST),
        ("https://someone.medium.com/post", SourceClass.LIST),
        ("https://github.com/gokayfem/awesome-vlm-architectures", SourceClass.LIST),
        ("https://github.com/nobody/nothing", ""),
        ("https://github.com", ""),
        ("https://notarxiv.org/", ""),
        ("https://arxiv.org.example.net/", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_longest_place_of_the_table_decides(url: str, expected: str) -> None:
    assert source_class(url) == expected


def test_classes_are_those_of_the_model() -> None:
    assert set(CLASSES.values()) == set(SourceClass.values)
