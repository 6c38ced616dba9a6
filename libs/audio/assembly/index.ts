export { filterBand, spectrumOf } from './filter-band'
export { interpolateBetween, interpolateExactly } from './interpolate-samples'
export { readPcm16 } from './read-pcm16'
