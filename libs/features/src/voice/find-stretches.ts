/** Frames from `start` to below `end`. */
export type Stretch = { readonly start: number; readonly end: number }

/** Where neighbouring frames are all marked. */
export function findStretches(marked: ArrayLike<number>): Stretch[] {
  const stretches: Stretch[] = []
  let start = -1
  for (let frame = 0; frame <= marked.length; frame++) {
    const isMarked = frame < marked.length && marked[frame] !== 0
    if (isMarked && start < 0) start = frame
    if (isMarked || start < 0) continue
    stretches.push({ start, end: frame })
    start = -1
  }
  return stretches
}

/** 1 where a frame lies in a stretch. */
export function markStretches(stretches: readonly Stretch[], frames: number): Uint8Array {
  const marked = new Uint8Array(frames)
  for (const { start, end } of stretches) marked.fill(1, start, end)
  return marked
}

/** The values of the marked frames, or of the others. */
export function valuesWhere(values: Float32Array, marked: Uint8Array, mark: 0 | 1 = 1): Float32Array {
  const chosen = new Float32Array(values.length)
  let count = 0
  for (let frame = 0; frame < values.length; frame++) if (marked[frame] === mark) chosen[count++] = values[frame]
  return chosen.subarray(0, count)
}
