const WORDS = 8
const HASHES_AT_ONCE = 4096

/** SHA-256s one after the other, eight big-endian words each: words compare as the bytes do. */
export type Hashes = Uint32Array<ArrayBuffer>

/** Takes SHA-256s as bytes. */
export function createHashList() {
  let words: Hashes = new Uint32Array(WORDS * 1024)
  let end = 0
  return {
    /** The 32 bytes at `at`. */
    add(data: Buffer, at: number) {
      if (end === words.length) {
        const grown = new Uint32Array(2 * words.length)
        grown.set(words)
        words = grown
      }
      for (let word = 0; word < WORDS; word += 1) words[end + word] = data.readUInt32BE(at + 4 * word)
      end += WORDS
    },
    all: (): Hashes => words.subarray(0, end),
  }
}

/** The places of hashes, so that these ascend; where they are equal, in the order that `compareEqual` says. */
export function sortHashes(hashes: Hashes, compareEqual: (a: number, b: number) => number): Uint32Array {
  const { bucketOf, starts } = countBuckets(hashes)
  const places = new Uint32Array(hashes.length / WORDS)
  const free = starts.slice()
  for (let place = 0; place < places.length; place += 1) {
    const bucket = bucketOf(hashes[WORDS * place])
    places[free[bucket]] = place
    free[bucket] += 1
  }
  const compare = (a: number, b: number) => compareHashes(hashes, a, hashes, b) || compareEqual(a, b)
  for (let bucket = 0; bucket + 1 < starts.length; bucket += 1)
    sortFew(places, starts[bucket], starts[bucket + 1], compare)
  return places
}

/** For each of ascending hashes, of which no two are equal, the place of the same among others; -1 where it is not there. */
export function findHashes(ascending: Hashes, others: Hashes): Int32Array {
  const { bucketOf, starts } = countBuckets(ascending)
  const found = new Int32Array(ascending.length / WORDS).fill(-1)
  for (let place = 0; place < others.length / WORDS; place += 1) {
    const bucket = bucketOf(others[WORDS * place])
    for (let at = starts[bucket]; at < starts[bucket + 1]; at += 1)
      if (compareHashes(ascending, at, others, place) === 0) found[at] = place
  }
  return found
}

/**
 * Hashes are evenly spread, so that by what they begin with they fall into about as many buckets as they are, one into each.
 * `starts`: where each bucket starts when they are sorted, and where the last one ends.
 */
function countBuckets(hashes: Hashes) {
  const count = hashes.length / WORDS
  const shift = Math.min(31, Math.clz32(count))
  const bucketOf = (word: number) => word >>> shift
  const starts = new Uint32Array(bucketOf(0xffffffff) + 2)
  for (let place = 0; place < count; place += 1) starts[bucketOf(hashes[WORDS * place]) + 1] += 1
  for (let bucket = 1; bucket < starts.length; bucket += 1) starts[bucket] += starts[bucket - 1]
  return { bucketOf, starts }
}

function sortFew(places: Uint32Array, start: number, end: number, compare: (a: number, b: number) => number): void {
  // Many only where the same recording lies under many paths.
  if (end - start > 16) places.subarray(start, end).sort(compare)
  else
    for (let next = start + 1; next < end; next += 1)
      for (let at = next; at > start && compare(places[at - 1], places[at]) > 0; at -= 1) {
        const place = places[at]
        places[at] = places[at - 1]
        places[at - 1] = place
      }
}

export function compareHashes(first: Hashes, a: number, second: Hashes, b: number): number {
  for (let word = 0; word < WORDS; word += 1) {
    const difference = first[WORDS * a + word] - second[WORDS * b + word]
    if (difference !== 0) return difference
  }
  return 0
}

/** Those at some places, in that order. */
export function selectHashes(hashes: Hashes, places: Uint32Array): Hashes {
  const selected = new Uint32Array(WORDS * places.length)
  for (let at = 0; at < places.length; at += 1)
    for (let word = 0; word < WORDS; word += 1) selected[WORDS * at + word] = hashes[WORDS * places[at] + word]
  return selected
}

/** In hexadecimal: parts of few long strings, which costs less than to decode each. */
export function hashesToHex(hashes: Hashes): string[] {
  const texts: string[] = []
  for (let start = 0; start < hashes.length; start += WORDS * HASHES_AT_ONCE) {
    const part = hashes.slice(start, start + WORDS * HASHES_AT_ONCE)
    const text = Buffer.from(part.buffer).swap32().toString('hex')
    for (let at = 0; at < text.length; at += 8 * WORDS) texts.push(text.slice(at, at + 8 * WORDS))
  }
  return texts
}
