import { z } from 'zod'
import { featureSpecSchema } from './feature-sets.ts'
import { idSchema, nameSchema, sha256Schema, textSchema, timeSchema } from './names.ts'
import { evaluationSchema } from './evaluations.ts'
import { modelSchema, modelVersionSchema, runSchema } from './run-resources.ts'

// Which versions of a model are in use, under which names, and what is known of each.

const versionNumber = z.int().min(1).max(0x7fff_ffff)

/** The alias that predictions use, and the only one that has a gate. */
export const CHAMPION = 'champion'

/** A name for a version of a model that can be moved to another: `champion`, `challenger`, or one's own. */
export const aliasSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'an alias is a lower case letter, then letters, digits and dashes, 31 at most')
  .refine((alias) => alias !== 'newest' && alias !== 'latest' && alias !== 'default', {
    error: 'newest, latest and default mean something else already: choose another alias',
  })

/** Why a version answers: it was asked for; an alias names it; or its model has no champion, and it is the newest. */
export const choiceReasonSchema = z.enum(['version', 'alias', 'newest'])
export type ChoiceReason = z.output<typeof choiceReasonSchema>

/** A version in a list, with the aliases that name it. */
export const registeredVersionSchema = modelVersionSchema.extend({ aliases: z.array(aliasSchema) })
export type RegisteredVersion = z.output<typeof registeredVersionSchema>

/** A model with what is in use of it. */
export const registeredModelSchema = modelSchema.extend({
  /** Version by alias. */
  aliases: z.record(z.string(), z.int()),
  /** Whether it answers when a caller names no model. */
  isDefault: z.boolean(),
  /** The version that answers when a caller names this model only, and why. */
  inUse: z.object({ version: z.int(), chosenBy: choiceReasonSchema }),
})
export type RegisteredModel = z.output<typeof registeredModelSchema>

/** Everything that a version was made from and was found to do. None of it changes, but for the aliases. */
export const modelVersionDetailSchema = registeredVersionSchema.extend({
  run: runSchema.pick({
    id: true,
    spec: true,
    specHash: true,
    snapshot: true,
    backend: true,
    codeVersion: true,
    startedAt: true,
    finishedAt: true,
  }),
  featureSet: z.object({ id: sha256Schema, spec: featureSpecSchema, extractor: z.string() }),
  evaluation: evaluationSchema.nullable(),
  /** Paths of this API. */
  links: z.object({
    run: z.string(),
    report: z.string(),
    card: z.string(),
    clips: z.string(),
    artefact: z.string(),
    promotions: z.string(),
  }),
})
export type ModelVersionDetail = z.output<typeof modelVersionDetailSchema>

/** Where the clips of a run lie. Of runs from before validation was a side of its own, it is part of `train`. */
export const sideSchema = z.enum(['train', 'validation', 'test'])
export type Side = z.output<typeof sideSchema>

/** A clip that a version used. `recording` is the one at its beginning, where it is a variant. */
export const versionClipSchema = z.object({
  sha256: sha256Schema,
  side: sideSchema,
  label: z.string(),
  recording: sha256Schema.nullable(),
})
export type VersionClip = z.output<typeof versionClipSchema>

/** A version that used a clip: itself, or so many variants that were made from it. */
export const clipModelSchema = z.object({
  model: nameSchema,
  version: z.int(),
  runId: idSchema,
  side: sideSchema,
  itself: z.boolean(),
  variants: z.int(),
  createdAt: timeSchema,
})
export type ClipModel = z.output<typeof clipModelSchema>

export const gateFigureSchema = z.enum(['uar', 'accuracy', 'macroF1'])
export type GateFigure = z.output<typeof gateFigureSchema>

/** What a promotion asks for. Everything but the version has a default; `margin` is a share: 0.02 is two points. */
export const promotionRequestSchema = z
  .strictObject({
    version: versionNumber,
    alias: aliasSchema.default(CHAMPION),
    margin: z.number().min(0).max(1).optional(),
    figure: gateFigureSchema.optional(),
    force: z.boolean().default(false),
    reason: textSchema.trim().min(1).max(2000).optional(),
  })
  .refine(({ force, reason }) => !force || reason !== undefined, {
    path: ['reason'],
    error: 'a forced promotion needs a reason: it is kept with the promotion',
  })
  .refine(({ alias, margin, figure }) => alias === CHAMPION || (margin === undefined && figure === undefined), {
    path: ['margin'],
    error: 'only the champion has a gate',
  })
export type PromotionRequest = z.output<typeof promotionRequestSchema>

export const rollbackRequestSchema = z.strictObject({
  alias: aliasSchema.default(CHAMPION),
  /** Only while the alias names this version: a request that is sent twice rolls back once. */
  from: versionNumber.optional(),
  reason: textSchema.trim().min(1).max(2000).optional(),
})
export type RollbackRequest = z.output<typeof rollbackRequestSchema>

const difference = z.object({ value: z.number(), low: z.number(), high: z.number() })

/** What the gate found when it compared a candidate with the champion. */
export const promotionGateSchema = z.object({
  /** `first`: there was no champion. `passed`; `worse`: not shown to be within the margin; `too-few`: not comparable. */
  outcome: z.enum(['first', 'passed', 'worse', 'too-few']),
  champion: z.int().nullable(),
  figure: gateFigureSchema,
  margin: z.number(),
  /** Recordings that both were tested on, and compared on. */
  recordings: z.int(),
  /** Whether the two test sides are the same; else the comparison is on what they have in common. */
  sameTestSide: z.boolean(),
  /** What was drawn anew to tell luck from skill: recordings, or speakers with all of theirs. */
  over: z.enum(['recordings', 'speakers']).nullable(),
  /** Candidate less champion, with the interval of 95 %. */
  difference: z.object({ accuracy: difference, uar: difference, macroF1: difference }).nullable(),
  onlyChampionRight: z.int().nullable(),
  onlyCandidateRight: z.int().nullable(),
  pValue: z.number().nullable(),
})
export type PromotionGate = z.output<typeof promotionGateSchema>

/** A change of what is in use: who, when, what and why. */
export const registryChangeSchema = z.object({
  id: z.int(),
  model: nameSchema,
  action: z.enum(['promote', 'roll-back', 'remove', 'make-default']),
  alias: aliasSchema.nullable(),
  version: z.int().nullable(),
  /** The version that the alias named before. */
  previous: z.int().nullable(),
  /** The token that asked, by its name; and for whom, as the caller said. */
  by: z.object({ token: z.string(), onBehalfOf: z.string().nullable() }),
  forced: z.boolean(),
  reason: z.string().nullable(),
  gate: promotionGateSchema.nullable(),
  at: timeSchema,
})
export type RegistryChange = z.output<typeof registryChangeSchema>

/** The model that answers when a caller names none, and which of its versions. */
export const defaultModelSchema = z.object({
  model: nameSchema,
  version: z.int(),
  /** Whether somebody chose it, or it merely was made last. */
  chosen: z.boolean(),
  chosenBy: choiceReasonSchema,
})
export type DefaultModel = z.output<typeof defaultModelSchema>

/** What the clips of a run are, by dataset and by label. */
export type SnapshotDescription = {
  readonly datasets: readonly {
    readonly dataset: string
    /** How its labels were read: the layouts of corpora, `manifest`; empty for a dataset that only holds variants. */
    readonly layouts: readonly string[]
    readonly train: number
    readonly validation: number
    readonly test: number
    /** Of these clips, made from others. */
    readonly variants: number
    readonly speakers: readonly string[]
  }[]
  readonly labels: readonly ({ readonly label: string } & Readonly<Record<Side, number>>)[]
}
