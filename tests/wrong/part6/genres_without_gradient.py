"""weight.data is used to get at the numbers."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "its weights were taken out of the recording"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def movie_factors(self, movie_idx: Tensor) -> Tensor:
        from_genres = self.genres[movie_idx] @ self.genre_embedding.weight.data
        return self.movie_embedding(movie_idx) + from_genres
