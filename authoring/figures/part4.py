"""The figures of part 4: how the model learns, and how it is served."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from authoring.figures import measured
from authoring.figures.style import (
    BLUE,
    BODY,
    EDGE,
    INK,
    MONO,
    MOVIES,
    MUTED,
    ORANGE,
    PURPLE,
    RESULT,
    SMALL,
    USERS,
    WHITE,
    WRONG,
    Pen,
    chart,
    diagram,
    tint,
)


def training_loop() -> Figure:
    """
    Alt: A loop from batch to zero_grad, prediction 2.5, loss 2.25, backward, step and the next
        batch. Validation takes a path of its own from batch to loss, without backward and step.
    Caption: Every batch goes round once; validation only looks on.
    """
    figure, draw = diagram(430)
    steps = (
        ("batch", "rating 4", MOVIES),
        ("zero_grad", "gradients empty", PURPLE),
        ("prediction", "0.5 + 2 = 2.5", USERS),
        ("loss", "(2.5 − 4)² = 2.25", USERS),
        ("backward", "gradient (−3, −6)", WRONG),
        ("step", "(0.5, 1) → (0.65, 1.3)", RESULT),
    )
    draw.write(32, 32, "training", bold=True, align="left")
    across = (40.0, 274.0, 508.0)
    places = [(x, 64.0) for x in across] + [(x, 186.0) for x in reversed(across)]
    for (x, y), (name, words, colour) in zip(places, steps, strict=True):
        _step(draw, x, y, name, words, colour)
    for x in (212, 446):
        draw.arrow((x + 2, 95), (x + 56, 95), line=2.4)
        draw.arrow((x + 56, 217), (x + 2, 217), line=2.4)
    draw.arrow((594, 130), (594, 182), line=2.4)
    draw.arrow((126, 182), (126, 130), line=2.4)
    draw.write(140, 156, "next batch", size=SMALL, align="left", colour=MUTED)
    draw.line((30, 282), (690, 282), colour=EDGE)
    draw.write(32, 310, "validation, without gradients", bold=True, align="left")
    draw.write(680, 310, "no backward, no step", size=SMALL, colour=MUTED, align="right")
    for x, (name, words) in zip(
        across,
        (("batch", "rating 3"), ("prediction", "3.5"), ("loss", "0.25, a plain number")),
        strict=True,
    ):
        _step(draw, x, 338, name, words, MUTED, dashed=True)
    for x in (212, 446):
        draw.arrow((x + 2, 369), (x + 56, 369), dashed=True)
    return figure


def _step(
    draw: Pen, x: float, y: float, name: str, words: str, colour: str, dashed: bool = False
) -> None:
    fill = WHITE if dashed else tint(colour)
    draw.box(x, y, 172, 62, colour=colour, fill=fill, dashed=dashed)
    draw.write(x + 86, y + 20, name, bold=True)
    draw.write(x + 86, y + 43, words, size=SMALL)


def batches() -> Figure:
    """
    Alt: Left, rows 5, 0, 6 and 3 of a table are fetched in four look-ups and then stacked. Right,
        a list of these numbers fetches the same four rows in one look-up.
    Caption: The same batch: a look-up for every row, or one look-up with a list of row numbers.
    """
    figure, draw = diagram(384)
    wanted = (5, 0, 6, 3)
    for left, title, count in (
        (28.0, "one row at a time", "4 look-ups, then stack"),
        (388.0, "a whole batch", "1 look-up"),
    ):
        draw.write(left + 154, 30, title, bold=True)
        for row in range(8):
            taken = row in wanted
            y = 58 + 32.0 * row
            fill = tint(MOVIES, 0.3) if taken else WHITE
            words = [[f"row {row}"]]
            draw.table(left, y, words, cell=(92, 32), fill=fill, size=SMALL)
        for place, row in enumerate(wanted):
            y = 96 + 46.0 * place if left < 300 else 122 + 32.0 * place
            words, special = [[f"row {row}"]], {(0, 0): MOVIES}
            draw.table(left + 216, y, words, cell=(92, 32), special=special, size=SMALL)
            if left < 300:
                draw.arrow((left + 96, 74 + 32 * row), (left + 212, y + 16), colour=USERS)
        draw.write(left + 154, 350, count, bold=True)
    draw.write(542, 162, "[5, 0, 6, 3]", size=SMALL, family=MONO)
    draw.arrow((486, 186), (598, 186), colour=USERS, line=4)
    draw.line((362, 24), (362, 362), colour=EDGE)
    return figure


# Drawn from measurements


def overfitting() -> Figure:
    """
    Alt: Training and validation RMSE over 60 epochs of one run. Training falls to about 0.4.
        Validation is best after a few epochs, then rises past the line of guessing the mean.
    Caption: One run: training gets better to the end; validation turns after a few epochs.
    """
    (run,) = measured.curve("initialisation-small")
    figure, (axes,) = chart(390)
    _curves(axes, run, last=60)
    best = min(range(60), key=lambda epoch: run["valid"][epoch])
    value = run["valid"][best]
    axes.plot([best + 1], [value], "D", color=INK, markersize=8)
    words = f"best: epoch {best + 1}, {value:.3f}"
    axes.annotate(
        words,
        (best + 1, value),
        (best + 5, 0.83),
        fontsize=SMALL,
        va="center",
        arrowprops={"arrowstyle": "-", "color": MUTED, "shrinkB": 5},
    )
    mean = measured.number("global-mean-rmse-random")
    axes.axhline(mean, color=MUTED, linewidth=1.2, linestyle=":")
    Pen(axes).write(
        60, mean - 0.05, "the mean for everyone", size=SMALL, colour=MUTED, align="right"
    )
    axes.set(xlim=(0, 61), ylim=(0.3, 1.65), xlabel="epoch", ylabel="RMSE in stars")
    return figure


def weight_decay() -> Figure:
    """
    Alt: Two panels over 40 epochs. Without weight decay, validation RMSE turns after a few epochs
        and rises above 1.2. With it, validation falls to about 0.91 and stays there.
    Caption: One run without and one with weight decay: the gap is smaller, and validation stays
        flat.
    """
    figure, panels = chart(370, columns=2, margins=(70, 20, 60, 52), gap=48)
    for axes, name, title in (
        (panels[0], "undecayed", "without weight decay"),
        (panels[1], "decayed", "with weight decay"),
    ):
        (run,) = measured.curve(f"weight-decay-{name}")
        _curves(axes, run, last=40)
        axes.set_title(title, fontsize=BODY, fontweight="bold", color=INK, pad=12)
        axes.set(xlim=(0, 41), ylim=(0.3, 1.4), xlabel="epoch")
    panels[0].set_ylabel("RMSE in stars")
    return figure


def rare_movie() -> Figure:
    """
    Alt: The length of the factors of one movie with two training ratings over two epochs. With
        weight decay it falls to near 0 within forty steps, and soon again after each rating. With
        the penalty it keeps its length and moves only after the movie was in a batch.
    Caption: A movie with two ratings: weight decay forgets it between them, the penalty waits for
        the next one.
    """
    figure, (axes,) = chart(400, margins=(76, 24, 84, 24))
    for name, words, above, colour, dashes in (
        ("penalised", "L2 penalty\non the batch", 0.06, BLUE, "-"),
        ("decayed", "weight decay", 0.04, ORANGE, "--"),
    ):
        (run,) = measured.curve(f"rare-movie-{name}")
        length, rated = run["length"], run["rated"]
        axes.plot(range(len(length)), length, color=colour, linestyle=dashes, linewidth=2.4)
        between = (rated[1] + rated[2]) // 2  # no dotted line there
        Pen(axes).write(between, length[between] + above, words, size=SMALL, bold=True)
    for step in rated:
        axes.axvline(step, color=MUTED, linewidth=1.2, linestyle=":")
    axes.set(
        xlim=(0, len(length) - 1),
        ylim=(0, 0.6),
        xlabel="step (79 are an epoch)\ndotted: the movie is in the batch",
        ylabel="length of the movie's factors",
    )
    return figure


def _curves(axes: Axes, run: dict[str, list[float]], last: int) -> None:
    """Training dashed and validation solid, each with its name at the right end."""
    for kind, words, colour, dashes in (
        ("train", "training", ORANGE, "--"),
        ("valid", "validation", BLUE, "-"),
    ):
        axes.plot(
            range(1, last + 1), run[kind][:last], color=colour, linestyle=dashes, linewidth=2.4
        )
        end = run[kind][last - 1]
        place = end + (0.08 if kind == "valid" else 0.09)
        Pen(axes).write(last, place, words, size=SMALL, bold=True, align="right")
