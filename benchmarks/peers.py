"""The course's models beside those of other libraries, on the same splits, in one process:
`python -m benchmarks.peers`; the libraries are best in an environment of their own.

Stars: RMSE on the five official splits, and the time to fit a model and predict the test ratings.
Lists: nDCG@10 on part 5's five splits, the time to fit, and the time to make every user's top 10.
Within each split the models take turns. Times are seconds of processor time, over all threads,
medians over the splits; in brackets, as a multiple of the first row. Every library has settings
that were tuned: on a tenth of u1's training ratings, or for EASE, the course's. Libraries that are
not installed are named and left out.
"""

import argparse
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import torch
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import accuracy
from grading import manifest
from tutorial import bayesian, rankers
from tutorial.code import Code, load_code
from tutorial.experiment import REGULARISED, Dataset, predict, read, rmse

Stars = Callable[[pd.DataFrame, pd.DataFrame], np.ndarray]  # train, asked → stars [rows]
MakeLists = Callable[[], np.ndarray | list[np.ndarray]]  # each user's K best unseen movies
Lists = Callable[[Dataset], MakeLists]  # fits a model
EASE_REGULARIZATION = 200.0


@dataclass(frozen=True)
class Entry:
    """One row: a library with its best model for stars and its best model for lists, if any."""

    name: str
    stars: tuple[str, Stars] | None = None
    lists: tuple[str, Lists] | None = None
    module: str = ""  # which import needs installing; "" for the course's own

    @property
    def is_here(self) -> bool:
        return not self.module or find_spec(self.module) is not None


@dataclass
class Measured:
    """What one entry reached: a value per split."""

    entry: Entry
    rmse: list[float] = field(default_factory=list)
    stars_seconds: list[float] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)
    fit_seconds: list[float] = field(default_factory=list)
    list_seconds: list[float] = field(default_factory=list)


# The course's own


