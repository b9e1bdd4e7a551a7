"""numpy's lexsort has the ties in its last keys; float64 throughout."""

from solutions.part5.recommend import *


def score_movies(model: nn.Module, user_idx: int) -> Tensor:
    n_movies = len(model.movie_embedding.weight)
    with torch.inference_mode():
        user = torch.tensor([user_idx])  # broadcasts against all movies
        return model(user, torch.arange(n_movies)).double()


def recommend(
    model: nn.Module,
    user_id: int,
    ratings: pd.DataFrame,
    user_index: dict[int, int],
    movie_index: dict[int, int],
    n: int = 10,
) -> pd.DataFrame:
    if n < 1 or user_id not in user_index:
        raise (ValueError if n < 1 else KeyError)(f"cannot recommend {n} movies to {user_id}")
    movie_ids = np.fromiter(movie_index.keys(), dtype=np.int32)
    scores = score_movies(model, user_index[user_id]).numpy().astype("float64")
    seen = set(ratings["movie_id"][ratings["user_id"] == user_id])
    unseen = np.array([movie_id not in seen for movie_id in movie_ids.tolist()])
    movie_ids, scores = movie_ids[unseen], scores[unseen]
    order = np.lexsort((movie_ids, -scores))[:n]
    return pd.DataFrame({"movie_id": movie_ids[order], "predicted_rating": scores[order]})


def precision_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k = {k}")
    return np.isin(recommended[:k], list(relevant)).sum() / k


def recall_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k = {k}")
    return np.isin(recommended[:k], list(relevant)).sum() / max(len(relevant), 1)


def ndcg_at_k(recommended: Sequence[int], relevant: Collection[int], k: int) -> float:
    if k < 1:
        raise ValueError(f"k = {k}")
    if not len(relevant):
        return 0.0
    hits = np.isin(recommended[:k], list(relevant)).astype("float32")
    discounts = np.log(2) / np.log(np.arange(2, k + 2))
    ideal = discounts[: min(k, len(relevant))].sum()
    return np.dot(hits, discounts[: len(hits)]) / ideal
