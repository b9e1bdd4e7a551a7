"""A mean over the past in place of attention."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.5"]
SAYS = "the order of earlier movies makes no difference"


class NextMovie(reference.NextMovie):
    def forward(self, histories):
        positions = torch.arange(histories.shape[1], device=histories.device)
        hidden = self.dropout(self.movie_embedding(histories) + self.position_embedding(positions))
        hidden = hidden.cumsum(dim=1) / (positions + 1)[:, None] + 0 * self.layers(hidden)
        return hidden @ self.movie_embedding.weight[:-1].T
