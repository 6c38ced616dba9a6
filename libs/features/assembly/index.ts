export { melSpectrogram } from './mel-spectrogram'
export { multiplyOverTime, sumOverTime } from './pool-bands'
export { cosineTransform, powersToDb } from './cepstrum'
export { blockSums } from './block-sums'
