"""Five random tests of a fifth each, which overlap."""

from sklearn.model_selection import StratifiedShuffleSplit

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "wrong value"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedShuffleSplit(n_splits=5, test_size=0.2, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="roc_auc")
    return float(scores.mean())
