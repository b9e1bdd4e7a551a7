"""Everything is scaled once in the beginning: the test rows have a say in it."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "also on the tested ones"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    classifier = LogisticRegression(max_iter=1000)
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = StandardScaler().fit_transform(movie_factors.numpy())
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="roc_auc")
    return float(scores.mean())
