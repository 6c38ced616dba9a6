export type CacheOptions<Value> = {
  /** Entries kept; the one that was not used for longest goes first. */
  readonly most: number
  readonly drop?: (value: Value) => void
}

/** A map of bounded size that forgets what was not used for longest. */
export function createCache<Key, Value>({ most, drop }: CacheOptions<Value>) {
  const entries = new Map<Key, Value>()
  return {
    get(key: Key): Value | undefined {
      const value = entries.get(key)
      if (value === undefined) return undefined
      // A map lists in the order of insertion: what is used moves to the end.
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key: Key, value: Value): void {
      entries.delete(key)
      entries.set(key, value)
      for (const [oldest, old] of entries) {
        if (entries.size <= most) break
        entries.delete(oldest)
        drop?.(old)
      }
    },
    values: (): Value[] => [...entries.values()],
    get size(): number {
      return entries.size
    },
  }
}
