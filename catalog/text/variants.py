"""Names of variants beside those of their models."""


def without_model(variant: str, model: str) -> str:
    """The name of a variant without that of its model, where it begins with it: "72B" of "Qwen2.5-VL-72B", "" for a
    variant that is called like its model."""
    if not model or not variant.casefold().startswith(model.casefold()):
        return variant
    rest = variant[len(model) :]
    return rest.lstrip(" -_/") if not rest[:1].isalnum() and not rest.startswith(".") else variant


def checkpoint_name(model: str, variant: str) -> str:
    """A checkpoint by its model and variant, the name of the model once."""
    rest = without_model(variant, model)
    return variant if rest != variant else " ".join(filter(None, (model, variant)))
