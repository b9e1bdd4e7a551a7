"""Lists by a model that the code of one folder trains, the reference or a student's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from torch import nn

from grading.manifest import Course
from tutorial import baselines, rankers
from tutorial.app.library import LIKED, Library
from tutorial.app.recommenders import REASONS, main_axes, ratings_of, well_rated
from tutorial.code import Code, explained_in
from tutorial.experiment import REGULARISED, Dataset, fit, movie_factors, rmse
from tutorial.reasons import Suggestion, score_from_likes, suggest


@dataclass(frozen=True)
class Learned:
    """A `Recommender`. What of the code is missing or broken raises a `CodeError`."""

    course: Course
    folder: Path
    code: Code
    library: Library
    dataset: Dataset
    model: nn.Module

    def for_newcomer(self, rated: Mapping[int, int], n: int) -> list[Suggestion]:
        """See `Recommender`; by folding in (task 5.4)."""
        liked = [movie for movie, stars in rated.items() if stars >= LIKED]
        idx, row = self._idx, self._row
        with explained_in(self.course, self.folder, self.course.part(5)):
            found = suggest(self.code, self.model, idx(liked), idx(rated), n, REASONS)
            if len(found) < min(n, len(self.library.titles) - len(rated)):
                raise ValueError("not all scores are numbers")
            return [
                Suggestion(row[each.movie_idx], each.score, [row[movie] for movie in each.because])
                for each in found
            ]

    def for_user(self, user: int, n: int) -> list[Suggestion]:
        """See `Recommender`."""
        return self.for_newcomer(ratings_of(self.library, user), n)

    def similar(self, movie: int, k: int) -> list[int]:
        """See `Recommender`; by the cosine of factors (task 6.1)."""
        candidates = [movie, *well_rated(self.library, movie)]
        with explained_in(self.course, self.folder, self.course.part(6)):
            factors = movie_factors(self.model)[self._idx(candidates)]
            return [candidates[place] for place in self.code.explore.similar_movies(factors, 0, k)]

    def map_of(self, movies: Sequence[int]) -> np.ndarray:
        """See `Recommender`."""
        return main_axes(movie_factors(self.model)[self._idx(movies)].numpy())

    def _idx(self, movies: Iterable[int]) -> list[int]:
        """The indices of movies in the model."""
        return [self.dataset.movie_index[int(self.library.movie_ids[row])] for row in movies]

    @cached_property
    def _row(self) -> dict[int, int]:
        """The rows of the model's movies in the library."""
        return {idx: self.library.row_of[movie] for movie, idx in self.dataset.movie_index.items()}


def new_model(code: Code, dataset: Dataset) -> nn.Module:
    """An untrained model of the kind that makes the lists."""
    return code.model.MatrixFactorization(dataset.n_users, dataset.n_movies, 32)


def train(code: Code, dataset: Dataset, model: nn.Module) -> nn.Module:
    """The model that makes the lists, trained to rank."""
    return rankers.bpr_model(code, dataset, seed=0)


def measure(code: Code, dataset: Dataset, model: nn.Module) -> list[list]:
    """A row per method: its name, RMSE and nDCG@10 on the held-out ratings, and whether it makes
    the lists."""
    train, valid = dataset.train_encoded, dataset.valid_encoded
    stars = fit(code, dataset, REGULARISED, lambda done, total: None)
    ranked = np.stack(
        [
            score_from_likes(code, model, np.flatnonzero(liked).tolist()).numpy()
            for liked in rankers.likes(dataset)
        ]
    )

    def ndcg(scores: np.ndarray) -> float:
        return rankers.quality(code, dataset, scores).ndcg

    return [
        ["the mean of all ratings", rmse(baselines.global_mean(train, valid), valid), None, False],
        ["biases of users and movies", rmse(baselines.biases(train, valid), valid), None, False],
        ["the most rated", None, ndcg(rankers.most_rated(dataset)), False],
        [
            "factors, trained on stars",
            stars.rmse,
            ndcg(rankers.predicted(code, dataset, stars.model)),
            False,
        ],
        ["EASE, a linear model of likes", None, ndcg(rankers.ease(dataset)), False],
        ["factors, trained to rank", None, ndcg(ranked), True],
    ]
