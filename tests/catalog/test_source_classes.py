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
        ("https://community.openai.com/t/1", SourceClass.LIST),
        ("https://forums.developer.nvidia.com/t/1", SourceClass.LIST),
        ("https://techcommunity.microsoft.com/blog/1", SourceClass.LIST),
        ("https://forum.example.org/t/1", SourceClass.LIST),
        ("https://openreview.net/forum?id=1", SourceClass.PRIMARY),
        ("https://news.nature.com/1", SourceClass.LIST),
        ("https://github.com/openai/CLIP/issues/83", SourceClass.LIST),
        ("https://github.com/openai/CLIP/pull/83", SourceClass.LIST),
        ("https://github.com/openai/CLIP/wiki", SourceClass.LIST),
        ("https://github.com/nobody/nothing/discussions/1", SourceClass.LIST),
        ("https://huggingface.co/openai/clip-vit-base-patch32/discussions/3", SourceClass.LIST),
        ("https://huggingface.co/datasets/facebook/textvqa/discussions/3", SourceClass.LIST),
        ("https://github.com/openai/CLIP/blob/main/issues.md", SourceClass.PRIMARY),
        ("https://github.com/openai/issues", SourceClass.PRIMARY),
        ("https://github.com/lupantech/dl4math", SourceClass.LIST),
        ("https://github.com/lupantech/MathVista", SourceClass.PRIMARY),
        ("https://github.com/microsoft/Awesome-LLMs", SourceClass.LIST),
        ("https://github.com/nobody/vlm-reading-list", SourceClass.LIST),
        ("https://github.com/openai/evals", SourceClass.INDEX),
        ("https://www.alphaxiv.org/overview/2201.12086", SourceClass.INDEX),
        ("https://www.alphaxiv.org/abs/2201.12086", SourceClass.COPY),
        ("https://huggingface.co/papers/2201.12086", SourceClass.INDEX),
        ("https://hf.co/papers/2201.12086", SourceClass.INDEX),
        ("https://hf.co/Qwen/Qwen-VL", SourceClass.PRIMARY),
        ("https://huggingface.co/datasets/Qwen/x", SourceClass.PRIMARY),
        ("https://huggingface.co/datasets/nobody/x", ""),
        ("https://huggingface.co/datasets", ""),
        ("https://youtu.be/x", SourceClass.LIST),
        ("https://papers.nips.cc/paper/1", SourceClass.PRIMARY),
        ("https://www.aclweb.org/anthology/P19-1001", SourceClass.PRIMARY),
        ("https://arxiv.org./abs/2201.12086", SourceClass.PRIMARY),
        ("https://web.archive.org/web/20240101000000/https://arxiv.org/abs/1", SourceClass.PRIMARY),
        ("https://web.archive.org/web/2024id_/medium.com/@x/y", SourceClass.LIST),
        ("https://web.archive.org/web/1/https://web.archive.org/web/1/http:/arxiv.org/abs/1", SourceClass.PRIMARY),
        ("https://web.archive.org/web/1/" * 1000 + "https://arxiv.org/", ""),
        ("https://web.archive.org/web/2024/https://[broken", ""),
        ("https://web.archive.org/", ""),
        ("https://github.com/nobody/nothing", ""),
        ("https://github.com", ""),
        ("https://notarxiv.org/", ""),
        ("https://arxiv.org.example.net/", ""),
        ("https://arxiv.org@example.net/", ""),
        ("https://example.net\\@arxiv.org/abs/1", ""),
        ("https:\\\\arxiv.org\\abs\\1", SourceClass.PRIMARY),
        ("https://example.net?a=\\@arxiv.org/", ""),
        ("https://cro\u00dfref.org/", ""),
        ("https://" + "a." * 50_000 + "arxiv.org/abs/1", SourceClass.PRIMARY),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_longest_place_of_the_table_decides(url: str, expected: str) -> None:
    assert source_class(url) == expected


def test_every_place_of_the_table_is_found() -> None:
    assert {place: source_class(f"https://{place}") for place in CLASSES} == CLASSES


def test_classes_are_those_of_the_model() -> None:
    assert set(CLASSES.values()) == set(SourceClass.values)
