import type { Epoch } from '@ser/contracts'
import { expect, test } from 'vitest'
import type { Examples } from './batch-examples.ts'
import { buildModel } from './build-model.ts'
import { fitModel } from './fit-model.ts'
import type { FitOptions } from './fit-options.ts'
import { createGenerator, standardNormal } from './generate-random.ts'
import { loadTensorflow } from './load-tensorflow.ts'

const { tf } = await loadTensorflow()
const FEATURES = 4

function cloud(seed: number): Examples {
  const random = createGenerator(seed, 'weights')
  const labels = Uint8Array.from({ length: 30 }, (_, index) => index % 3)
  const vectors = Float32Array.from({ length: 30 * FEATURES }, () => standardNormal(random))
  return { vectors, labels }
}

const failing = (epoch: number) =>
  epoch === 2 ? Promise.reject(new Error('no recording')) : Promise.resolve(cloud(epoch))

const renewal = { identity: 'one', examples: (epoch: number) => Promise.resolve(cloud(100 + epoch)) }

async function fit(changes: Partial<FitOptions>) {
  const architecture = { layout: 'one-step', features: FEATURES, lstmUnits: [4], denseUnits: 4 } as const
  const model = buildModel(tf, { ...architecture, dropout: 0, classes: 3, seed: 3 })
  const epochs: Epoch[] = []
  const checkpoints: Uint8Array[] = []
  const onEpoch = (figures: Epoch) => void epochs.push(figures)
  const onCheckpoint = (bytes: Uint8Array) => void checkpoints.push(bytes)
  const recipe = { epochs: 4, batchSize: 16, learningRate: 0.05, seed: 7 }
  try {
    await fitModel({ model, train: cloud(1), test: cloud(2), ...recipe, onEpoch, onCheckpoint, ...changes })
  } finally {
    model.dispose()
  }
  return { losses: epochs.map(({ trainLoss, testLoss }) => [trainLoss, testLoss]), epochs, checkpoints }
}

test('trains on the recordings of each epoch, and says how long it waited for them', async () => {
  const asked: number[] = []
  const examples = (epoch: number) => {
    asked.push(epoch)
    return Promise.resolve(cloud(1))
  }
  const same = await fit({ renewal: { identity: 'the same', examples } })
  const plain = await fit({})
  expect(asked).toEqual([1, 2, 3, 4])
  expect(same.losses).toEqual(plain.losses)
  expect(same.epochs.every(({ waitedSeconds = -1 }) => waitedSeconds >= 0)).toBe(true)
  expect(plain.epochs[0]).not.toHaveProperty('waitedSeconds')
  const renewed = await fit({ renewal })
  expect(renewed.losses[0]).not.toEqual(plain.losses[0])
})

test('goes on from a checkpoint with the recordings of the next epoch, and from none of other recordings', async () => {
  const unbroken = await fit({ renewal })
  const resumed = await fit({ renewal, resumeFrom: unbroken.checkpoints[1] })
  expect(resumed.losses).toEqual(unbroken.losses.slice(2))
  const other = { renewal: { ...renewal, identity: 'another' }, resumeFrom: unbroken.checkpoints[1] }
  await expect(fit(other)).rejects.toMatchObject({ code: 'CHECKPOINT_UNUSABLE' })
})

test('ends with the reason why an epoch could not be had', async () => {
  await expect(fit({ renewal: { identity: 'failing', examples: failing } })).rejects.toThrow('no recording')
})
