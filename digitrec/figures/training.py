"""Training as curves: loss, accuracy and seconds."""

from collections.abc import Sequence

from digitrec.figures.canvas import RIGHT, WRONG, Figure


def plot_training(history: dict[str, Sequence[float]], title: str = "", x: str = "epoch") -> Figure:
    """Draw loss and accuracy over the epochs, on the training and on the validation set.

    Args:
        history: what `train` returns: "loss", "accuracy", "val_loss" and "val_accuracy".
        title: text above both plots.
        x: what one value was measured after, in words.
    """
    figure = Figure(9, 3.2)
    axes = figure.subplots(1, 2)
    figure.suptitle(title)
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        epochs = range(1, len(history[name]) + 1)
        ax.plot(epochs, history[name], "o-", color=RIGHT, label="training set")
        ax.plot(epochs, history[f"val_{name}"], "s--", color=WRONG, label="validation set")
        ax.set_xlabel(x)
        ax.set_ylabel(name)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
    return figure


def plot_live_training(
    training: Sequence[tuple[float, float, float]],
    validation: Sequence[tuple[float, float, float]],
    epochs: int,
) -> Figure:
    """Draw loss and accuracy as far as training has come, in axes and under a title for all of it.

    Args:
        training: epochs done (in fractions), loss and accuracy on batches of the training set.
        validation: the same on the validation set.
        epochs: how many there will be.
    """
    figure = Figure(9, 3.4)
    axes = figure.subplots(1, 2)
    done = max([0.0, *(point[0] for point in (*training, *validation))])
    figure.suptitle(f"Training, after {done:.1f} of {epochs} epochs")
    looks = {"training set": (training, ".-", RIGHT), "validation set": (validation, "s--", WRONG)}
    guesses = {"loss": 2.5, "accuracy": 1}  # how far an empty axis goes: a blind guess costs ln 10
    for column, (ax, (name, top)) in enumerate(zip(axes, guesses.items(), strict=True), start=1):
        for label, (points, line, colour) in looks.items():
            places = [point[0] for point in points]
            ax.plot(places, [point[column] for point in points], line, color=colour, label=label)
        if not training and not validation:
            ax.set_ylim(0, top)
        ax.set_xlim(0, epochs)
        ax.set_xlabel("epochs done")
        ax.set_ylabel(name)
        ax.grid(alpha=0.3)
        ax.legend()
    return figure


def plot_costs(costs: dict[str, Sequence[tuple[float, float]]]) -> Figure:
    """Draw the seconds of training over each thing that was varied, one plot for each.

    Args:
        costs: pairs of a value and its seconds, by the name of what was varied.
    """
    figure = Figure(10, 3.2)
    axes = figure.subplots(1, len(costs), sharey=True, squeeze=False)[0]
    figure.suptitle("How the time to train grows when one thing grows", fontsize=11)
    for ax, (name, pairs) in zip(axes, costs.items(), strict=True):
        values, seconds = zip(*pairs, strict=True)
        ax.plot(values, seconds, "o-", color=RIGHT)
        ax.set_xticks(values, [f"{value:,}" for value in values])
        ax.set_xlabel(name)
        ax.set_title(
            f"{max(values) / min(values):.0f} times the {name}: "
            f"{max(seconds) / min(seconds):.1f} times the seconds",
            fontsize=9,
        )
        ax.grid(alpha=0.3)
    axes[0].set_ylim(bottom=0)  # shared by all, so only when everything is drawn
    axes[0].set_ylabel("seconds of training")
    return figure
