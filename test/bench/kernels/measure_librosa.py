"""Times librosa for measure.ts: the median of the usual calls on one core, as JSON {name: milliseconds}.

usage: python measure_librosa.py SECONDS ROUNDS
"""
import os

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ.setdefault(name, '1')

import io
import json
import sys
import time

import librosa
import numpy as np
import soundfile

seconds, rounds = float(sys.argv[1]), int(sys.argv[2])
n = np.arange(int(seconds * 24414))
recorded = 0.3 * np.sin(0.05 * n + 20 * np.sin(n / 5000)) + 0.02 * np.random.default_rng(1).uniform(-1, 1, len(n))
file = io.BytesIO()
soundfile.write(file, recorded, 24414, subtype='PCM_16', format='WAV')


def load():
    file.seek(0)
    return librosa.load(file)[0]


def features(y):
    return [
        np.mean(librosa.feature.melspectrogram(y=y).T, axis=0),
        np.mean(librosa.feature.mfcc(y=y, n_mfcc=40).T, axis=0),
        np.mean(librosa.feature.zero_crossing_rate(y).T, axis=0),
        np.mean(librosa.feature.rms(y=y).T, axis=0),
    ]


def median(work):
    times = []
    for _ in range(rounds + rounds // 4):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return float(np.median(times[rounds // 4:]))


y = load()
print(json.dumps({
    f'librosa {librosa.__version__}, features': median(lambda: features(y)),
    f'librosa {librosa.__version__}, load': median(load),
    f'librosa {librosa.__version__}, the whole way': median(lambda: features(load())),
}))
