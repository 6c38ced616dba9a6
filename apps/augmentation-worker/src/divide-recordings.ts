import type { TestRecording } from '@ser/database'

/** Recordings of one part. It must not change: parts that are stored are of so many. */
const PART_RECORDINGS = 16
/** The same for a model that normalises by speaker: what the statistics of a speaker are taken over. */
const SPEAKER_RECORDINGS = 128

export type Part = { readonly part: number; readonly recordings: readonly TestRecording[] }

/**
 * The recordings in parts that are heard one after the other, always in the same ones.
 *
 * @param bySpeaker whether a model normalises by speaker: then those of a speaker are heard together
 */
export function divideRecordings(recordings: readonly TestRecording[], bySpeaker: boolean): Part[] {
  return bySpeaker ? divideBySpeaker(recordings.toSorted(bySpeakers)) : divide(recordings)
}

function divide(recordings: readonly TestRecording[]): Part[] {
  return Array.from({ length: Math.ceil(recordings.length / PART_RECORDINGS) }, (_, part) => ({
    part,
    recordings: recordings.slice(part * PART_RECORDINGS, (part + 1) * PART_RECORDINGS),
  }))
}

/** In an order that does not depend on the language of the machine; of one speaker that of the SHA-256s stays. */
function bySpeakers(a: TestRecording, b: TestRecording): number {
  return a.speaker < b.speaker ? -1 : Number(a.speaker > b.speaker)
}

/**
 * The recordings of each speaker are heard together, because each is normalised by the others under the same condition: in as few
 * parts of about the same size as memory allows.
 */
function divideBySpeaker(recordings: readonly TestRecording[]): Part[] {
  const parts: (readonly TestRecording[])[] = []
  for (const name of new Set(recordings.map(({ speaker }) => speaker))) {
    const own = recordings.filter(({ speaker }) => speaker === name)
    const count = Math.ceil(own.length / SPEAKER_RECORDINGS)
    const size = Math.ceil(own.length / count)
    for (let part = 0; part < count; part++) parts.push(own.slice(part * size, (part + 1) * size))
  }
  return parts.map((own, part) => ({ part, recordings: own }))
}
