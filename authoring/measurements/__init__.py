"""What the lessons claim, measured: each group of numbers is one function of a `Bench`.

Everything runs on the course's own split (`split_ratings`, a random fifth held out, seeds 0 to 4)
unless a group says otherwise. The number of epochs is chosen on a tenth of the training ratings;
the model is then trained again on all of them and scored once on what was held out.
"""

from collections.abc import Callable, Mapping

from authoring.measurements.bench import Bench, Found
from authoring.measurements.part1 import like_minded
from authoring.measurements.part2 import counts, splits
from authoring.measurements.part3 import dot_products, initialisation
from authoring.measurements.part4 import penalty, weight_decay
from authoring.measurements.part5 import fold_in, ladder, one_users_lists
from authoring.measurements.part6 import cold_movies, genres, how_far, neighbours
from authoring.measurements.part7 import (
    date_for_all,
    new_movies,
    same_second,
    towers,
    what_comes_next,
)

Group = Callable[[Bench], Found]

GROUPS: Mapping[str, Group] = {
    group.__name__: group
    for group in (
        counts,
        splits,
        like_minded,
        initialisation,
        dot_products,
        weight_decay,
        penalty,
        ladder,
        one_users_lists,
        fold_in,
        cold_movies,
        neighbours,
        genres,
        how_far,
        towers,
        new_movies,
        what_comes_next,
        same_second,
        date_for_all,
    )
}
