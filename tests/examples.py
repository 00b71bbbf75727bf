"""A full payload of each kind: every sort of field that it has."""

from typing import Any

FULL: dict[str, dict[str, Any]] = {
    "paper": {
        "summary": "A *model*.",
        "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2409.12191", "label": ""}],
        "authors": ["Ada L.", "Grace H."],
        "released": "2024-09",
        "variants": [
            {
                "name": "7B",
                "total_b": "7.60",
                "active_b": None,
                "as_stated": "7B",
                "weights_url": "",
                "licence": "",
                "note": "",
            }
        ],
        "vision_encoders": [{"component": "siglip", "variants": ["7B"], "note": "frozen"}],
        "language_backbones": [{"component": "qwen2", "variants": [], "note": ""}],
        "training_datasets": [{"name": "COCO", "dataset": "coco", "benchmark": None}],
        "origins": [{"relation": "successor-of", "paper": "older", "component": None, "note": ""}],
        "topics": ["alignment", "video"],
        "sources": [
            {"field": "released", "url": "https://arxiv.org/abs/2409.12191", "note": "", "confidence": "confirmed"}
        ],
    },
    "dataset": {
        "size": "5.85 billion pairs",
        "size_count": 5_850_000_000,
        "availability": "withdrawn",
        "known_issues": [{"text": "Links rot.", "url": "", "confidence": "unverified"}],
        "papers": [{"title": "T", "url": "", "arxiv_id": "2210.08402", "doi": "", "authors": "S et al.", "year": 2022}],
    },
    "benchmark": {
        "metrics": [
            {
                "name": "accuracy",
                "unit": "%",
                "direction": "higher",
                "minimum": "0",
                "maximum": "100",
                "primary": True,
                "note": "",
            }
        ],
        "built_on": [
            {"name": "MSCOCO", "dataset": "coco"},
            {"name": "Flickr30k", "dataset": None},
        ],
        "standing": "confirmed",
    },
    "topic": {"emoji": "🎯", "family": "research-directions", "points": ["One", "Two"]},
    "component": {
        "type": "vision-encoder",
        "paper": "older",
        "origins": [{"relation": "initialised-from", "paper": None, "component": "siglip", "note": ""}],
    },
    "result": {
        "name": "",
        "paper": "older",
        "benchmark": "mmmu",
        "metric": "accuracy",
        "value": "64.50",
        "standard_error": "0.10",
        "shots": 0,
        "fine_tuned": False,
        "chain_of_thought": None,
        "headline": True,
    },
}
