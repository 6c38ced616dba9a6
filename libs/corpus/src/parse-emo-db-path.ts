import { findFileName } from './find-file-name.ts'
import { reject, type PathVerdict } from './verdict.ts'

const FILE_NAME = /^(?<speaker>03|08|09|1[0-6])(?<text>[ab]\d\d)(?<emotion>[a-z])[a-z]?\.[a-z0-9]{1,5}$/i

// The initials of the German names: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral.
const LABELS: Readonly<Record<string, string>> = {
  w: 'angry',
  l: 'boredom',
  e: 'disgust',
  a: 'fear',
  f: 'happy',
  t: 'sad',
  n: 'neutral',
}

/**
 * The label of a recording from its name in EMO-DB, the Berlin Database of Emotional Speech (Burkhardt et al., "A Database of German
 * Emotional Speech", Interspeech 2005; the naming is on emodb.bilderbar.info): `.../03a01Fa.wav` is speaker 03, text a01, emotion F and
 * version a. The word is the text's code. `boredom` keeps its label: it has no counterpart among the seven.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseEmoDbPath(path: string): PathVerdict {
  const file = findFileName(path)
  if ('kind' in file) return file
  const { name } = file
  const named = FILE_NAME.exec(name)?.groups
  if (named === undefined) return unknownName(name)
  const label = LABELS[named['emotion'].toLowerCase()]
  if (label === undefined) {
    const message = `the letter ${named['emotion']} in ${JSON.stringify(name)} is no emotion of EMO-DB; they are W, L, E, A, F, T and N`
    return reject('unknown_label', message)
  }
  return {
    kind: 'clip',
    clip: { label, speaker: named['speaker'], word: named['text'].toLowerCase(), split: null },
  }
}

function unknownName(name: string): PathVerdict {
  const message = `${JSON.stringify(name)} is not named as EMO-DB's recordings are, 03a01Fa.wav for example; rename it, or list your own recordings in a manifest (path,label,speaker)`
  return reject('unknown_name', message)
}
