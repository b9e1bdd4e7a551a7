"""Lists from likes: what is in them, and that a reason is a part of the score."""

import pytest
import torch
from torch import nn

from tutorial.code import Code
from tutorial.reasons import contributions, score_from_likes, suggest

N_MOVIES = 30
COMEDIES, WESTERNS = range(15), range(15, 30)


@pytest.fixture(scope="module")
def model(code: Code) -> nn.Module:
    """Two kinds of movies; the higher the number of one, the more popular."""
    torch.manual_seed(0)
    model: nn.Module = code.model.BiasedMatrixFactorization(2, N_MOVIES, 4)
    factors, biases = (
        model.get_parameter(f"{name}.weight").data for name in ("movie_embedding", "movie_bias")
    )
    factors[list(COMEDIES), 0] += 2
    factors[list(WESTERNS), 1] += 2
    biases[:, 0] = torch.linspace(0, 0.01, N_MOVIES)
    return model


def test_who_likes_comedies_gets_comedies_because_of_comedies(code: Code, model: nn.Module) -> None:
    liked = [2, 5, 20]
    suggestions = suggest(code, model, liked, seen=[], n=5, n_reasons=2)
    assert {each.movie_idx for each in suggestions} <= set(COMEDIES)
    assert all(set(each.because) == {2, 5} for each in suggestions)


def test_a_list_is_best_first_and_holds_nothing_that_was_seen(code: Code, model: nn.Module) -> None:
    suggestions = suggest(code, model, liked=[2, 5], seen=[0, 1, 2], n=10)
    scores = [each.score for each in suggestions]
    assert len(scores) == 10
    assert scores == sorted(scores, reverse=True)
    assert not {each.movie_idx for each in suggestions} & {0, 1, 2, 5}


def test_a_list_ends_where_nothing_is_left(code: Code, model: nn.Module) -> None:
    assert [each.movie_idx for each in suggest(code, model, [2], seen=range(1, 30))] == [0]
    assert suggest(code, model, [2], seen=range(30)) == []


def test_without_likes_the_list_is_that_of_the_biases_and_has_no_reasons(
    code: Code, model: nn.Module
) -> None:
    suggestions = suggest(code, model, liked=[], seen=[29], n=3)
    assert [(each.movie_idx, each.because) for each in suggestions] == [
        (28, []),
        (27, []),
        (26, []),
    ]


def test_a_score_is_the_bias_plus_one_contribution_per_liked_movie(
    code: Code, model: nn.Module
) -> None:
    liked, movies = [2, 5, 20], torch.arange(N_MOVIES)
    shares = contributions(code, model, liked, movies)
    assert shares.shape == (3, N_MOVIES)
    expected = shares.sum(dim=0) + model.get_parameter("movie_bias.weight")[:, 0]
    assert torch.allclose(score_from_likes(code, model, liked), expected, atol=1e-5)


def test_what_pulls_a_movie_down_is_no_reason_for_it(code: Code, model: nn.Module) -> None:
    liked = [2, 20]
    for each in suggest(code, model, liked, seen=[], n=N_MOVIES):
        shares = contributions(code, model, liked, torch.tensor([each.movie_idx]))[:, 0]
        assert each.because == sorted(
            (movie for movie, share in zip(liked, shares, strict=True) if share > 0),
            key=lambda movie: -shares[liked.index(movie)],
        )


def test_a_model_without_biases_gives_lists_too(code: Code) -> None:
    torch.manual_seed(0)
    model = code.model.MatrixFactorization(2, N_MOVIES, 4)
    assert len(suggest(code, model, liked=[1, 2], seen=[], n=4)) == 4


def test_the_model_and_the_likes_are_left_as_they_are(code: Code, model: nn.Module) -> None:
    before = {name: value.clone() for name, value in model.state_dict().items()}
    liked = [5, 2]
    suggest(code, model, liked, seen=liked)
    assert liked == [5, 2]
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
