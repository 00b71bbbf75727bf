"""The vocabulary of generated entries."""

RARE, MEDIUM, COMMON, VERY_COMMON = "hyperspectral", "tactile", "multilingual", "alignment"
"""Terms in 0.03 %, 1 %, 30 % and 96 % of the papers' descriptions."""

_SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu wa xe yi zo qua bri cla dro fle gri plo sta tri vor zan"
SYLLABLES = _SYLLABLES.split()
_PROSE = (
    "model image text token vision language encoder decoder layer attention region caption question answer video frame "
    "audio document chart table scene object pixel patch prompt instruction reward preference data corpus filter noise "
    "scale budget compute memory latency context window retrieval memory tool agent planner robot camera depth point "
    "cloud map graph symbol equation proof code page screen click layout font handwriting receipt diagram figure "
    "medical satellite driving street indoor kitchen surgical microscope plant animal bird face gesture speech music "
    "learning training tuning pruning distilling merging sampling decoding grounding reasoning counting reading seeing "
    "open frozen shared sparse dense joint late early small large deep wide fast slow strong weak robust fair safe "
    "with from over under between across without beyond towards against within through into onto before after while "
    "we show that this improves accuracy on several tasks and keeps quality at lower cost than earlier systems do"
)
PROSE = _PROSE.split()
ORGANISATIONS = [
    f"{name} {form}"
    for form in ("Labs", "University", "AI", "Institute")
    for name in ("Northgate", "Calder", "Meridian", "Alderney", "Tessera", "Quillon", "Harrow", "Lindqvist", "Okafor")
]
MODALITIES = ("image", "text", "video", "audio", "document", "3D")
TASKS = (
    "captioning",
    "visual question answering",
    "retrieval",
    "detection",
    "OCR",
    "grounding",
    "navigation",
    "counting",
)
LICENCES = ("Apache-2.0", "MIT", "CC BY 4.0", "CC BY-NC 4.0", "custom, non-commercial", "")
METRICS = ("accuracy", "CIDEr", "F1", "mAP", "ANLS", "exact match")
SPLITS = ("test", "val", "test-dev", "")
