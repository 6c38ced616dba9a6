export type Cut = { readonly windowSamples: number; readonly hopSamples: number }

/** Samples of a recording, `start` samples from its beginning. */
export type CutWindow = { readonly start: number; readonly samples: Float32Array }

/**
 * Cuts a recording that comes in blocks into windows of one length. The last window is moved back so that it ends where the
 * recording ends; a recording shorter than a window is one window. Keeps a window and a block in memory.
 */
export async function* cutWindows(
  blocks: AsyncIterable<Float32Array>,
  { windowSamples, hopSamples }: Cut,
): AsyncGenerator<CutWindow> {
  let kept = new Float32Array(0)
  // How many samples were dropped before `kept`.
  let dropped = 0
  let next = 0
  let end = 0
  for await (const block of blocks) {
    const grown = new Float32Array(kept.length + block.length)
    grown.set(kept)
    grown.set(block, kept.length)
    kept = grown
    const total = dropped + kept.length
    for (; next + windowSamples <= total; next += hopSamples) {
      end = next + windowSamples
      yield { start: next, samples: kept.slice(next - dropped, end - dropped) }
    }
    // The last window may have to begin before the next one would.
    const needed = Math.max(dropped, Math.min(next, total - windowSamples))
    kept = kept.slice(needed - dropped)
    dropped = needed
  }
  const total = dropped + kept.length
  if (total <= end) return
  const start = Math.max(0, total - windowSamples)
  yield { start, samples: kept.slice(start - dropped) }
}
