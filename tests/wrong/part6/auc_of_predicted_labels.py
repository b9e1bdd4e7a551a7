"""The AUC is computed from predict, which only says yes or no."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "the AUC of yes and no"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    from sklearn.metrics import roc_auc_score

    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = []
    for train, test in folds.split(factors, has_genre):
        classifier.fit(factors[train], has_genre[train])
        scores.append(roc_auc_score(has_genre[test], classifier.predict(factors[test])))
    return float(np.mean(scores))
