import type { Emotion } from '@ser/contracts'
import { ignoreReason } from './ignore-file.ts'
import { readLabel } from './read-label.ts'
import type { PathVerdict } from './verdict.ts'

// One recording of 2800 is named OA_bite_neutral.wav, for OAF.
const SPEAKERS: Readonly<Record<string, string>> = { oaf: 'OAF', oa: 'OAF', yaf: 'YAF', ya: 'YAF' }
const FILE_NAME = /^(?<speaker>oaf?|yaf?)_(?<word>[\p{L}\p{M}'’-]+)_(?<emotion>[\p{L}_ -]+)\.[a-z0-9]{1,5}$/iu
const FOLDER_NAME = /^(?<speaker>oaf?|yaf?)_(?<emotion>[\p{L}_ -]+)$/iu

/**
 * The label of a recording from its path in TESS (Toronto Emotional Speech Set, doi:10.5683/SP2/E8H2MF), as published
 * or as on Kaggle: `.../<OAF|YAF>_<emotion>/<OAF|OA|YAF>_<word>_<emotion>.wav`, whatever the case and however deep.
 * The file's name decides; a folder named like TESS's must agree with it. `ps` is pleasant surprise.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseTessPath(path: string): PathVerdict {
  const reason = ignoreReason(path)
  if (reason !== undefined) return { kind: 'ignored', reason }
  const parts = path.split('/')
  const name = parts.at(-1)!
  const named = FILE_NAME.exec(name)?.groups
  if (named === undefined) return unknownName(name)
  const label = readLabel(named['emotion'])
  if (label === undefined) return unknownLabel(name, named['emotion'])
  const speaker = SPEAKERS[named['speaker'].toLowerCase()]
  const folder = parts.length > 1 ? contradiction(parts.at(-2)!, speaker, label) : undefined
  if (folder !== undefined) return folder
  return { kind: 'clip', clip: { label, speaker, word: named['word'].normalize('NFC').toLowerCase(), split: null } }
}

function unknownName(name: string): PathVerdict {
  return {
    kind: 'rejected',
    code: 'unknown_name',
    message: `${JSON.stringify(name)} is not named <OAF|YAF>_<word>_<emotion>.wav as TESS's recordings are; rename it, or list your own recordings in a manifest (path,label,speaker)`,
  }
}

function unknownLabel(name: string, emotion: string): PathVerdict {
  return {
    kind: 'rejected',
    code: 'unknown_label',
    message: `${JSON.stringify(emotion)} in ${JSON.stringify(name)} is no emotion of TESS; the names are angry, disgust, fear, happy, neutral, ps and sad`,
  }
}

/** A file that lies in another emotion's or actress' folder was moved or renamed by mistake: which, only a person can say. */
function contradiction(folder: string, speaker: string, label: Emotion): PathVerdict | undefined {
  const named = FOLDER_NAME.exec(folder)?.groups
  if (named === undefined) return undefined
  const folderLabel = readLabel(named['emotion'])
  const folderSpeaker = SPEAKERS[named['speaker'].toLowerCase()]
  if (folderSpeaker === speaker && (folderLabel === undefined || folderLabel === label)) return undefined
  return {
    kind: 'rejected',
    code: 'folder_contradicts_name',
    message: `the name says ${speaker}, ${label}, but the folder is ${JSON.stringify(folder)}; move or rename the file`,
  }
}
