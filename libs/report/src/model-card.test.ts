import { EMOTIONS, runSpecSchema, type Evaluation, type Run, type SnapshotDescription } from '@ser/contracts'
import { expect, it } from 'vitest'
import { renderModelCard, type ModelCardFacts } from './render-model-card.ts'

const evaluation: Evaluation = {
  labels: [...EMOTIONS],
  confusion: EMOTIONS.map((_, row) =>
    EMOTIONS.map((__, column) => (row === column ? 98 : row === 2 && column === 0 ? 2 : 0)),
  ),
  accuracy: 0.987,
  uar: 0.986,
  macroF1: 0.985,
  loss: 0.09,
  perClass: EMOTIONS.map((label) => ({ label, support: 100, precision: 0.9, recall: 0.91, f1: 0.92 })),
  intervals: [
    {
      over: 'recordings',
      units: 700,
      level: 0.95,
      resamples: 2000,
      accuracy: { low: 0.976, high: 0.994 },
      uar: { low: 0.975, high: 0.993 },
      macroF1: { low: 0.97, high: 0.99 },
    },
  ],
  groups: ['OAF', 'YAF'].map((name) => ({
    by: 'speaker',
    name,
    support: 350,
    accuracy: 0.98,
    uar: 0.97,
    macroF1: 0.96,
  })),
  calibration: { ece: 0.012, bins: [{ low: 0.93, high: 1, count: 700, confidence: 0.98, accuracy: 0.987 }] },
}

const run: Run = {
  id: '3f5e3a6e-8f51-4e0e-9a3c-5d0d51a3b1f1',
  spec: runSpecSchema.parse({ datasets: ['tess'], seed: 42 }),
  specHash: 'ab'.repeat(32),
  status: 'completed',
  error: null,
  snapshot: { hash: 'cd'.repeat(32), train: 2100, test: 700 },
  backend: 'tensorflow',
  codeVersion: 'abc123',
  epochs: [],
  evaluation,
  version: { model: 'paper', version: 3 },
  createdAt: '2026-11-23T15:00:00Z',
  startedAt: '2026-11-23T15:00:01Z',
  finishedAt: '2026-11-23T15:00:21Z',
}

const snapshot: SnapshotDescription = {
  datasets: [
    {
      dataset: 'tess',
      layouts: ['tess'],
      train: 2100,
      validation: 0,
      test: 700,
      variants: 0,
      speakers: ['OAF', 'YAF'],
    },
  ],
  labels: EMOTIONS.map((label) => ({ label, train: 300, validation: 0, test: 100 })),
}

const facts = (changes: Partial<ModelCardFacts> = {}): ModelCardFacts => ({
  version: {
    model: 'paper',
    version: 3,
    runId: run.id,
    artefact: { sha256: 'ef'.repeat(32), bytes: 1234, key: 'models/x' },
    featureSetId: '12'.repeat(32),
    accuracy: 0.987,
    uar: 0.986,
    createdAt: '2026-11-23T15:00:21Z',
    aliases: ['champion'],
    run,
    featureSet: { id: '12'.repeat(32), spec: run.spec.featureSet, extractor: '1' },
    evaluation,
  },
  run,
  snapshot,
  ...changes,
})

/** The text below a heading. */
function section(card: string, title: string): string {
  return card.split('\n## ').find((part) => part.startsWith(title)) ?? ''
}

