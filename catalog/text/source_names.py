"""Short names of sources."""


def is_address(source: str) -> bool:
    """Whether a source is one address, rather than words that lead to it."""
    return source.startswith(("http://", "https://")) and not any(character.isspace() for character in source)


def source_name(url: str) -> str:
    """A name that readers recognise a URL by: "arXiv 2304.08485", "openai/clip", "HF owner/model", else the host."""
    rest = url.split("://", 1)[-1].removeprefix("www.")
    host, _, path = rest.partition("/")
    parts = [part for part in path.split("/") if part]
    if host in ("arxiv.org", "ar5iv.labs.arxiv.org") and len(parts) > 1:
        return f"arXiv {parts[-1].removesuffix('.pdf')}"
    if host in ("github.com", "huggingface.co") and len(parts) > 1:
        owner = [part for part in parts if part not in ("datasets", "spaces", "models", "blog")]
        return "/".join(owner[:2]) if host == "github.com" else f"HF {'/'.join(owner[:2])}"
    return host
