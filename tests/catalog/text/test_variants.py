"""A variant is shown without the name of its model, which stands beside it."""

import pytest

from catalog.text.variants import without_model


@pytest.mark.parametrize(
    ("variant", "model", "shown"),
    [
        ("Qwen2.5-VL-72B", "Qwen2.5-VL", "72B"),
        ("qwen2-vl 7B", "Qwen2-VL", "7B"),
        ("SmolVLM (2B)", "SmolVLM", "(2B)"),
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
