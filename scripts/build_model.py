"""Rebuild the trained network in the box, digitrec/assets/handwritten_digits.keras.

python scripts/build_model.py     # or: make model
"""

import digitrec
from digitrec.quiet import keras
from digitrec.storage import BOXED_MODEL

SEED, EPOCHS, BATCH_SIZE, LEARNING_RATE = 1, 3, 32, 0.001


def main() -> None:
    keras.utils.set_random_seed(SEED)
    mnist = digitrec.load_mnist()
    model = digitrec.build_mlp()
    history = digitrec.train(
        model, mnist, epochs=EPOCHS, batch_size=BATCH_SIZE, learning_rate=LEARNING_RATE
    )
    compact = digitrec.build_mlp()  # without the optimizer's memory, a third of the size
    compact.set_weights(model.get_weights())
    digitrec.save_model(
        compact,
        BOXED_MODEL,
        record=digitrec.training_record(
            history,
            parameters={
                "model_name": "mlp",
                "epochs": EPOCHS,
                "batch_size": BATCH_SIZE,
                "learning_rate": LEARNING_RATE,
                "train_size": len(mnist.train),
            },
            seed=SEED,
        ),
    )


if __name__ == "__main__":
    main()
