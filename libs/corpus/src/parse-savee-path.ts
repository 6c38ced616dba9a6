import { findFileName } from './find-file-name.ts'
import { reject, type PathVerdict } from './verdict.ts'

const FILE_NAME = /^(?:(?<speaker>dc|je|jk|kl)_)?(?<emotion>[a-z]{1,2})(?<sentence>\d\d)\.[a-z0-9]{1,5}$/i
const FOLDER_NAME = /^(?:dc|je|jk|kl)$/i

const LABELS: Readonly<Record<string, string>> = {
  a: 'angry',
  d: 'disgust',
  f: 'fear',
  h: 'happy',
  n: 'neutral',
  sa: 'sad',
  su: 'surprise',
}

/**
 * The label of a recording from its path in SAVEE (Surrey Audio-Visual Expressed Emotion; Haq and Jackson, 2010; the naming is that of
 * the corpus' Info.txt): `AudioData/<DC|JE|JK|KL>/<a|d|f|h|n|sa|su>NN.wav`, or the speaker in the name as on Kaggle, `DC_a01.wav`.
 *
 * There is no word: the sentences are numbered within each emotion, and some are common to several under numbers that the naming does not
 * tell, so a split by word, which could not keep its promise, refuses SAVEE.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseSaveePath(path: string): PathVerdict {
  const file = findFileName(path)
  if ('kind' in file) return file
  const { name, folder } = file
  const named = FILE_NAME.exec(name)?.groups
  const folderSpeaker = FOLDER_NAME.exec(folder ?? '')?.[0].toUpperCase()
  const nameSpeaker = named?.['speaker']?.toUpperCase()
  const speaker = nameSpeaker ?? folderSpeaker
  if (named === undefined || speaker === undefined) return unknownName(name)
  const label = LABELS[named['emotion'].toLowerCase()]
  if (label === undefined) {
    const message = `${named['emotion']} in ${JSON.stringify(name)} is no emotion of SAVEE; they are a, d, f, h, n, sa and su`
    return reject('unknown_label', message)
  }
  if (folderSpeaker !== undefined && folderSpeaker !== speaker) {
    const message = `the name says ${speaker}, but the folder is ${JSON.stringify(folder)}; move or rename the file`
    return reject('folder_contradicts_name', message)
  }
  return { kind: 'clip', clip: { label, speaker, word: null, split: null } }
}

function unknownName(name: string): PathVerdict {
  const message = `${JSON.stringify(name)} is not named as SAVEE's recordings are, DC/a01.wav or DC_a01.wav for example; rename it, or list your own recordings in a manifest (path,label,speaker)`
  return reject('unknown_name', message)
}
