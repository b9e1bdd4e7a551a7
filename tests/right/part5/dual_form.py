"""The m × m form of ridge regression, in float64, whatever came in."""

from solutions.part5.recommend import *


def fold_in(movie_factors: Tensor, residuals: Tensor, regularization: float = 1.0) -> Tensor:
    q, r = movie_factors.double(), residuals.double()
    kernel = q @ q.mT + regularization * torch.eye(len(q), dtype=torch.float64)
    return torch.einsum("mf,m->f", q, torch.linalg.inv(kernel) @ r)


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k must be positive, got {k}")
    if not relevant:
        return 0.0
    gains = [1 / np.log2(rank + 2) * (item in relevant) for rank, item in enumerate(recommended)]
    ideal = [1 / np.log2(rank + 2) for rank in range(len(relevant))]
    return sum(gains[:k]) / sum(ideal[:k])
