"""With a sum, movies with many genres get long factors: the mean seems fairer."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "the mean of the genres"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        flags = self.genres[movie_idx]
        count = flags.sum(dim=1, keepdim=True).clamp(min=1)
        return self.movie_embedding(movie_idx) + flags @ self.genre_embedding.weight / count
