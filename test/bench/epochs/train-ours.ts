/**
 * Trains the paper's model with our trainer's library, an epoch for each line on standard input; prints each epoch's seconds as JSON.
 * usage: train-ours.ts FOLDER LAYOUT TRAIN TEST FEATURES CLASSES BATCH FRAMES THREADS
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buildModel, fitModel, loadTensorflow, type Examples } from '@ser/model'

const [folder = '', layout = '', ...numbers] = process.argv.slice(2)
const [trainCount = 0, testCount = 0, features = 0, classes = 0, batchSize = 0, frames = 0, threads = 0] =
  numbers.map(Number)
const bytes = readFileSync(join(folder, 'vectors'))
const vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
const labels = Uint8Array.from(readFileSync(join(folder, 'labels')))
const isFrames = layout === 'frames'
const width = isFrames ? frames * features : features
const part = (start: number, end: number): Examples => ({
  vectors: vectors.slice(start * width, end * width),
  labels: labels.slice(start, end),
  ...(isFrames ? { lengths: new Uint32Array(end - start).fill(frames) } : {}),
})

const { tf, backend, version } = await loadTensorflow({ threads })
say({ version: `ser on ${backend} ${version}, ${threads} threads` })
const turns = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const turn = async () => {
  const { done } = await turns.next()
  if (done === true) process.exit(0)
}
await turn()
let cpu = process.cpuUsage()
await fitModel({
  model: buildModel(tf, {
    layout: layout === 'steps' || isFrames ? layout : 'one-step',
    features,
    lstmUnits: [128, 128],
    denseUnits: 32,
    dropout: 0.2,
    classes,
    seed: 1,
  }),
  train: part(0, trainCount),
  test: part(trainCount, trainCount + testCount),
  epochs: 1_000_000,
  batchSize,
  learningRate: 0.001,
  seed: 1,
  onEpoch: async ({ seconds }) => {
    const { user, system } = process.cpuUsage(cpu)
    say({ seconds, cpuSeconds: (user + system) / 1e6, peakBytes: process.resourceUsage().maxRSS * 1024 })
    await turn()
    cpu = process.cpuUsage()
  },
})

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
