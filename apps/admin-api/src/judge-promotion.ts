import { createRandom } from '@ser/corpus'
import { SerError, type GateFigure, type ModelVersion, type PromotionGate } from '@ser/contracts'
import { getRunSummary, readCommonPredictions, type CommonPredictions, type Queryable } from '@ser/database'
import { comparePredictions, isNotInferior } from '@ser/metrics'

export type GateRule = { readonly figure: GateFigure; readonly margin: number }

/** Two points of UAR: what lies within is, on some hundreds of recordings, no more than another seed changes. */
export const GATE: GateRule = { figure: 'uar', margin: 0.02 }

/** Below, the interval says nothing that a promotion could rest on. */
const LEAST_RECORDINGS = 100
/** With as many the interval is some tenths of a point wide; more would only cost time. */
const MOST_RECORDINGS = 20_000
/** As libs/metrics and the evaluation of runs have it: fewer speakers say nothing of others. */
const LEAST_SPEAKERS = 5
/** Draws of a recording in all resamples together: about half a second, in which the API does nothing else. */
const DRAWS = 4_000_000

/**
 * Compares a candidate with the champion on the recordings that both were tested on. Always the same for the same two versions.
 *
 * @param champion undefined when there is none: then everything passes
 */
export async function judgePromotion(
  db: Queryable,
  { champion, candidate }: { readonly champion: ModelVersion | undefined; readonly candidate: ModelVersion },
  rule: GateRule,
): Promise<PromotionGate> {
  if (champion === undefined) return { ...undecided(rule), outcome: 'first' }
  const [first, second] = [await getRunSummary(db, champion.runId), await getRunSummary(db, candidate.runId)]
  const labels = first.evaluation?.labels ?? []
  const comparable = JSON.stringify(labels) === JSON.stringify(second.evaluation?.labels)
  const common = await readCommonPredictions(db, { first: first.id, second: second.id }, MOST_RECORDINGS)
  const recordings = comparable ? common.truth.length : 0
  const found = {
    ...undecided(rule),
    champion: champion.version,
    recordings,
    sameTestSide: recordings > 0 && common.count === first.snapshot?.test && common.count === second.snapshot?.test,
  }
  if (recordings < LEAST_RECORDINGS) return { ...found, outcome: 'too-few' }
  return { ...found, ...compare(common, labels.length, rule, second.specHash) }
}

function undecided({ figure, margin }: GateRule): Omit<PromotionGate, 'outcome'> {
  const none = { difference: null, onlyChampionRight: null, onlyCandidateRight: null, pValue: null, over: null }
  return { champion: null, figure, margin, recordings: 0, sameTestSide: false, ...none }
}

function compare(common: CommonPredictions, classes: number, { figure, margin }: GateRule, specHash: string) {
  const bySpeaker = new Set(common.speakers).size >= LEAST_SPEAKERS
  const { difference, onlyFirst, onlySecond, pValue } = comparePredictions(common.first, common.second, {
    truth: common.truth,
    classes,
    below: createRandom(Number.parseInt(specHash.slice(0, 12), 16)).below,
    resamples: Math.min(2000, Math.max(200, Math.floor(DRAWS / common.truth.length))),
    ...(bySpeaker ? { clusters: common.speakers } : {}),
  })
  return {
    outcome: isNotInferior(difference[figure], margin) ? ('passed' as const) : ('worse' as const),
    over: bySpeaker ? ('speakers' as const) : ('recordings' as const),
    difference,
    onlyChampionRight: onlyFirst,
    onlyCandidateRight: onlySecond,
    pValue,
  }
}

/** The refusal that a gate asks for; undefined when it lets the candidate pass. */
export function refusalOf(gate: PromotionGate, { model, version }: ModelVersion): SerError | undefined {
  const force = 'or force it with a reason, which is kept'
  const options = { kind: 'conflict', ids: { model, version } } as const
  if (gate.outcome === 'too-few') {
    const message = `${model}@${version} and its champion @${gate.champion} were both tested on ${gate.recordings} recordings only, and ${LEAST_RECORDINGS} are needed to compare them: train a candidate with the champion's split and seed, ${force}`
    return new SerError('PROMOTION_NOT_COMPARABLE', message, options)
  }
  if (gate.outcome !== 'worse' || gate.difference === null) return undefined
  const { value, low, high } = gate.difference[gate.figure]
  const name = { uar: 'UAR', accuracy: 'accuracy', macroF1: 'macro F1' }[gate.figure]
  const message = `${model}@${version} is not shown to be as good as the champion @${gate.champion} within ${points(gate.margin)} points of ${name}: on ${gate.recordings} recordings that both were tested on it differs by ${points(value)} points, and by ${points(low)} to ${points(high)} with 95 % certainty. Train a better one, compare on more recordings, allow a wider margin, ${force}`
  return new SerError('PROMOTION_REFUSED', message, options)
}

/** A share as points of per cent: 0.0213 is `2.1`. */
function points(share: number): string {
  return (share * 100).toFixed(1)
}