it('says first what the version reaches, how surely, and whether it is in use', () => {
  const card = renderModelCard(facts())
  expect(card).toMatch(/^# Model card: paper@3\n\nAccuracy 98\.7 % \(95 %: 97\.6 to 99\.4 %\)/)
  expect(card.split('\n## ')[0]).toContain('on 700 test recordings. In use as champion.')
})

it('says what it was made from and under which licence', () => {
  const text = section(renderModelCard(facts()), 'Data')
  expect(text).toContain('| tess | 2100 | 700 | 0 | OAF, YAF | CC BY-NC-ND 4.0 |')
  expect(text).toContain('Commercial use: no. <https://doi.org/10.5683/SP2/E8H2MF>')
  expect(text).toContain('| angry | 300 | 100 |')
})

it('does not pretend to know the licence of a manifest or of variants', () => {
  const datasets = [
    { ...snapshot.datasets[0], dataset: 'own', layouts: ['manifest'] },
    { ...snapshot.datasets[0], dataset: 'own-noisy', layouts: [], variants: 2800 },
  ]
  const text = section(renderModelCard(facts({ snapshot: { ...snapshot, datasets } })), 'Data')
  expect(text).toContain('| own | 2100 | 700 | 0 | OAF, YAF | not known: labelled by a manifest |')
  expect(text).toContain('that of the recordings that they were made from')
  expect(text).not.toContain('Commercial use')
})

it('gives figures with intervals, by class, by speaker, and how far confidence can be trusted', () => {
  const card = renderModelCard(facts())
  expect(section(card, 'What it can do')).toContain('| Accuracy | 98.7 % | 97.6 to 99.4 % |')
  expect(section(card, 'What it can do')).toContain(`${EMOTIONS[2]} as ${EMOTIONS[0]} (2)`)
  expect(section(card, 'By speaker')).toContain('| speaker OAF | 350 | 98.0 % | 97.0 % | 96.0 % |')
  expect(section(card, 'Calibration')).toContain('Expected calibration error 1.2 %')
})

it.each([
  [{ by: 'clip', test: 0.25 }, 'nothing of speakers that the model has not heard'],
  [{ by: 'word', test: 0.25 }, 'The words of the test side are not in the training side'],
  [{ by: 'speaker', test: ['OAF'] }, 'nothing of other rooms and microphones'],
  [{ by: 'dataset', test: ['x'] }, 'those of other recordings and speakers'],
] as const)('says what a split by %o does not show', (split, sentence) => {
  const spec = runSpecSchema.parse({ datasets: ['tess'], split: { ...split } })
  const text = section(renderModelCard(facts({ run: { ...run, spec } })), 'What it cannot do')
  expect(text).toContain(sentence)
  expect(text).toContain('It has heard 2 speakers.')
  expect(text).toContain('acted')
})

it('warns of small classes and of a confidence that is off', () => {
  const rough = {
    ...evaluation,
    perClass: evaluation.perClass.map((figures, at) => (at === 0 ? { ...figures, support: 12 } : figures)),
    calibration: { ece: 0.2, bins: [] },
  }
  const text = section(
    renderModelCard(facts({ version: { ...facts().version, evaluation: rough } })),
    'What it cannot do',
  )
  expect(text).toContain(`fewer than 30 recordings of ${EMOTIONS[0]} (12)`)
  expect(text).toContain('off by 20.0 %')
})

it('has a place for the figures under other conditions, and says when they were not measured', () => {
  expect(section(renderModelCard(facts()), 'Under other conditions')).toContain('Not measured')
  const card = renderModelCard(facts({ stress: '| babble | 80 % |' }))
  expect(section(card, 'Under other conditions')).toContain('| babble | 80 % |')
  expect(card).not.toContain('Not measured')
})

it('tells of variants that were made while it trained, and does not say that there was no noise', () => {
  const given = facts()
  const plain = 'other rooms, microphones and noise were not added'
  const onTheFly = { recipe: 'everyday@1', share: 0.5, resources: {} }
  const renewed = { ...given.run, spec: { ...given.run.spec, onTheFly } }
  const unvaried = { ...snapshot, datasets: snapshot.datasets.map((dataset) => ({ ...dataset, variants: 0 })) }
  expect(renderModelCard(facts({ snapshot: unvaried }))).toContain(plain)
  const card = renderModelCard(facts({ run: renewed, snapshot: unvaried }))
  expect(card).not.toContain(plain)
  expect(section(card, 'How it was made')).toContain('everyday@1')
})

it('lists every hash that is needed to make it again', () => {
  const text = section(renderModelCard(facts()), 'Provenance')
  for (const hash of ['ab', 'cd', 'ef', '12']) expect(text).toContain(hash.repeat(32))
  expect(text).toContain('abc123')
})

it('lets no name of a speaker break a table', () => {
  const datasets = [{ ...snapshot.datasets[0], speakers: ['a|b', 'c\nd'] }]
  const text = section(renderModelCard(facts({ snapshot: { ...snapshot, datasets } })), 'Data')
  expect(text).toContain(String.raw`a\|b, c d`)
})

it('can tell of a version that was never evaluated', () => {
  const card = renderModelCard(facts({ version: { ...facts().version, evaluation: null } }))
  expect(card).toContain('Not evaluated.')
  expect(card).not.toContain('## What it can do')
})

it('shows what was set aside for validation, where anything was', () => {
  expect(section(renderModelCard(facts({ snapshot })), 'Data')).not.toContain('Validation')
  const aside = {
    datasets: [{ ...snapshot.datasets[0], train: 1890, validation: 210 }],
    labels: snapshot.labels.map((counts) => ({ ...counts, train: 270, validation: 30 })),
  }
  const text = section(renderModelCard(facts({ snapshot: aside })), 'Data')
  expect(text).toContain('| tess | 1890 | 210 | 700 |')
  expect(text).toMatch(/\| angry \| 270 \| 30 \| 100 \|/)
})
