"""Another measure of rankings, which depends on how rare the genre is."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "wrong value"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="average_precision")
    return float(scores.mean())
