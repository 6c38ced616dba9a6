import { findFileName } from './find-file-name.ts'
import { reject, type PathVerdict } from './verdict.ts'

const FILE_NAME =
  /^(?<modality>0[1-3])-(?<channel>0[12])-(?<emotion>\d\d)-(?<intensity>0[12])-(?<statement>0[12])-(?<repetition>0[12])-(?<actor>\d\d)\.[a-z0-9]{1,5}$/i
const FOLDER_NAME = /^(?:.*_)?actor_(?<actor>\d\d)$/i
const ACTORS = 24

const LABELS: Readonly<Record<string, string>> = {
  '01': 'neutral',
  '02': 'calm',
  '03': 'happy',
  '04': 'sad',
  '05': 'angry',
  '06': 'fear',
  '07': 'disgust',
  '08': 'surprise',
}
const NEUTRAL = '01'
const STRONG = '02'
const STATEMENTS: Readonly<Record<string, string>> = {
  '01': 'kids are talking by the door',
  '02': 'dogs are sitting by the door',
}

/**
 * The label of a recording from its path in RAVDESS (Livingstone and Russo, 2018, doi:10.1371/journal.pone.0196391; the naming is
 * that of the record doi:10.5281/zenodo.1188976): `.../Actor_NN/MM-VV-EE-II-SS-RR-NN.wav`, modality, vocal channel, emotion, intensity,
 * statement, repetition, actor. The word is the statement. `calm` keeps its label: it has no counterpart among the seven.
 *
 * Songs, and the sound of the corpus' films (the same takes as the audio files, so a leak between sides), are rejected.
 *
 * @param path relative to the source's root, divided by `/`
 */
export function parseRavdessPath(path: string): PathVerdict {
  const file = findFileName(path)
  if ('kind' in file) return file
  const { name, folder } = file
  const named = FILE_NAME.exec(name)?.groups
  if (named === undefined || isImpossible(named)) return unknownName(name)
  const label = LABELS[named['emotion']]
  if (label === undefined) {
    return reject(
      'unknown_label',
      `emotion ${named['emotion']} in ${JSON.stringify(name)} is none of RAVDESS's, 01 to 08`,
    )
  }
  if (named['modality'] !== '03' || named['channel'] !== '01') return notSpeech(name)
  const folderActor = FOLDER_NAME.exec(folder ?? '')?.groups?.['actor']
  if (folderActor !== undefined && folderActor !== named['actor']) {
    const message = `the name says actor ${named['actor']}, but the folder is ${JSON.stringify(folder)}; move or rename the file`
    return reject('folder_contradicts_name', message)
  }
  const speaker = `Actor_${named['actor']}`
  return { kind: 'clip', clip: { label, speaker, word: STATEMENTS[named['statement']], split: null } }
}

/** Neutral has one intensity, and there are 24 actors. */
function isImpossible(named: Readonly<Record<string, string>>): boolean {
  const actor = Number(named['actor'])
  return actor < 1 || actor > ACTORS || (named['emotion'] === NEUTRAL && named['intensity'] === STRONG)
}

function notSpeech(name: string): PathVerdict {
  const message = `${JSON.stringify(name)} is a song or the sound of a film by its name; only spoken audio, 03-01-..., is taken in`
  return reject('not_speech', message)
}

function unknownName(name: string): PathVerdict {
  const message = `${JSON.stringify(name)} is not named as RAVDESS's recordings are, 03-01-06-01-02-01-12.wav for example; rename it, or list your own recordings in a manifest (path,label,speaker)`
  return reject('unknown_name', message)
}
