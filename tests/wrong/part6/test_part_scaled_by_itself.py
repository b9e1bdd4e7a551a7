"""fit_transform is called for the test rows as for the training rows."""

from solutions.part6.explore import *

FAILS = ["6.2"]
SAYS = "wrong value"


def genre_auc(movie_factors: Tensor, has_genre: np.ndarray, seed: int = 0) -> float:
    from sklearn.metrics import roc_auc_score

    classifier = LogisticRegression(max_iter=1000)
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
    factors = movie_factors.detach().numpy()
    scores = []
    for train, test in folds.split(factors, has_genre):
        classifier.fit(StandardScaler().fit_transform(factors[train]), has_genre[train])
        logits = classifier.decision_function(StandardScaler().fit_transform(factors[test]))
        scores.append(roc_auc_score(has_genre[test], logits))
    return float(np.mean(scores))
