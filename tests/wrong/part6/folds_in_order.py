"""cv=5 gives stratified folds in the order of the rows."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "not shuffled"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    factors = movie_factors.detach().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=5, scoring="roc_auc")
    return float(scores.mean())
