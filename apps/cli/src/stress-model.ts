import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ResourceHalf } from '@ser/augmentation'
import {
  modelVersionSchema,
  stressEvaluationSchema,
  stressRequestSchema,
  type ModelVersion,
  type StressEvaluation,
} from '@ser/contracts'
import { stressTable } from '@ser/report/text'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { CliError, EXIT } from './cli-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseInput } from './parse-input.ts'
import { readModelChoice } from './predict-batches.ts'
import { takeInResources } from './take-in-resources.ts'
import { printResult } from './terminal.ts'
import { watchStress } from './watch-stress.ts'

export type StressOptions = {
  /** Datasets, folders, archives, or `s3://bucket/prefix`. */
  readonly noise?: string
  readonly voices?: string
  readonly half?: ResourceHalf
  /** Kinds of noise. */
  readonly noises?: readonly string[]
  readonly snr?: readonly number[]
  readonly rt60?: readonly number[]
  readonly clipping?: readonly number[]
  readonly telephone?: boolean
  readonly limit?: number
  readonly seed?: number
  readonly watch?: boolean
  /** Where the page goes. */
  readonly out?: string
}

/** Evaluates a model version under stress, and prints its figures; without `watch` it only asks for it. */
export async function stressModel(context: CommandContext, model: string, options: StressOptions): Promise<number> {
  const { client, terminal } = context
  const version = await findVersion(client, model)
  const path = `/v1/models/${version.model}/versions/${version.version}/stress-evaluations`
  const request = parseInput(stressRequestSchema, await readStressRequest(context, options))
  const asked = await client.post(path, stressEvaluationSchema, { json: request })
  if (options.watch === false) {
    printResult(terminal, asked, ({ id }) => [`stress evaluation ${id} of ${version.model}@${version.version}`])
    return EXIT.ok
  }
  const ended = await watchStress(context, `${path}/${asked.id}`)
  if (ended.status === 'failed') {
    const message = ended.error?.message ?? 'no reason is known'
    throw new CliError(EXIT.failed, ended.error?.code ?? 'STRESS_FAILED', `the stress evaluation failed: ${message}`)
  }
  printResult(terminal, ended, (evaluation) => [describe(evaluation), '', ...stressTable(evaluation)])
  if (options.out !== undefined) {
    await writeFile(resolve(options.out), await client.text(`${path}/${asked.id}/report`))
    terminal.say(`wrote ${resolve(options.out)}`)
  }
  return EXIT.ok
}

/** The request that the options describe; what they leave out is left to the defaults of the contract. */
async function readStressRequest(context: CommandContext, options: StressOptions): Promise<Record<string, unknown>> {
  const { noise, voices, half, noises, snr, rt60, clipping, telephone, limit, seed } = options
  const given = {
    noises,
    snrDb: snr,
    rt60Seconds: rt60,
    clippingPercent: clipping,
    telephone: telephone === false ? false : undefined,
    limit,
    seed,
  }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    resources: {
      ...(noise === undefined ? {} : { noise: await takeInResources(context, noise, half) }),
      ...(voices === undefined ? {} : { voices: await takeInResources(context, voices, half) }),
    },
  }
}

/** Without a version, the newest one. */
async function findVersion(client: ApiClient, text: string): Promise<Pick<ModelVersion, 'model' | 'version'>> {
  const { model = text, version } = readModelChoice(text)
  if (version !== undefined) return { model, version }
  const versions = z.object({ items: z.array(modelVersionSchema) })
  const [newest] = (await client.get(`/v1/models/${encodeURIComponent(model)}/versions`, versions)).items
  return newest
}

function describe({ model, version, progress, startedAt, finishedAt }: StressEvaluation): string {
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000
  return `${model}@${version}: ${progress.recordings ?? 0} test recordings under ${progress.conditions} conditions in ${seconds.toFixed(1)} s; shares in per cent`
}
