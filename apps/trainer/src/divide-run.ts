import { EMOTIONS, SerError, type RunSpec } from '@ser/contracts'
import { snapshotHash, splitClips, splitValidation, TEST_SIDE, TRAIN_SIDE } from '@ser/corpus'
import { listMixedRoots, type Database, type RunClip } from '@ser/database'
import type { Side, SideRows } from './examples-file.ts'
import { findLeaks } from './find-leaks.ts'
import type { KnownClip } from './join-datasets.ts'

/** The recordings of a run with their sides. */
export type DividedRun = {
  readonly sides: Readonly<Record<Exclude<Side, 'validation'>, SideRows>> & { readonly validation?: SideRows }
  /** The recordings of the training side, of the test side, and those that are not trained on, validation side included. */
  readonly train: readonly KnownClip[]
  readonly test: readonly KnownClip[]
  readonly unheard: readonly KnownClip[]
  /** How many variants take no part, because a recording of another side can be heard in them. */
  readonly setAside: number
  readonly snapshot: { readonly hash: string; readonly clips: readonly RunClip[] }
}

/**
 * Divides recordings as a run asks for.
 *
 * @throws SerError RUN_ONE_CLASS, SPLIT_... (bad-input)
 */
export async function divideRun(db: Database, clips: readonly KnownClip[], spec: RunSpec): Promise<DividedRun> {
  const { kept, setAside } = await setLeaksAside(db, splitSides(clips, spec))
  const { train, validation, test } = kept
  checkClasses(train)
  return {
    train,
    test,
    unheard: [...validation, ...test],
    setAside,
    sides: {
      train: sideRows(train),
      test: sideRows(test),
      ...(spec.validation === undefined ? {} : { validation: sideRows(validation) }),
    },
    snapshot: {
      hash: snapshotHash([...train, ...validation, ...test]),
      clips: [
        ...train.map((clip) => runClip(clip, 'train')),
        ...validation.map((clip) => runClip(clip, 'validation')),
        ...test.map((clip) => runClip(clip, 'test')),
      ],
    },
  }
}

type Sides = Readonly<Record<Side, readonly KnownClip[]>>

function splitSides(clips: readonly KnownClip[], spec: RunSpec): Sides {
  const { sides } = splitClips(clips, spec.split, spec.seed)
  const aside = spec.validation === undefined ? [] : splitValidation(clips, sides, spec.validation, spec.seed)
  return {
    train: clips.filter((_, index) => sides[index] === TRAIN_SIDE && !aside[index]),
    validation: clips.filter((_, index) => aside[index]),
    test: clips.filter((_, index) => sides[index] === TEST_SIDE),
  }
}

async function setLeaksAside(db: Database, { train, validation, test }: Sides) {
  const variants = [...train, ...validation, ...test].flatMap(({ sha256, parent }) =>
    typeof parent === 'string' ? [sha256] : [],
  )
  const leaks = findLeaks([train, validation, test], await listMixedRoots(db, variants))
  const keep = (clips: readonly KnownClip[]) => clips.filter(({ sha256 }) => !leaks.has(sha256))
  return { kept: { train: keep(train), validation: keep(validation), test: keep(test) }, setAside: leaks.size }
}

function checkClasses(train: readonly KnownClip[]): void {
  const classes = new Set(train.map((clip) => clip.class))
  if (classes.size >= 2) return
  const [only] = classes
  const message = `every recording on the training side is ${EMOTIONS[only]}: a model needs two emotions at least`
  throw new SerError('RUN_ONE_CLASS', message, { kind: 'bad-input' })
}

function sideRows(clips: readonly KnownClip[]): SideRows {
  return {
    rows: clips.map(({ row }) => row),
    labels: Uint8Array.from(clips, (clip) => clip.class),
    speakers: numberSpeakers(clips),
    domains: numberTexts(clips.map(({ datasets }) => datasets.join(', '))),
  }
}

/**
 * Speakers of different datasets are different. Variants are apart from the originals: what a speaker's statistics are taken over
 * is heard under like conditions, as recordings that are sent together are. A recording of nobody known is of nobody else.
 */
function numberSpeakers(clips: readonly KnownClip[]): Uint32Array {
  return numberTexts(
    clips.map(({ datasets, speaker, parent, sha256 }) =>
      JSON.stringify(speaker === '' ? sha256 : [datasets, speaker, typeof parent === 'string']),
    ),
  )
}

/** Equal texts have equal numbers, from 0 on. */
function numberTexts(texts: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>()
  for (const text of texts) if (!numbers.has(text)) numbers.set(text, numbers.size)
  return Uint32Array.from(texts, (text) => numbers.get(text)!)
}

/** What is set aside for validation decides when training ends and which epoch counts: it is of the training side. */
function runClip(clip: KnownClip, side: RunClip['side']): RunClip {
  return { sha256: clip.sha256, label: clip.class, side }
}
