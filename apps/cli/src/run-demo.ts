import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  ingestionSchema,
  modelVersionSchema,
  runSchema,
  runSpecSchema,
  type ModelVersion,
  type Prediction,
  type Run,
} from '@ser/contracts'
import { renderRunReport } from '@ser/report'
import { duration } from '@ser/report/text'
import { createApiClient, type ApiClient } from './api-client.ts'
import { CliError, EXIT } from './cli-error.ts'
import { findOneRecording } from './find-one-recording.ts'
import { parseInput } from './parse-input.ts'
import { predictFile } from './predict-batches.ts'
import { renderPrediction } from './render-prediction.ts'
import { prepareRecordings, type RecordingOptions, type Recordings } from './prepare-recordings.ts'
import { reportIngestion } from './report-ingestion.ts'
import { renderRun } from './report-run.ts'
import { ROOT, startApps } from './start-apps.ts'
import { createTerminal, type Terminal } from './terminal.ts'
import { readRunSpec, type TrainOptions } from './train-model.ts'
import { watchIngestion } from './watch-ingestion.ts'
import { watchRun } from './watch-run.ts'

export type DemoOptions = RecordingOptions &
  Pick<TrainOptions, 'scenario' | 'epochs' | 'seed' | 'layout'> & { readonly out?: string; readonly json?: boolean }

type Stage = { readonly name: string; readonly seconds: number }
type Demo = { readonly options: DemoOptions; readonly terminal: Terminal; readonly signal: AbortSignal }

/**
 * From recordings to a trained model on this machine: starts the real apps, and then is a client of the API like any other. The
 * services must be up already. The apps are stopped in reverse order whatever happens.
 */
export async function runDemo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const terminal = createTerminal(options.json === true)
  const demo = { options, terminal, signal }
  const stages: Stage[] = []
  const recordings = await timed(stages, 'recordings', () => prepareRecordings(options, terminal, signal))
  const apps = await timed(stages, 'start', () =>
    startApps({ roots: [dirname(recordings.source.path)], signal, say: terminal.say }),
  )
  try {
    return await apps.during(runPipeline(demo, createApiClient(apps.address), recordings, stages))
  } finally {
    await apps.stop()
  }
}

async function runPipeline(demo: Demo, client: ApiClient, recordings: Recordings, stages: Stage[]): Promise<number> {
  const { terminal } = demo
  await timed(stages, 'ingest and features', () => ingest(demo, client, recordings))
  const run = await timed(stages, 'training', () => train(demo, client, recordings))
  if (run.status !== 'completed' || run.version === null) {
    for (const line of renderRun(run, terminal.columns)) terminal.say(line)
    throw new CliError(
      EXIT.failed,
      run.error?.code ?? 'RUN_FAILED',
      `the run is ${run.status}: ${run.error?.message ?? 'no reason was recorded'}`,
    )
  }
  const { model, version: number } = run.version
  const version = await client.get(`/v1/models/${model}/versions/${number}`, modelVersionSchema)
  const file = await findOneRecording(recordings.source)
  const prediction = file === undefined ? undefined : await predictFile(client, file, { model, version: number })
  const report = await saveDemoReport(demo, { run, version, stages, recordings, file })
  showEnd(demo, { run, stages, report, recordings, file, prediction })
  return EXIT.ok
}

async function ingest({ terminal, signal }: Demo, client: ApiClient, { dataset, source }: Recordings): Promise<void> {
  const ingestion = await client.post('/v1/ingestions', ingestionSchema, { json: { dataset, source } })
  const end = await watchIngestion({ client, terminal, signal }, ingestion.id)
  if (!terminal.json) reportIngestion({ ...terminal, print: terminal.say }, end)
  if (end.ingestion.status === 'failed') {
    const { code, message } = end.ingestion.error ?? { code: 'INGESTION_FAILED', message: 'no reason was recorded' }
    throw new CliError(EXIT.failed, code, message)
  }
}

async function train(
  { options, terminal, signal }: Demo,
  client: ApiClient,
  { dataset, notice }: Recordings,
): Promise<Run> {
  const { scenario = 2, epochs, seed, layout } = options
  const chosen = {
    dataset: [dataset],
    model: notice === undefined ? 'paper' : 'synthetic',
    scenario,
    ...(epochs === undefined ? {} : { epochs }),
    ...(seed === undefined ? {} : { seed }),
    ...(layout === undefined ? {} : { layout }),
  }
  const run = await client.post('/v1/runs', runSchema, { json: parseInput(runSpecSchema, readRunSpec(chosen)) })
  try {
    return await watchRun({ client, terminal, signal }, run)
  } catch (error) {
    // The trainer that is about to be stopped would otherwise finish the run first, or leave it to the next one.
    if (signal.aborted) await client.open(`/v1/runs/${run.id}/cancel`, { method: 'POST' })
    throw error
  }
}

type DemoResult = {
  readonly run: Run
  readonly stages: readonly Stage[]
  readonly recordings: Recordings
  readonly file: string | undefined
}

async function saveDemoReport(
  { options }: Demo,
  { run, version, stages, recordings, file }: DemoResult & { readonly version: ModelVersion },
): Promise<string> {
  const html = renderRunReport(run, {
    version,
    stages,
    predictCommand: `npx ser serve    # in another terminal\n${predictCommand(run, file)}`,
    repeatCommand: `npx ser train --dataset ${run.spec.datasets.join(' ')} --features ${run.spec.features.join(' ')} --layout ${run.spec.layout} --epochs ${run.spec.epochs} --seed ${run.spec.seed} --watch`,
    generatedAt: new Date().toISOString().slice(0, 16).replace('T', ' '),
    ...(recordings.notice === undefined ? {} : { notice: recordings.notice }),
  })
  const folder = options.out === undefined ? join(ROOT, '.ser/demo') : resolve(options.out)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'report.html')
  await writeFile(path, html)
  return path
}

function predictCommand(run: Run, file: string | undefined): string {
  const { model, version } = run.version!
  return `npx ser predict ${file === undefined ? 'recording.wav' : quote(file)} --model ${model}@${version}`
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

function showEnd(
  { terminal }: Demo,
  {
    run,
    stages,
    recordings,
    file,
    report,
    prediction,
  }: DemoResult & { readonly report: string; readonly prediction: Prediction | undefined },
): void {
  if (terminal.json) {
    const { notice = null, dataset } = recordings
    const synthetic = notice !== null
    terminal.print(
      JSON.stringify({ dataset, synthetic, run, stages, report, prediction: prediction ?? null, file: file ?? null }),
    )
    return
  }
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const lines = [
    '',
    ...renderRun(run, terminal.columns),
    '',
    ...(prediction === undefined || file === undefined ? [] : [...renderPrediction({ file, prediction }), '']),
    ...(recordings.notice === undefined ? [] : [recordings.notice, '']),
    `time      ${stages.map(({ name, seconds }) => `${name} ${duration(seconds)}`).join(', ')}; ${duration(total)} in all`,
    `report    ${report}`,
    'predict   npx ser serve    # in another terminal',
    `          ${predictCommand(run, file)}`,
  ]
  for (const line of lines) terminal.print(line)
}

async function timed<T>(stages: Stage[], name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await work()
  stages.push({ name, seconds: (performance.now() - start) / 1000 })
  return result
}
