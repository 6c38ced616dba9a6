/** Parameters or samples that a transform cannot work with. Alone on purpose: this library imports no other. */
export class AugmentationError extends Error {
  override readonly name: string = 'AugmentationError'
  readonly code: string
  readonly kind = 'bad-input' as const

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Throws `parameter-out-of-range` unless `low <= value <= high`; NaN is out of every range. */
export function requireRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return
  throw new AugmentationError('parameter-out-of-range', `${name} must lie between ${low} and ${high}, not ${value}`)
}

/** Throws `parameter-out-of-range` unless value is an integer between low and high, both included. */
export function requireInteger(name: string, value: number, low: number, high: number): void {
  requireRange(name, value, low, high)
  if (Number.isInteger(value)) return
  throw new AugmentationError('parameter-out-of-range', `${name} must be an integer, not ${value}`)
}

/** Throws `parameter-out-of-range` for a sample rate outside 1000 to 1,000,000 Hz. */
export function requireSampleRate(sampleRate: number): void {
  requireRange('sampleRate', sampleRate, 1000, 1_000_000)
}
