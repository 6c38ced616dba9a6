import type { FailureKind, Prediction } from '@ser/contracts'

/** How a recording is to be looked at. Times are seconds, levels dBFS. */
export type Looking = {
  readonly maxSeconds: number
  /** Recordings that last longer are answered with a timeline also when none is asked for. */
  readonly timelineFrom: number
  readonly asTimeline: boolean
  readonly window: number
  readonly hop: number
  readonly silence: number
  readonly minConfidence: number
  /** All recordings of the request are of one speaker, and are answered together. */
  readonly ofOneSpeaker?: boolean
}

export type Question = { readonly recording: Uint8Array; readonly looking: Looking }

/** What the model says, without which model it was. */
export type Answer = Omit<Prediction, 'model' | 'version' | 'alias' | 'chosenBy'>

/** Errors come as plain values: one that is thrown out of a thread loses its code and kind. */
export type Outcome =
  | { readonly state: 'answered'; readonly answer: Answer }
  /** Needs a timeline, which is none of the short lane's. */
  | { readonly state: 'long' }
  | { readonly state: 'refused'; readonly code: string; readonly kind: FailureKind; readonly message: string }

/** Where the time of the thread went, in milliseconds. */
export type Spent = { readonly decode: number; readonly features: number; readonly model: number }

/**
 * Work for the thread: questions to one model. `model` comes along only when the thread has said that it lacks it. Without
 * questions it loads the model.
 */
export type ThreadTask = {
  readonly sha256: string
  readonly model?: Uint8Array
  /** The longest recording, in seconds. */
  readonly maxSeconds: number
  readonly lane: 'short' | 'long' | 'together'
  readonly questions: readonly Question[]
  /** Shared memory, in which 1 says that nobody waits for the answer any more. */
  readonly cancelled?: Int32Array
}

export type ThreadAnswer =
  | { readonly state: 'model-needed' }
  | { readonly state: 'done'; readonly outcomes: readonly Outcome[]; readonly spent: Spent }

export type ToThread = { readonly id: number; readonly task: ThreadTask }

/** `error` is what nobody expected. */
export type FromThread =
  | { readonly id: number; readonly answer: ThreadAnswer }
  | { readonly id: number; readonly error: unknown }
