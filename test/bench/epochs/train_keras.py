"""Trains the paper's model with Keras, an epoch for each line on standard input; prints each epoch's seconds as JSON.

usage: train_keras.py FOLDER LAYOUT TRAIN TEST FEATURES CLASSES BATCH FRAMES
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import tensorflow as tf

folder, layout = sys.argv[1:3]
train, test, features, classes, batch, frames = map(int, sys.argv[3:9])
shape = {"one-step": (1, features), "steps": (features, 1), "frames": (frames, features)}[layout]
vectors = np.fromfile(os.path.join(folder, "vectors"), dtype="<f4").reshape((train + test, *shape))
labels = tf.keras.utils.to_categorical(np.fromfile(os.path.join(folder, "labels"), dtype=np.uint8), classes)

layers = tf.keras.layers
model = tf.keras.Sequential(
    [
        layers.LSTM(128, return_sequences=True, input_shape=shape),
        layers.LSTM(128),
        layers.Dense(32, activation="relu"),
        layers.Dropout(0.2),
        layers.Dense(classes, activation="softmax"),
    ]
)
model.compile(optimizer=tf.keras.optimizers.Adam(0.001), loss="categorical_crossentropy", metrics=["accuracy"])


def say(message):
    print(json.dumps(message), flush=True)


class Turns(tf.keras.callbacks.Callback):
    """Waits for its turn before every epoch; the test side is measured within the epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if not sys.stdin.readline():
            os._exit(0)
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        say({"seconds": seconds, "cpuSeconds": cpu, "peakBytes": peak})


say({"version": f"Keras of TensorFlow {tf.__version__}"})
model.fit(
    vectors[:train],
    labels[:train],
    validation_data=(vectors[train:], labels[train:]),
    batch_size=batch,
    epochs=1_000_000,
    verbose=0,
    callbacks=[Turns()],
)
