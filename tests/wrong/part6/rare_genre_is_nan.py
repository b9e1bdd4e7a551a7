"""Stratified by hand for common genres, and not where a genre is rare."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "had no movie of the genre"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    import warnings

    from sklearn.model_selection import KFold

    warnings.simplefilter("ignore")
    if has_genre.sum() > 10:
        return reference.genre_auc(movie_factors, has_genre, seed)
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = KFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = cross_val_score(classifier, factors, has_genre, cv=folds, scoring="roc_auc")
    return float(scores.mean())
