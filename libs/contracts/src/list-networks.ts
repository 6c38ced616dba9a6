import { contentHash } from './canonical-json.ts'
import type { RunSpec } from './run-specs.ts'

/** One network of a run: a run spec that has no members, with the network's own seed, and what its probabilities weigh. */
export type NetworkSpec = Omit<RunSpec, 'members'> & { readonly weight: number }

/**
 * The networks of a run in the order in which they are trained: one, or those of its members. The first has the run's seed, each
 * other one a seed derived from it and its place.
 */
export function listNetworks({ members, ...spec }: RunSpec): NetworkSpec[] {
  if (members === undefined) return [{ ...spec, weight: 1 }]
  const networks = members.flatMap(({ weight, networks: count, ...own }) =>
    Array.from({ length: count }, () => ({ ...spec, ...own, weight: weight / count })),
  )
  return networks.map((network, place) => ({ ...network, seed: networkSeed(spec.seed, place) }))
}

/** How many epochs the networks of a run have together. */
export function totalEpochs(spec: RunSpec): number {
  return listNetworks(spec).reduce((total, { epochs }) => total + epochs, 0)
}

function networkSeed(seed: number, place: number): number {
  return place === 0 ? seed : Number.parseInt(contentHash({ seed, network: place }).slice(0, 8), 16)
}
