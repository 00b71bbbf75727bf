"""Names of variants beside those of their models."""

import re
from functools import lru_cache

WORD = re.compile(r"\d+(?:\.\d+)*[^\W\d_]*|[^\W\d_]+")
"""A word of a name, or a number with what follows it: "Llama 3.2-Vision 90B" has "llama", "3.2", "vision", "90b"."""
SIZE = re.compile(r"\d{1,9}(?:\.\d{1,9})?[bm]")
FIRST_VERSIONS = ("1", "1.0")


def without_model(variant: str, model: str) -> str:
    """The name of a variant without that of its model, where it begins with it: "72B" of "Qwen2.5-VL-72B", "" for a
    variant that is called like its model."""
    if not model or not variant.casefold().startswith(model.casefold()):
        return variant
    rest = variant[len(model) :]
    return rest.lstrip(" -_/") if not rest[:1].isalnum() and not rest.startswith(".") else variant


def names_beside(variant: str, model: str) -> tuple[str, str]:
    """What is shown of a checkpoint: the name of its model and what distinguishes the variant, or the name of the
    variant alone where it says the name of the model too."""
    rest = without_model(variant, model)
    if rest == variant and variant and says_model(variant, model):
        return variant, ""
    return model, rest


def full_name(variant: str, model: str) -> str:
    """A checkpoint by its model and variant, the name of the model once."""
    if variant and (without_model(variant, model) != variant or says_model(variant, model)):
        return variant
    return " ".join(filter(None, (model, variant)))


def says_model(variant: str, model: str) -> bool:
    """Whether the name of a variant has the words of its model's, from the first one and in order: "Llama 3.2 90B
    Vision" those of "Llama 3.2-Vision". A version stands right behind its word, so that "BLIP ViT-L/2" is no BLIP-2; a
    first version may be missing where no other is there ("NVLM-D-72B" of "NVLM 1.0"), and a size where the variant has
    its own ("Aya Vision 8B" of "Aya Vision 32B")."""
    first = _first_word(variant)
    if not first or first != _first_word(model):
        return False
    words, wanted = WORD.findall(variant.casefold()), WORD.findall(model.casefold())
    at = 0
    for word in wanted[1:]:
        behind = words[at + 1 :]
        if SIZE.fullmatch(word) and word not in behind:
            if not any(SIZE.fullmatch(other) for other in words):
                return False
        elif _is_version(word):
            if behind[:1] == [word]:
                at += 1
            elif word not in FIRST_VERSIONS or (behind and _is_version(behind[0])):
                return False
        elif word in behind:
            at += 1 + behind.index(word)
        else:
            return False
    return True


@lru_cache(maxsize=10_000)
def _first_word(name: str) -> str:
    first = WORD.search(name.casefold())
    return first[0] if first else ""


def _is_version(word: str) -> bool:
    return word.replace(".", "").isdigit()
