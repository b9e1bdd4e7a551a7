"""Part 3: two embedding tables, a dot product, biases."""

import numpy as np

from exercises.part3 import probes
from grading.checks import Student, expect, task


@task("3.2", points=2)
def test_forward_is_one_dot_product_per_pair(student: Student, rng: np.random.Generator) -> None:
    """Each prediction is the dot product of one user's and one movie's factors."""
    users, movies = rng.normal(size=(5, 3)), rng.normal(size=(7, 3))
    user_idx, movie_idx = [4, 0, 2], [6, 1, 1]
    prediction = student.run(
        probes.forward,
        user_factors=users.astype("float32"),
        movie_factors=movies.astype("float32"),
        user_idx=user_idx,
        movie_idx=movie_idx,
    )
    products = users[user_idx] * movies[movie_idx]
    expect(prediction, "the predictions").is_a("Tensor").equals(
        products.sum(axis=1),
        looks_like={
            "summed over the batch (dim=0) instead of over the factors": products.sum(axis=0)
        },
    )
