export { melSpectrogram } from './mel-spectrogram'
export { largest, multiplyOverTime, sumOverTime } from './pool-bands'
export { blockSums } from './block-sums'
