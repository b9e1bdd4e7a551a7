"""One row at a time: a loop over the batch with randint among the unseen movies."""

from solutions.part6.explore import *


def similar_movies(movie_factors: Tensor, movie_idx: int, k: int = 5) -> list[int]:
    others = [movie for movie in range(len(movie_factors)) if movie != movie_idx]
    similarity = {
        movie: F.cosine_similarity(movie_factors[movie], movie_factors[movie_idx], dim=0).item()
        for movie in others
    }
    return sorted(others, key=similarity.__getitem__, reverse=True)[:k]


def sample_negatives(user_idx: Tensor, seen: Tensor, generator: torch.Generator) -> Tensor:
    movies = []
    for user in user_idx:
        (unseen,) = torch.where(~seen[user])
        if len(unseen) == 0:
            raise ValueError(f"user {user} has no unseen movie")
        place = torch.randint(len(unseen), (1,), generator=generator)
        movies.append(unseen[place].item())
    return torch.tensor(movies)


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    total = torch.zeros(())
    for gap in positive - negative:
        total = total - F.logsigmoid(gap)
    return total / len(positive)
