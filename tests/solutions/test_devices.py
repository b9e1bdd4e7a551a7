"""The reference runs on whatever device the model is on.

Tensors on `meta` have shapes and no values: an operation with a tensor on the CPU fails, as it
would on a GPU, and so does the step to values, which only a real device can take.
"""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn.functional import mse_loss

from solutions.part3.model import BiasedMatrixFactorization
from solutions.part4 import training
from solutions.part5.recommend import fold_in, recommend, score_movies
from solutions.part6.explore import genre_auc
from solutions.part7.deep import NextMovie, in_batch_softmax, recommend_next

ELSEWHERE = torch.device("meta")
NO_VALUES = "Cannot copy out of meta tensor"


@pytest.fixture
def model() -> BiasedMatrixFactorization:
    return BiasedMatrixFactorization(n_users=3, n_movies=5, n_factors=2).to(ELSEWHERE)


def test_movies_are_scored_on_the_models_device(model: BiasedMatrixFactorization) -> None:
    scores = score_movies(model, 1)
    assert (scores.device, scores.shape) == (ELSEWHERE, (5,))


def test_a_newcomer_is_folded_in_on_the_device_and_in_the_dtype_of_the_factors() -> None:
    factors = torch.empty(4, 2, dtype=torch.float64, device=ELSEWHERE)
    vector = fold_in(factors, torch.empty(4, dtype=torch.float64, device=ELSEWHERE))
    assert (vector.device, vector.dtype, vector.shape) == (ELSEWHERE, torch.float64, (2,))


def test_a_list_is_ranked_from_scores_that_come_from_the_models_device(
    model: BiasedMatrixFactorization,
) -> None:
    ratings = pd.DataFrame({"user_id": [10], "movie_id": [7], "rating": [4.0]})
    index = {movie: row for row, movie in enumerate(range(5, 10))}
    with pytest.raises(NotImplementedError, match=NO_VALUES):
        recommend(model, 10, ratings, {10: 0}, index)


def test_genres_are_told_from_factors_that_come_from_their_device() -> None:
    with pytest.raises(NotImplementedError, match=NO_VALUES):
        genre_auc(torch.empty(20, 2, device=ELSEWHERE), np.arange(20) % 2 == 0)


def test_the_penalty_is_where_the_model_is(model: BiasedMatrixFactorization) -> None:
    pairs = torch.tensor([[0, 1], [2, 3]], device=ELSEWHERE)
    penalty = training.l2_penalty(model, *pairs)
    assert (penalty.device, penalty.shape, penalty.requires_grad) == (ELSEWHERE, (), True)


@pytest.mark.parametrize("step", ["train_epoch", "evaluate"])
def test_batches_from_the_cpu_follow_the_model(step: str, model: BiasedMatrixFactorization) -> None:
    """The forward pass sees the model's device; the loss has no value there to report."""
    seen = []
    model.register_forward_pre_hook(lambda _, inputs: seen.extend(one.device for one in inputs))
    frame = pd.DataFrame({"user_idx": [0, 1], "movie_idx": [2, 3], "rating": [4.0, 5.0]})
    loader = training.make_loader(frame, batch_size=2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    arguments = (optimizer, mse_loss) if step == "train_epoch" else (mse_loss,)
    with pytest.raises(RuntimeError, match="meta tensors"):
        getattr(training, step)(model, loader, *arguments)
    assert seen == [ELSEWHERE, ELSEWHERE]


def test_a_batchs_own_movies_compete_on_the_device_of_their_vectors() -> None:
    vectors, idx = torch.empty(3, 2, device=ELSEWHERE), torch.arange(3, device=ELSEWHERE)
    loss = in_batch_softmax(vectors, vectors, idx, torch.empty(5, device=ELSEWHERE))
    assert (loss.device, loss.shape) == (ELSEWHERE, ())


def test_what_comes_next_is_asked_on_the_models_device() -> None:
    """Histories and positions; PyTorch's layers then look at the values of the mask."""
    model = NextMovie(n_movies=5, max_length=3, n_factors=4).to(ELSEWHERE)
    seen = []
    for one in (model, model.position_embedding):
        one.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].device))
    with pytest.raises(RuntimeError, match="cannot be called on meta tensors"):
        recommend_next(model, [0, 1])
    assert seen == [ELSEWHERE, ELSEWHERE]
