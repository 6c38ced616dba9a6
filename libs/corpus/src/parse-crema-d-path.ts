import { findFileName } from './find-file-name.ts'
import { reject, type PathVerdict } from './verdict.ts'

// 1040_ITH_SAD_X.wav is published with one X.
const FILE_NAME =
  /^(?<actor>10(?:0[1-9]|[1-8]\d|9[01]))_(?<sentence>[a-z]{3})_(?<emotion>[a-z]{3})_(?:lo|md|hi|xx?)\.[a-z0-9]{1,5}$/i

const LABELS: Readonly<Record<string, string>> = {
  ang: 'angry',
  dis: 'disgust',
  fea: 'fear',
  hap: 'happy',
  neu: 'neutral',
  sad: 'sad',
}
const SENTENCES = new Set(['ieo', 'tie', 'iom', 'iww', 'tai', 'mti', 'iwl', 'ith', 'dfa', 'its', 'tsi', 'wsi'])
const COPIES = /(?:^|\/)(?:AudioMP3|VideoFlash)\//i

/**
 * The label of a recording from its name in CREMA-D (Cao et al., 2014, doi:10.1109/TAFFC.2014.2336244; the naming is that of
 * github.com/CheyneyComputerScience/CREMA-D): `.../AudioWAV/1001_DFA_ANG_XX.wav` is actor 1001, sentence DFA, emotion ANG and level XX (LO,
 * MD, HI or unspecified). The word is the sentence's code. There is no surprise in CREMA-D. The label is the acted emotion, not what
 * its raters heard.
 *
 * In a copy of the whole repository the same takes lie as MP3 and film, too; those are passed over.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseCremaDPath(path: string): PathVerdict {
  if (COPIES.test(path)) return { kind: 'ignored', reason: 'another copy of a recording in AudioWAV' }
  const file = findFileName(path)
  if ('kind' in file) return file
  const { name } = file
  const named = FILE_NAME.exec(name)?.groups
  const word = named?.['sentence'].toLowerCase()
  if (named === undefined || word === undefined || !SENTENCES.has(word)) return unknownName(name)
  const label = LABELS[named['emotion'].toLowerCase()]
  if (label === undefined) {
    const message = `${named['emotion']} in ${JSON.stringify(name)} is no emotion of CREMA-D; they are ANG, DIS, FEA, HAP, NEU and SAD`
    return reject('unknown_label', message)
  }
  return { kind: 'clip', clip: { label, speaker: named['actor'], word, split: null } }
}

function unknownName(name: string): PathVerdict {
  const message = `${JSON.stringify(name)} is not named as CREMA-D's recordings are, 1001_DFA_ANG_XX.wav for example; rename it, or list your own recordings in a manifest (path,label,speaker)`
  return reject('unknown_name', message)
}
