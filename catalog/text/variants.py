"""Names of variants beside those of their models."""

import re
from functools import lru_cache
from itertools import pairwise

WORD = re.compile(r"\d+(?:\.\d+)*[^\W\d_]*|[^\W\d_]+")
"""A word of a name, or a number with what follows it: "Llama 3.2-Vision 90B" has "llama", "3.2", "vision", "90b"."""
SIZE = re.compile(r"\d{1,9}(?:\.\d{1,9})?[bm]")
HYPHENATED_VERSION = re.compile(r"(?<![0-9.])([0-9])[-_]([0-9])(?!\w)")
"""A version as weights ids write it: "claude-3-5-sonnet", "MiniCPM-V-2_6"."""
BRACKETS = re.compile(r"^([^()]+)\(([^()]*)\)$")
FIRST_VERSION = "1"


def without_model(variant: str, model: str) -> str:
    """The name of a variant without that of its model, where it begins with it: "72B" of "Qwen2.5-VL-72B", "" for a
    variant that is called like its model."""
    for name in _names_of(model):
        rest = variant[len(name) :]
        if variant.casefold().startswith(name.casefold()) and not rest[:1].isalnum() and not rest.startswith("."):
            return rest.lstrip(" -_/")
    return variant


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
    Vision" those of "Llama 3.2-Vision". A version stands right behind its word, so that "BLIP ViT-L/2" is no BLIP-2, or
    behind a "v" ("InternVL-Chat-V1-5" of "InternVL 1.5"); a first version may be missing where no other is there
    ("NVLM-D-72B" of "NVLM 1.0"), and a size where the variant has its own ("Aya Vision 8B" of "Aya Vision 32B"). What
    stands in brackets behind a model's name is another name of it, or none."""
    words = _words(variant)
    return any(_has_words(words, _words(name)) for name in _names_of(model))


@lru_cache(maxsize=2_000)
def _names_of(model: str) -> list[str]:
    """The names in a model's name: "LLaVA-NeXT" and "LLaVA 1.6" in "LLaVA-NeXT (LLaVA 1.6)", "Moondream 1" and
    "Moondream 2" in "Moondream 1 and Moondream 2"."""
    brackets = BRACKETS.match(model)
    names = [model, *(part.strip() for part in brackets.groups())] if brackets else [model]
    names += [part for name in names for part in name.replace(", ", " and ").split(" and ")]
    first = _words(model)[:1]
    return [name for name in dict.fromkeys(names) if first and _words(name)[:1] == first]


@lru_cache(maxsize=10_000)
def _words(name: str) -> list[str]:
    words = WORD.findall(HYPHENATED_VERSION.sub(r"\1.\2", name.casefold()))
    return [word.removesuffix(".0") if _is_version(word) else word for word in words]


def _has_words(words: list[str], wanted: list[str]) -> bool:
    if words[:1] != wanted[:1]:
        return False
    at = 0
    for word in wanted[1:]:
        behind = words[at + 1 :]
        if SIZE.fullmatch(word) and word not in behind:
            if not any(SIZE.fullmatch(other) for other in words):
                return False
        elif _is_version(word):
            if behind[:1] == [word]:
                at += 1
            elif ("v", word) in pairwise(behind):
                at += 1 + behind.index(word)
            elif word != FIRST_VERSION or (behind and _is_version(behind[0])):
                return False
        elif word in behind:
            at += 1 + behind.index(word)
        else:
            return False
    return True


def _is_version(word: str) -> bool:
    return word.replace(".", "").isdigit()
