import type { Samples } from './run-stage.ts'

type Place = {
  /** Where the sample `start` comes to lie. */
  readonly before: number
  readonly start: number
  /** Distance of neighbouring samples; zeros lie between. */
  readonly spaced?: number
}

/** Fills the target with samples, and with zeros where the input has none. */
export function padInput(target: Float32Array, input: Samples, { before, start, spaced = 1 }: Place): void {
  const from = Math.max(start - Math.floor(before / spaced), 0)
  const first = before + (from - start) * spaced
  const count = Math.max(Math.min(input.length - from, Math.ceil((target.length - first) / spaced)), 0)
  if (spaced === 1) {
    target.fill(0, 0, first).fill(0, first + count)
    target.set(input.subarray(from, from + count), first)
    return
  }
  target.fill(0)
  for (let i = 0; i < count; i++) target[first + i * spaced] = input[from + i]
}
