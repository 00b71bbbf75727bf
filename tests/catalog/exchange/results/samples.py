"""Small results files in the shapes of the formats; all names and values are made up."""

import json
from pathlib import PurePath

MTEB = {
    "dataset_revision": "d1",
    "evaluation_time": 1.5,
    "mteb_version": "1.99.0",
    "scores": {
        "test": [
            {"accuracy": 0.6100, "hf_subset": "default", "languages": ["eng-Latn"], "main_score": 0.61, "f1": 0.5},
            {"accuracy": 0.25, "hf_subset": "fr", "languages": ["fra-Latn"], "main_score": 0.25, "f1": None},
        ]
    },
    "task_name": "OwlZeroShot",
}
MTEB_TEXT = (
    json.dumps(MTEB)
    .replace('"accuracy": 0.61,', '"accuracy": 0.6100,')
    .replace('"main_score": 0.61,', '"main_score": 0.6100,')
)
OPEN_CLIP = """name,pretrained,params (M),FLOPs (B),Average perf. on 3 datasets,Owl 1k,Caltech-101,\
Nest image retr. R@5,WinoGAViL avg jaccard score,WinoGAViL jaccard score 10-12
ViT-Owl-14,barn2b,10.50,1.00,0.5000,0.6100,0.7200,0.8300,0.9000,0.4400
"""
MMMU_BOARD = {
    "leaderboardData": [
        {"info": {"name": "People", "type": "human_expert"}, "validation": {"overall": "99.0"}},
        {
            "info": {"name": "Owl-VL-7B", "size": "7B", "date": "2025-01-31", "type": "open_source"},
            "validation": {"overall": "61.0", "science": "50.0", "source": "author"},
            "test": {"overall": "-"},
            "pro": {"overall": "40.10", "vision": "38.0"},
        },
    ]
}
LMMS_EVAL = {
    "results": {
        "mmmu_val": {"alias": "mmmu_val", "mmmu_acc,none": 0.5067, "mmmu_acc_stderr,none": "N/A"},
        "owlqa": {"alias": "owlqa", "exact_match,strict": 0.81220, "exact_match_stderr,strict": 0.007},
        "nests": {"alias": "nests", "nest_score,none": 611.07, "broken,none": "N/A"},
        "part_of": {"exact_match,none": 0.1},
        "group": {"exact_match,none": 0.2},
    },
    "group_subtasks": {"group": ["owlqa", "nests"], "owlqa": []},
    "configs": {"mmmu_val": {"test_split": "validation"}, "owlqa": {"test_split": "test"}},
    "n-shot": {"mmmu_val": 0, "owlqa": 5},
    "n-samples": {"owlqa": {"original": 300, "effective": 300}, "part_of": {"original": 300, "effective": 10}},
    "config": {"model": "owl", "model_args": "pretrained=barn/Owl-VL-7B,max_pixels=9", "limit": None, "gen_kwargs": ""},
    "lmms_eval_version": "0.5.0",
    "date": "20260102_030405",
    "model_name": "Owl-VL-7B",
}
LMMS_EVAL_TEXT = json.dumps(LMMS_EVAL).replace("0.8122,", "0.81220,")
VLMEVALKIT_ACC = '"split","Overall","AR"\n"dev","0.8010","0.7000"\n"none","0.5","N/A"\n'
VLMEVALKIT_SCORE = '"perception","reasoning"\n"1600.10","500.0"\n'
HF_EVAL_RESULTS = """- dataset: {id: barn/Owl-Bench, task_id: default, revision: d1}
  value: 58.60
  date: "2026-01-02"
  source: {url: "https://owl.example.org/report"}
  notes: no-tools
- dataset: {id: barn/Owl-Bench, task_id: hard}
  value: .nan
"""
MODEL_INDEX = """---
license: mit
model-index:
- name: Owl-VL-7B
  results:
  - task: {type: image-text-to-text}
    dataset: {type: barn/Owl-Bench, name: Owl Bench, config: default, split: test, revision: d1}
    metrics:
    - {type: accuracy, value: 58.60, name: Accuracy, verified: false}
    - {type: f1, value: N/A}
    source: {url: "https://owl.example.org/report"}
---
# Owl
"""
EVERY_EVAL_EVER = {
    "schema_version": "0.3.0",
    "evaluation_id": "owl/barn_Owl-VL-7B/1",
    "retrieved_timestamp": "1767225600",
    "evaluation_timestamp": "2026-01-02T03:04:05Z",
    "source_metadata": {
        "source_type": "documentation",
        "source_organization_name": "Barn",
        "evaluator_relationship": "first_party",
        "additional_details": {"source": "https://owl.example.org/report"},
    },
    "eval_library": {"name": "owl-eval", "version": "unknown"},
    "model_info": {
        "name": "Owl-VL-7B",
        "id": "barn/Owl-VL-7B",
        "additional_details": {"deployment_type": "unknown", "model_availability": "unknown", "revision": "m1"},
    },
    "evaluation_results": [
        {
            "evaluation_name": "Owl Bench",
            "source_data": {
                "dataset_name": "barn/Owl-Bench",
                "source_type": "hf_dataset",
                "hf_split": "test",
                "additional_details": {"revision": "d1", "part": "hard"},
            },
            "metric_config": {"metric_id": "accuracy", "metric_unit": "proportion", "lower_is_better": False},
            "score_details": {
                "score": 0.61,
                "details": {"as_printed": "0.6100"},
                "uncertainty": {"standard_error": {"value": 0.010}, "num_samples": 100},
            },
            "generation_config": {
                "generation_args": {"reasoning": True},
                "additional_details": {"shots": "5", "adaptation": "few-shot"},
            },
        }
    ],
}
FILES: dict[str, tuple[bytes, PurePath]] = {
    "mteb": (MTEB_TEXT.encode(), PurePath("results/barn__owl-large/m1/OwlZeroShot.json")),
    "open_clip": (OPEN_CLIP.encode(), PurePath("results.csv")),
    "mmmu_board": (json.dumps(MMMU_BOARD).encode(), PurePath("leaderboard_data.json")),
    "lmms_eval": (LMMS_EVAL_TEXT.encode(), PurePath("20260102_results.json")),
    "vlmevalkit": (VLMEVALKIT_ACC.encode(), PurePath("outputs/Owl_VL/Owl_VL_OwlBench_DEV_acc.csv")),
    "hf_eval_results": (HF_EVAL_RESULTS.encode(), PurePath("barn/Owl-VL-7B/.eval_results/owl.yaml")),
    "model_index": (MODEL_INDEX.encode(), PurePath("README.md")),
    "every_eval_ever": (json.dumps(EVERY_EVAL_EVER).replace("0.01}", "0.010}").encode(), PurePath("owl.json")),
}
"""A file of each format, and its path."""
