import { z } from 'zod'

/** `babble` are voices, `recordings` are recordings of noise; the others are Gaussian noise of that colour. */
export const STRESS_NOISES = ['white', 'pink', 'brown', 'babble', 'recordings'] as const
export type StressNoise = (typeof STRESS_NOISES)[number]

/** What is done to a recording before a model hears it. */
export const stressConditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean') }),
  z.strictObject({ kind: z.literal('noise'), noise: z.enum(STRESS_NOISES), snrDb: z.number() }),
  z.strictObject({ kind: z.literal('room'), rt60Seconds: z.number() }),
  z.strictObject({ kind: z.literal('telephone') }),
  z.strictObject({ kind: z.literal('clipping'), percent: z.number() }),
])
export type StressCondition = z.output<typeof stressConditionSchema>

function levels(lowest: number, highest: number, most: number) {
  return z
    .array(z.number().min(lowest).max(highest))
    .max(most)
    .refine((values) => new Set(values).size === values.length, 'a level is named twice')
}

/** Which conditions a model is put under; each list may be empty. */
export const stressPlanSchema = z.strictObject({
  /** Left out: white, pink, brown and babble, and recordings where there are some. */
  noises: z
    .array(z.enum(STRESS_NOISES))
    .max(STRESS_NOISES.length)
    .refine((noises) => new Set(noises).size === noises.length, 'a noise is named twice')
    .optional(),
  snrDb: levels(-30, 60, 16).default([20, 15, 10, 5, 0, -5]),
  rt60Seconds: levels(0.05, 5, 16).default([0.2, 0.4, 0.8, 1.6]),
  telephone: z.boolean().default(true),
  /** How many percent of the samples are clipped. */
  clippingPercent: levels(1, 99, 16).default([10, 25, 50]),
})
export type StressPlan = z.output<typeof stressPlanSchema>

/** The conditions of a plan in their order: clean first, then noises by type and SNR, rooms, telephone, clipping. */
export function planStress(plan: StressPlan, given: { readonly recordings: boolean }): StressCondition[] {
  const usual = STRESS_NOISES.filter((noise) => noise !== 'recordings' || given.recordings)
  const noises = plan.noises ?? usual
  return [
    { kind: 'clean' },
    ...noises.flatMap((noise) => plan.snrDb.map((snrDb) => ({ kind: 'noise' as const, noise, snrDb }))),
    ...plan.rt60Seconds.map((rt60Seconds) => ({ kind: 'room' as const, rt60Seconds })),
    ...(plan.telephone ? [{ kind: 'telephone' as const }] : []),
    ...plan.clippingPercent.map((percent) => ({ kind: 'clipping' as const, percent })),
  ]
}
