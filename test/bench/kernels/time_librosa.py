"""Times librosa for measure.ts on one core.

Reads a line with the paths, as JSON, and answers with the versions; then, for each line that names a way of working, passes
over all recordings and answers with the milliseconds of processor time of each.
"""
import os

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ.setdefault(name, '1')

import json
import platform
import sys
import time
import warnings

import librosa
import numpy as np
import soxr


def features(y):
    return [
        np.mean(librosa.feature.melspectrogram(y=y).T, axis=0),
        np.mean(librosa.feature.mfcc(y=y, n_mfcc=40).T, axis=0),
        np.mean(librosa.feature.zero_crossing_rate(y).T, axis=0),
        np.mean(librosa.feature.rms(y=y).T, axis=0),
    ]


def load(path):
    return librosa.load(path)[0]


def milliseconds(work, items):
    times = []
    for item in items:
        started = time.process_time()
        work(item)
        times.append((time.process_time() - started) * 1000)
    return times


def answer(value):
    print(json.dumps(value), flush=True)


def main():
    warnings.simplefilter('ignore')
    paths = json.loads(sys.stdin.readline())
    waveforms = [load(path) for path in paths]
    ways = {
        'features': lambda: milliseconds(features, waveforms),
        'load': lambda: milliseconds(load, paths),
        'whole': lambda: milliseconds(lambda path: features(load(path)), paths),
    }
    answer({
        'librosa': librosa.__version__, 'soxr': soxr.__version__, 'numpy': np.__version__,
        'python': platform.python_version(),
    })
    for line in sys.stdin:
        answer(ways[line.strip()]())


main()
