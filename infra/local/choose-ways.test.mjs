import { expect, test } from 'vitest'
import { lastWayFirst, waysFrom } from './choose-ways.mjs'

test('tries Docker, then the PATH, then the pinned programs', () => {
  expect(waysFrom({})).toEqual(['docker', 'path', 'pinned'])
})

test('takes the ways that SER_SERVICES names, in their order', () => {
  expect(waysFrom({ SER_SERVICES: 'pinned' })).toEqual(['pinned'])
  expect(waysFrom({ SER_SERVICES: 'pinned, path' })).toEqual(['pinned', 'path'])
})

test('names the word that is no way', () => {
  expect(() => waysFrom({ SER_SERVICES: 'pinned,podman' })).toThrow('"podman"')
})

test('prefers the way in which the data lie', () => {
  expect(lastWayFirst(['docker', 'path', 'pinned'], 'pinned')).toEqual(['pinned', 'docker', 'path'])
  expect(lastWayFirst(['docker'], 'pinned')).toEqual(['docker'])
  expect(lastWayFirst(['docker', 'path'], undefined)).toEqual(['docker', 'path'])
})
