"""A variant is shown without the name of its model, which stands beside it."""

from collections.abc import Iterator

import pytest
import yaml
from django.conf import settings

from catalog.text.variants import full_name, names_beside, says_model, without_model


@pytest.mark.parametrize(
    ("variant", "model", "shown"),
    [
        ("Qwen2.5-VL-72B", "Qwen2.5-VL", "72B"),
        ("qwen2-vl 7B", "Qwen2-VL", "7B"),
        ("SmolVLM (2B)", "SmolVLM", "(2B)"),
        ("LLaVA-NeXT-13B", "LLaVA-NeXT (LLaVA 1.6)", "13B"),
        ("CLIP", "CLIP", ""),
        ("Llama 3.2 90B Vision", "Llama 3.2-Vision", "Llama 3.2 90B Vision"),
        ("InternVL2", "InternVL", "InternVL2"),
        ("BLIP-2", "BLIP", "2"),
        ("ViT-L/14", "CLIP", "ViT-L/14"),
        ("7B", "", "7B"),
        ("", "CLIP", ""),
    ],
)
def test_the_name_of_the_model_is_left_out(variant: str, model: str, shown: str) -> None:
    assert without_model(variant, model) == shown


@pytest.mark.parametrize(
    ("variant", "model", "says"),
    [
        ("Llama 3.2 90B Vision Instruct", "Llama 3.2-Vision", True),
        ("NVLM-D-72B", "NVLM 1.0", True),
        ("Aya Vision 8B", "Aya Vision 32B", True),
        ("BLIP ViT-L", "BLIP-2", False),
        ("BLIP ViT-L/2", "BLIP-2", False),
        ("NVLM 2", "NVLM 1.0", False),
        ("NVLM 1.5", "NVLM 1.0", False),
        ("Llama 3.2 90B", "Llama 3", False),
        ("LLaVA 7B", "LLaVA-1.5", False),
        ("Vision Aya 8B", "Aya Vision 32B", False),
        ("Aya Vision", "Aya Vision 32B", False),
        ("Phi-4-Mini", "Phi-4-Multimodal", False),
        ("Qwen2 7B", "Qwen2-VL", False),
        ("InternVL2", "InternVL", True),
        ("claude-3-5-sonnet-20240620", "Claude 3.5 Sonnet", True),
        ("claude-3-7-sonnet-20250219", "Claude 3.5 Sonnet", False),
        ("Llama 3-8B", "Llama 3.8", False),
        ("VLM2Vec-V2.0", "VLM2Vec-V2", True),
        ("VLM2Vec-V2.1", "VLM2Vec-V2", False),
        ("InternVL-Chat-V1-5", "InternVL 1.5", True),
        ("InternVL-Chat-V1-2", "InternVL 1.5", False),
        ("llava-v1.6-34b", "LLaVA-NeXT (LLaVA 1.6)", True),
        ("llava-v1.5-7b", "LLaVA-NeXT (LLaVA 1.6)", False),
        ("Moondream2", "Moondream 1 and Moondream 2", True),
        ("Flash", "Reka Core, Flash and Edge", False),
        ("7B", "", False),
        ("", "CLIP", False),
    ],
)
def test_a_variant_stands_alone_only_where_it_says_the_name_of_the_model(variant: str, model: str, says: bool) -> None:
    assert says_model(variant, model) == says


@pytest.mark.parametrize(
    ("variant", "model", "beside", "full"),
    [
        ("Llama 3.2 90B Vision", "Llama 3.2-Vision", ("Llama 3.2 90B Vision", ""), "Llama 3.2 90B Vision"),
        ("Qwen2.5-VL-72B", "Qwen2.5-VL", ("Qwen2.5-VL", "72B"), "Qwen2.5-VL-72B"),
        ("ViT-L/14", "CLIP", ("CLIP", "ViT-L/14"), "CLIP ViT-L/14"),
        ("BLIP ViT-L", "BLIP-2", ("BLIP-2", "BLIP ViT-L"), "BLIP-2 BLIP ViT-L"),
        ("", "CLIP", ("CLIP", ""), "CLIP"),
        ("CLIP", "CLIP", ("CLIP", ""), "CLIP"),
    ],
)
def test_a_checkpoint_has_the_name_of_its_model_once(
    variant: str, model: str, beside: tuple[str, str], full: str
) -> None:
    assert names_beside(variant, model) == beside
    assert full_name(variant, model) == full


def names_of_the_seed() -> Iterator[tuple[str, str]]:
    """Variants and their models, as some revision has both."""
    path = settings.BASE_DIR / "fixtures" / "curation" / "05-papers.yaml"
    for paper in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        name = paper["name"]
        for revision in paper["revisions"]:
            name = revision["changes"].get("name", name)
            yield from ((variant["name"], name) for variant in revision["changes"].get("variants", ()))


def test_of_the_seed_these_variants_stand_alone() -> None:
    names = set(names_of_the_seed())

    assert len(names) > 80
    alone = {variant for variant, model in names if variant != model and names_beside(variant, model)[0] == variant}
    assert alone == {
        "Aya Vision 8B",
        "Llama 3.2 11B Vision",
        "Llama 3.2 11B Vision Instruct",
        "Llama 3.2 90B Vision",
        "Llama 3.2 90B Vision Instruct",
        "NVLM-D-72B",
        "NVLM-H-72B",
        "NVLM-X-72B",
    }
