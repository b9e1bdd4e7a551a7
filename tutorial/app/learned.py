"""Lists by a model that the code of one folder trains, the reference or a student's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from rich.console import Console
from torch import Tensor, nn

from grading.manifest import Course
from tutorial import ladder, lists, rankers
from tutorial.app.library import Library
from tutorial.app.recommenders import REASONS, main_axes, ratings_of, well_rated
from tutorial.code import Code, explained_in
from tutorial.demo import with_lists
from tutorial.experiment import REGULARISED, Dataset, movie_factors
from tutorial.ladder import Rung
from tutorial.reasons import Suggestion, score_from_likes, suggest

SERVED = "BPR, folded in"  # for everybody, so that a newcomer's list is as good as a user's


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
        liked = [movie for movie, stars in rated.items() if stars >= rankers.LIKED]
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
        return [self.dataset.movie_index[self.library.movie_ids[row]] for row in movies]

    @cached_property
    def _row(self) -> dict[int, int]:
        """The rows of the model's movies in the library."""
        return {idx: self.library.row_of[movie] for movie, idx in self.dataset.movie_index.items()}


def rebuilt(code: Code, weights: dict[str, Tensor]) -> nn.Module:
    """The model with these weights."""
    n_users, n_factors = weights["user_embedding.weight"].shape
    kind = "BiasedMatrixFactorization" if "movie_bias.weight" in weights else "MatrixFactorization"
    model = getattr(code.model, kind)(n_users, len(weights["movie_embedding.weight"]), n_factors)
    model.load_state_dict(weights)
    return model.eval()


def measured(console: Console, code: Code, dataset: Dataset, model: nn.Module) -> list[Rung]:
    """Every method, and last the lists of the app, on the held-out ratings."""
    stars = lists.fit_with_bar(console, code, dataset, REGULARISED)
    rungs = [*ladder.means(dataset), Rung(REGULARISED.name, stars.rmse)]
    scores = [
        score_from_likes(code, model, np.flatnonzero(liked).tolist()).numpy()
        for liked in rankers.likes(dataset)
    ]
    ndcg = rankers.quality(code, dataset, np.stack(scores)).ndcg
    return [*with_lists(code, dataset, rungs, stars.model, model), Rung(SERVED, ndcg=ndcg)]
