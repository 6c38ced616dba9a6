import { describeRecipe } from './describe-recipe.ts'
import { fitModel } from './fit-model.ts'
import type { EpochFigures, FitOptions, FitResult } from './fit-options.ts'
import { joinProgress, readProgress, type FinishedMember } from './members-checkpoint.ts'
import { setWeights } from './train-batch.ts'

/** What is said and asked while training, rather than how it is done. */
type Watching = 'onEpoch' | 'onCheckpoint' | 'checkpointEvery' | 'resumeFrom' | 'signal'

/** How one network is trained. */
export type MemberFit = Omit<FitOptions, Watching>

export type FitMembersOptions = Pick<FitOptions, Watching> & {
  readonly members: readonly MemberFit[]
}

/**
 * Trains networks in place, one after the other. Epochs are numbered through; an epoch's figures are of the network that it
 * trained. Checkpoints hold what the networks before have become.
 *
 * @returns the result of each, of those that were trained before a checkpoint only the weights are restored: theirs is undefined
 * @throws what `fitModel` throws
 */
export async function fitMembers({ members, ...watching }: FitMembersOptions): Promise<(FitResult | undefined)[]> {
  if (members.length === 1) return [await fitModel({ ...members[0], ...watching })]
  const { onEpoch, onCheckpoint, checkpointEvery, resumeFrom, signal } = watching
  const keeps = onCheckpoint !== undefined || resumeFrom !== undefined
  const recipes = keeps ? members.map((member) => describeRecipe(member)) : []
  const progress = resumeFrom === undefined ? undefined : readProgress(resumeFrom, recipes)
  const finished: FinishedMember[] = [...(progress?.finished ?? [])]
  for (const [index, { weights }] of finished.entries()) setWeights(members[index].model, weights)
  const results: (FitResult | undefined)[] = finished.map(() => undefined)
  for (const [index, member] of members.entries()) {
    if (index < results.length) continue
    const before = finished.reduce((sum, { epochs }) => sum + epochs, 0)
    const isResumed = progress !== undefined && index === progress.finished.length
    const result = await fitModel({
      ...member,
      ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
      ...(signal === undefined ? {} : { signal }),
      ...(isResumed ? { resumeFrom: progress.current } : {}),
      onEpoch: (figures: EpochFigures) => onEpoch?.({ ...figures, epoch: before + figures.epoch }),
      ...(onCheckpoint === undefined
        ? {}
        : {
            onCheckpoint: (current: Uint8Array, epoch: number) =>
              onCheckpoint(joinProgress({ finished, current }), before + epoch),
          }),
    })
    results.push(result)
    const weights = new Map(Array.from(member.model.weights, ([name, weight]) => [name, weight.dataSync<'float32'>()]))
    finished.push({ recipe: recipes[index] ?? '', epochs: result.epochs, weights })
  }
  return results
}
