import { EMOTIONS, type Emotion, type Prediction, type PredictionWindow, type Timeline } from '@ser/contracts'
import { expect, it } from 'vitest'
import { clock, describeTimeline, findStretches } from './describe-timeline.ts'
import { drawTimeline } from './draw-timeline.ts'
import { renderTimelinePage } from './render-timeline.ts'

const all = (value: number): Record<Emotion, number> => ({
  angry: value,
  disgust: value,
  fear: value,
  happy: value,
  neutral: value,
  sad: value,
  surprise: value,
})

function windowOf(start: number, emotion: Emotion | null, uncertain = false): PredictionWindow {
  const probabilities = emotion === null ? null : { ...all(0.05), [emotion]: 0.7 }
  const confidence = emotion === null ? null : 0.7
  return { start, end: start + 2, level: -20, silent: emotion === null, emotion, confidence, uncertain, probabilities }
}

const windows = [
  windowOf(0, 'happy'),
  windowOf(1, 'happy'),
  windowOf(2, null),
  windowOf(3, 'sad', true),
  windowOf(4, 'sad'),
]
const shares = { emotions: { ...all(0), happy: 0.4, sad: 0.2 }, uncertain: 0.2, silent: 0.2 }
const timeline: Timeline = { window: 2, hop: 1, silence: -65, windows, shares }

it('draws one area for each emotion, the same for the same timeline', () => {
  const svg = drawTimeline(timeline)
  expect(svg).toContain('5 windows: happy 40.0 %, sad 20.0 %')
  for (const emotion of EMOTIONS) expect(svg).toContain(`>${emotion}</text>`)
  expect(drawTimeline(timeline)).toBe(svg)
})

it('joins neighbouring windows of one answer', () => {
  expect(findStretches(windows)).toEqual([
    { start: 0, end: 2, what: 'happy' },
    { start: 2, end: 3, what: 'silence' },
    { start: 3, end: 4, what: 'uncertain' },
    { start: 4, end: 6, what: 'sad' },
  ])
})

it('renders a page that needs nothing else, with the file name as text', () => {
  const prediction: Prediction & { timeline: Timeline } = {
    model: 'paper',
    version: 3,
    alias: 'champion',
    chosenBy: 'alias',
    emotion: 'happy',
    confidence: 0.5,
    uncertain: false,
    probabilities: { ...all(0.05), happy: 0.5 },
    seconds: 6,
    sampleRate: 16_000,
    speakerStatistics: null,
    timeline,
  }
  const html = renderTimelinePage('<b>.wav', prediction)
  expect(html).toContain('<h1>&lt;b&gt;.wav</h1>')
  expect(html).toContain('paper@3')
  expect(html).not.toMatch(/<(script|link)|src=|href="http/)
})

it('writes seconds as a clock', () => {
  expect([0, 75, 3599.5].map(clock)).toEqual(['0:00', '1:15', '59:59.5'])
  expect(describeTimeline({ windows: [], shares: { ...shares, silent: 0 } })).not.toContain('silence')
})
