"""What a list of movies can be made by; apart from the rest, so that commands start fast."""

from enum import StrEnum


class By(StrEnum):
    """Likes, with a model trained to rank; predicted stars; or what comes next, by part 7."""

    LIKES = "likes"
    STARS = "stars"
    NEXT = "next"
