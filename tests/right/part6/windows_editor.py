"""The reference as a Windows editor saves it: CRLF line ends and words beyond ASCII."""

from solutions.part6.explore import *


def bpr_loss(positive, negative):
    """−log σ(x) = log(1 + e⁻ˣ), naïve where x is far below 0 but for softplus."""
    return F.softplus(-(positive - negative)).mean()
