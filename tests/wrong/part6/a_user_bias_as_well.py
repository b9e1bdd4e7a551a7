"""A bias for each user, as in part 3, though the task asks for three tables."""

from solutions.part6 import explore as reference
from solutions.part6.explore import *

FAILS = ["6.4"]
SAYS = "wrong trained weights"


class HybridMatrixFactorization(reference.HybridMatrixFactorization):
    def __init__(self, n_users: int, genres: Tensor, n_factors: int = 32) -> None:
        super().__init__(n_users, genres, n_factors)
        self.user_bias = nn.Embedding(n_users, 1)

    def forward(self, user_idx: Tensor, movie_idx: Tensor) -> Tensor:
        return super().forward(user_idx, movie_idx) + self.user_bias(user_idx).squeeze(-1)
