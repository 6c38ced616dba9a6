import { expect, test } from 'vitest'
import { augmentJobs, featureJobs, jobId } from './stage-jobs.ts'

const set = 'f'.repeat(64)
const clips = Array.from({ length: 5 }, (_, index) => String(index).repeat(64))

test('the same clips make the same jobs, in whatever order and however often they are named', () => {
  const jobs = featureJobs(set, clips, 2)
  expect(featureJobs(set, [...clips.toReversed(), clips[0]], 2)).toEqual(jobs)
  expect(jobs.map((job) => job.clips.length)).toEqual([2, 2, 1])
  expect(jobs.flatMap((job) => job.clips)).toEqual(clips)
})

test('a job has no more clips than its schema takes', () => {
  expect(() => featureJobs(set, clips, 257)).toThrow(RangeError)
  expect(() => featureJobs(set, clips, 0)).toThrow(RangeError)
  expect(featureJobs(set, [])).toEqual([])
})

test('an augment job makes about as much work however many copies a clip owes', () => {
  const id = '7f6c24ab-6a5f-4b2e-9a53-6f3a8f3e9d10'
  expect(augmentJobs(id, [...clips.toReversed(), clips[0]], 1)).toEqual([{ augmentationId: id, parents: clips }])
  expect(augmentJobs(id, clips, 32).map(({ parents }) => parents.length)).toEqual([2, 2, 1])
  expect(augmentJobs(id, clips, 64).map(({ parents }) => parents.length)).toEqual([1, 1, 1, 1, 1])
})

test('an id comes from the stage and the content, and has no colon', () => {
  const [first, second] = featureJobs(set, clips, 4)
  expect(jobId('features', first)).toMatch(/^features-[0-9a-f]{64}$/)
  expect(jobId('features', first)).not.toBe(jobId('features', second))
  expect(jobId('features', { ...first })).toBe(jobId('features', first))
})
