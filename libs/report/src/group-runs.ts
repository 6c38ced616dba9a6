import { canonicalJson, type Run, type RunSpec } from '@ser/contracts'
import { describeSplit } from './describe-split.ts'
import type { RunGroup } from './render-comparison.ts'

/**
 * Puts runs together that differ in nothing but their seed, their fold and the name of their model. A group is named by what it
 * differs in from the other ones; a group alone by its features, input and split.
 */
export function groupRuns(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, Run[]>()
  for (const run of runs) {
    const key = canonicalJson(facts(run.spec))
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  const described = [...groups.values()].map((members) => ({ members, named: nameFacts(members[0].spec) }))
  const names = [...new Set(described.flatMap(({ named }) => [...named.keys()]))]
  const differing = names.filter((name) => new Set(described.map(({ named }) => named.get(name))).size > 1)
  const chosen = differing.length === 0 ? ['features', 'layout', 'split'] : differing
  return described.map(({ members, named }) => ({
    name: chosen.flatMap((name) => named.get(name) ?? (isOfSet(name) ? [] : `no ${name}`)).join(', '),
    runs: members,
  }))
}

/** A spec without what may differ within a group. */
function facts({ model: _model, seed: _seed, split, ...rest }: RunSpec): object {
  if (!('folds' in split)) return { ...rest, split }
  return { ...rest, split: { by: split.by, folds: split.folds } }
}

function nameFacts(spec: RunSpec): Map<string, string> {
  const { datasets, features, featureSet, layout, split, ...rest } = spec
  const { model: _model, seed: _seed, ...options } = rest
  const named = new Map([
    ['features', features.join(' + ')],
    ...nameSet(featureSet),
    ['layout', layout],
    ['split', describeSplit('folds' in split ? { ...split, fold: 0 } : split)],
    ['datasets', datasets.join(' + ')],
  ])
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined)
      named.set(name, `${name} ${typeof value === 'object' ? canonicalJson(value) : String(value)}`)
  }
  return named
}

const OF_SET = 'featureSet.'

/** One kind of features has no fields of another, which is no difference worth a word. */
function isOfSet(name: string): boolean {
  return name.startsWith(OF_SET)
}

/** Each field by itself, so that two sets are named by what they differ in. */
function nameSet({ pooling, ...fields }: RunSpec['featureSet']): [string, string][] {
  const others = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[OF_SET + name, `${name} ${value}`]],
  )
  return [[`${OF_SET}pooling`, pooling === 'frames' ? 'every frame' : 'mean over time'], ...others]
}
