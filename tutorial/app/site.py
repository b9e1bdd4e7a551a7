"""What the pages show: the movies, and the answers of a model or, while it waits for a task, of
counting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tutorial.app.library import Library
from tutorial.app.recommenders import Counting, Recommender
from tutorial.code import CodeError
from tutorial.ladder import Rung

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Site:
    """All that the pages need; it is never changed, so that browsers cannot disturb each other."""

    library: Library
    counting: Counting
    model: Recommender | CodeError | None  # None: there is no code to train one
    own: bool  # whether the model is made by the student's code
    ladder: list[Rung] | CodeError  # the last makes the lists; empty without code to measure

    @property
    def waits(self) -> bool:
        """Whether no model could be made of the code."""
        return isinstance(self.model, CodeError)

    def ask(self, question: Callable[[Recommender], Answer]) -> tuple[Answer, CodeError | None]:
        """The model's answer; that of counting where a task is missing or broken, and which."""
        if self.model is None:
            return question(self.counting), None
        if isinstance(self.model, CodeError):
            return question(self.counting), self.model
        try:
            return question(self.model), None
        except CodeError as error:
            return question(self.counting), error