def own(code: Code, base: pd.DataFrame) -> list[Entry]:
    """The number of epochs of the regularised model is chosen on a tenth of `base`."""
    _, epochs = accuracy.choose(code, [REGULARISED], base)

    def regularised(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
        model, _ = accuracy.train(code, REGULARISED, train, train, epochs, patience=100)
        return predict(model, asked)

    def bpr(dataset: Dataset) -> MakeLists:
        model = rankers.bpr_model(code, dataset, seed=0)
        seen = rankers.rated(dataset)
        return lambda: rankers.lists(rankers.predicted(code, dataset, model), seen)

    return [
        Entry("this course", ("Gibbs sampler", bayesian.predict), ("EASE", ease)),
        Entry("this course", ("regularised model", regularised), ("BPR", bpr)),
    ]


def ease(dataset: Dataset) -> MakeLists:
    liked = rankers.likes(dataset).astype(np.float64)
    weights = rankers.ease_weights(liked, EASE_REGULARIZATION)
    seen = rankers.rated(dataset)
    return lambda: rankers.lists(liked @ weights, seen)


# Peers: each imports its library when it runs


def surprise_svd(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    import surprise

    columns = train[["user_idx", "movie_idx", "rating"]]
    trainset = surprise.Dataset.load_from_df(columns, surprise.Reader()).build_full_trainset()
    model = surprise.SVD(n_factors=100, n_epochs=80, lr_all=0.005, reg_all=0.1, random_state=0)
    model.fit(trainset)
    pairs = zip(asked["user_idx"], asked["movie_idx"], strict=True)
    return np.array([model.predict(user, movie).est for user, movie in pairs])


def cornac_dataset(triples: Iterable[tuple[int, int, float]], n_users: int, n_movies: int) -> Any:
    """Users and movies keep their numbers, also those without ratings."""
    from cornac.data import Dataset as CornacDataset

    users, movies = (OrderedDict((i, i) for i in range(n)) for n in (n_users, n_movies))
    return CornacDataset.build(triples, global_uid_map=users, global_iid_map=movies, seed=0)


def cornac_mf(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    from cornac.models import MF

    columns = ["user_idx", "movie_idx"]
    n_users, n_movies = 1 + np.maximum(train[columns].max(), asked[columns].max())
    ratings = train[[*columns, "rating"]].itertuples(index=False, name=None)
    model = MF(k=100, max_iter=60, learning_rate=0.01, lambda_reg=0.1, num_threads=1, seed=0)
    model.fit(cornac_dataset(list(ratings), n_users, n_movies))
    return np.array([model.rate(*pair) for pair in asked[columns].itertuples(index=False)])


def cornac_ease(dataset: Dataset) -> MakeLists:
    from cornac.models import EASE

    pairs = [(user, movie, 1.0) for user, movie in rankers.liked_pairs(dataset).tolist()]
    model = EASE(lamb=EASE_REGULARIZATION, posB=False, verbose=False)
    model.fit(cornac_dataset(pairs, dataset.n_users, dataset.n_movies))
    seen = rankers.rated(dataset)
    users = range(dataset.n_users)
    return lambda: rankers.lists(np.vstack([model.score(user) for user in users]), seen)


def implicit_als(dataset: Dataset) -> MakeLists:
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    liked, seen = (
        csr_matrix(table.astype(np.float32))
        for table in (rankers.likes(dataset), rankers.rated(dataset))
    )
    model = AlternatingLeastSquares(
        factors=16, regularization=10.0, alpha=5.0, num_threads=1, random_state=0
    )
    model.fit(liked, show_progress=False)
    users = np.arange(dataset.n_users)
    return lambda: model.recommend(users, seen, N=rankers.K)[0]


def lenskit_dataset(encoded: pd.DataFrame) -> Any:
    from lenskit.data import from_interactions_df

    names = {"user_idx": "user_id", "movie_idx": "item_id"}
    return from_interactions_df(encoded.rename(columns=names))


def lenskit_als(train: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    from lenskit.als import BiasedMFScorer
    from lenskit.batch import predict as predict_all
    from lenskit.data import ItemListCollection
    from lenskit.pipeline import predict_pipeline

    scorer = BiasedMFScorer(features=50, epochs=10, regularization=0.15)
    pipeline = predict_pipeline(scorer)
    pipeline.train(lenskit_dataset(train))
    pairs = asked.rename(columns={"user_idx": "user_id", "movie_idx": "item_id"})
    users = ItemListCollection.from_df(pairs, ["user_id"])
    found = predict_all(pipeline, users, n_jobs=1).to_df()
    return pairs.merge(found, how="left")["score"].to_numpy()


def lenskit_ease(dataset: Dataset) -> MakeLists:
    from lenskit import recommend
    from lenskit.knn import EASEScorer
    from lenskit.pipeline import topn_pipeline

    train = dataset.train_encoded
    pipeline = topn_pipeline(EASEScorer(regularization=EASE_REGULARIZATION), n=rankers.K)
    pipeline.train(lenskit_dataset(train[train["rating"] >= rankers.LIKED]))
    unseen = [np.flatnonzero(~row) for row in rankers.rated(dataset)]
    # an empty list for users without likes
    return lambda: [
        recommend(pipeline, user, rankers.K, movies).ids() for user, movies in enumerate(unseen)
    ]


PEERS = (
    Entry("Surprise", ("SVD", surprise_svd), module="surprise"),
    Entry("cornac", ("MF", cornac_mf), ("EASE", cornac_ease), module="cornac"),
    Entry("LensKit", ("biased MF, ALS", lenskit_als), ("EASE", lenskit_ease), module="lenskit"),
    Entry("implicit", lists=("ALS", implicit_als), module="implicit"),
)


# Measuring


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the seconds of processor time."""
    start = time.process_time()
    result = run()
    return result, time.process_time() - start


def measure_stars(
    found: Sequence[Measured], train: pd.DataFrame, test: pd.DataFrame, done: Callable[[], None]
) -> None:
    """One split; the models do not see the test ratings."""
    asked = test[["user_idx", "movie_idx"]]
    for measured in found:
        if measured.entry.stars:
            _, fit = measured.entry.stars
            stars, seconds = timed(partial(fit, train, asked))
            measured.rmse.append(rmse(stars, test))
            measured.stars_seconds.append(seconds)
        done()


def measure_lists(
    code: Code, found: Sequence[Measured], dataset: Dataset, done: Callable[[], None]
) -> None:
    """One split, by part 5's protocol."""
    relevant = rankers.relevant(dataset)
    for measured in found:
        if measured.entry.lists:
            _, fit = measured.entry.lists
            make, fit_seconds = timed(partial(fit, dataset))
            lists, list_seconds = timed(make)
            scores = [
                code.recommend.ndcg_at_k(lists[user].tolist(), movies, rankers.K)
                for user, movies in relevant.items()
            ]
            measured.ndcg.append(float(np.mean(scores)))
            measured.fit_seconds.append(fit_seconds)
            measured.list_seconds.append(list_seconds)
        done()


def table(found: Sequence[Measured]) -> Table:
    """A row per entry."""
    columns = ("library", "stars by", "RMSE", "time", "lists by", "nDCG@10", "time", "all top 10")
    result = Table(*columns)
    first = found[0]
    for measured in found:
        stars, lists = measured.entry.stars, measured.entry.lists
        result.add_row(
            measured.entry.name,
            stars[0] if stars else "–",
            f"{np.mean(measured.rmse):.4f}" if stars else "–",
            duration(measured.stars_seconds, first.stars_seconds),
            lists[0] if lists else "–",
            f"{np.mean(measured.ndcg):.3f}" if lists else "–",
            duration(measured.fit_seconds, first.fit_seconds),
            duration(measured.list_seconds, first.list_seconds),
        )
    return result


def duration(seconds: Sequence[float], reference: Sequence[float]) -> str:
    """The median, and its multiple of the reference's."""
    if not seconds:
        return "–"
    median = float(np.median(seconds))
    return f"{median:.2f} s ({median / float(np.median(reference)):.2g}×)"


def goals_met(found: Sequence[Measured]) -> dict[str, bool]:
    """Goal → whether the course's own entries reach it beside the peers that are here."""
    ours = [measured for measured in found if not measured.entry.module]
    peers = [measured for measured in found if measured.entry.module]
    error = min(float(np.mean(measured.rmse)) for measured in ours)
    ndcg = max(float(np.mean(measured.ndcg)) for measured in ours)
    return {
        "lower RMSE than each peer": all(error < np.mean(p.rmse) for p in peers if p.rmse),
        "nDCG@10 within 3 % of the best": all(
            ndcg >= 0.97 * np.mean(p.ndcg) for p in peers if p.ndcg
        ),
    }


def main() -> int:
    """Print the table; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--splits", type=int, choices=range(1, 6), default=5, help="how many (default: 5)"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    console = Console()
    movielens = accuracy.official_splits()
    course = manifest.load()
    code = load_code(course, course.solutions)
    folds = [accuracy.encoded_fold(code, movielens, 1 + n) for n in range(arguments.splits)]
    entries = [*own(code, folds[0][0]), *(peer for peer in PEERS if peer.is_here)]
    found = [Measured(entry) for entry in entries]
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("measuring", total=2 * len(found) * len(folds))
        done = partial(progress.advance, task)
        for train, test in folds:
            measure_stars(found, train, test, done)
        for seed in range(arguments.splits):
            measure_lists(code, found, read(code, movielens, seed), done)
    console.print(table(found))
    for missing in [peer.name for peer in PEERS if not peer.is_here]:
        console.print(f'not installed: {missing} (pip install -e ".[peers]")', markup=False)
    met = goals_met(found)
    for goal, reached in met.items():
        console.print(f"{goal}: {'met' if reached else 'missed'}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
