export { filterBand } from './filter-band'
export { interpolateBetween, interpolateExactly } from './interpolate-samples'
