"""Fit and score on the same rows: it looks better and says nothing."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "that it was trained on"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    from sklearn.metrics import roc_auc_score

    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = []
    for train, _ in folds.split(factors, has_genre):
        classifier.fit(factors[train], has_genre[train])
        logits = classifier.decision_function(factors[train])
        scores.append(roc_auc_score(has_genre[train], logits))
    return float(np.mean(scores))
