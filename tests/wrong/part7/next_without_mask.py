"""No mask: each position sees the answer, and training looks splendid."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.5"]
SAYS = "also at the answer"


class NextMovie(reference.NextMovie):
    def forward(self, histories):
        positions = torch.arange(histories.shape[1], device=histories.device)
        hidden = self.dropout(self.movie_embedding(histories) + self.position_embedding(positions))
        hidden = self.layers(
            hidden,
        )
        return hidden @ self.movie_embedding.weight[:-1].T
