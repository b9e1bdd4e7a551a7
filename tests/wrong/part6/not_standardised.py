"""Logistic regression runs without it, and penalises large and small factors alike."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "not standardised"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    classifier = LogisticRegression(max_iter=5000)
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="roc_auc")
    return float(scores.mean())
