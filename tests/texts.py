"""Texts as people may type them in forms, for properties and for trying out documents."""

from hypothesis import strategies as st

SHOWN = st.characters(
    categories=("L", "N", "P", "S"),
    exclude_characters="\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159\U00013441\U00013442",
)
"""Characters that show, whatever stands around them."""

NAMES = st.lists(st.text(SHOWN, min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join)
"""Names in one line."""

SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
EMOJI = st.sampled_from(["👩\u200d🔧", "❤\ufe0f", SCOTLAND, "می\u200cخواهم"])
"""What is held together by characters that do not show."""

SENTENCES = st.lists(st.text(SHOWN, min_size=1, max_size=8) | EMOJI, min_size=1, max_size=6).flatmap(
    lambda parts: st.sampled_from([" ", "\n", "\t", ", "]).map(lambda between: between.join(parts))
)
"""What people write, perhaps in several lines."""

PHONES = st.sampled_from(
    ["13800000000", "１３８ ００００ ００００", "010-65123456 转 8001", "+46 31 660 000", "400-820-8820", "95588"]
)
"""Numbers of customers."""
