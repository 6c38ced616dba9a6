"""librosa's features of recordings. Paths on standard input, one JSON line each on standard output, in any order.

The first line tells the versions. Values in the project's order: mel, MFCC, ZCR, RMS, each the mean over frames.
usage: python librosa_features.py PROCESSES < paths
"""
import os

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ.setdefault(name, '1')

import json
import multiprocessing
import platform
import sys
import warnings

import librosa
import numpy as np
import scipy
import soundfile
import soxr


def features(path):
    try:
        y, rate = librosa.load(path)
        mel = librosa.feature.melspectrogram(y=y, sr=rate)
        groups = [
            mel,
            librosa.feature.mfcc(y=y, sr=rate, n_mfcc=40),
            librosa.feature.zero_crossing_rate(y),
            librosa.feature.rms(y=y),
        ]
        values = [float(value) for group in groups for value in np.mean(group.T, axis=0)]
        return json.dumps({'path': path, 'frames': mel.shape[1], 'values': values})
    except Exception as error:
        return json.dumps({'path': path, 'error': f'{type(error).__name__}: {error}'})


def main():
    warnings.simplefilter('ignore')
    versions = {
        'python': platform.python_version(), 'librosa': librosa.__version__, 'soxr': soxr.__version__,
        'libsoxr': soxr.__libsoxr_version__, 'soundfile': soundfile.__version__, 'numpy': np.__version__,
        'scipy': scipy.__version__,
    }
    print(json.dumps(versions), flush=True)
    paths = [line.rstrip('\n') for line in sys.stdin]
    with multiprocessing.Pool(int(sys.argv[1])) as pool:
        for line in pool.imap_unordered(features, paths, chunksize=8):
            print(line, flush=True)


if __name__ == '__main__':
    main()
