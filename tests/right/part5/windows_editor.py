"""The reference as a Windows editor saves it: CRLF line ends and words beyond ASCII."""

from solutions.part5.recommend import *


def precision_at_k(recommended, relevant, k):
    """Precision, where an empty place is a miss (résumé: hits ÷ k)."""
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    return len([item for item in recommended[:k] if item in relevant]) / k
