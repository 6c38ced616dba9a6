/** Bytes that come in chunks of any length, taken in pieces of any length. */
export type Receiver = {
  /** The next bytes, `length` of them or what is left, which stay. */
  readonly peek: (length: number) => Promise<Uint8Array>
  /** The next bytes, `length` of them or what is left. */
  readonly take: (length: number) => Promise<Uint8Array>
  /** All that is left. */
  readonly rest: () => Promise<Uint8Array>
  /** Tells the source that no more is wanted. */
  readonly close: () => Promise<void>
}

/** Takes chunks as they are asked for: what is held is what was asked for and one chunk. */
export function createReceiver(chunks: AsyncIterable<Uint8Array>): Receiver {
  const source = chunks[Symbol.asyncIterator]()
  let waiting: Uint8Array[] = []
  let held = 0

  const fill = async (length: number) => {
    while (held < length) {
      const next = await source.next()
      if (next.done === true) return
      waiting.push(next.value)
      held += next.value.length
    }
  }
  const gather = async (length: number) => {
    await fill(length)
    const whole = waiting.length === 1 ? waiting[0] : join(waiting, held)
    waiting = [whole]
    return whole
  }
  return {
    peek: async (length) => (await gather(length)).subarray(0, length),
    async take(length) {
      const whole = await gather(length)
      const taken = whole.subarray(0, length)
      waiting = whole.length > length ? [whole.subarray(length)] : []
      held = Math.max(0, whole.length - length)
      return taken
    },
    rest: () => gather(Number.POSITIVE_INFINITY),
    close: async () => void (await source.return?.()),
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
