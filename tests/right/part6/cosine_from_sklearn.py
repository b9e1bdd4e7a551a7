"""scikit-learn's cosine, numpy's ranking, masked choice by cumulated counts."""

from sklearn.metrics.pairwise import cosine_similarity

from solutions.part6.explore import *


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    factors = movie_factors.detach()
    similarity = cosine_similarity(factors, factors[[movie_idx]]).ravel()
    ranking = np.argsort(-similarity, kind="stable")
    return ranking[ranking != movie_idx][:k].tolist()


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    unseen = torch.logical_not(seen[user_idx])
    left = unseen.sum(dim=1)
    for user, count in zip(user_idx.tolist(), left.tolist(), strict=True):
        if not count:
            raise ValueError(f"user_idx={user}: no movie is left")
    which = (torch.rand(len(user_idx), generator=generator) * left).long() + 1  # from 1 to left
    return torch.searchsorted(unseen.cumsum(dim=1), which[:, None])[:, 0]
