import { randomUUID } from 'node:crypto'
import type { Run, RunSpec } from '@ser/contracts'
import { createRun, ensureResourceSet, getRun, type Database } from '@ser/database'
import type { Queues } from '@ser/queue'
import { chooseRecipe, storeRecipe } from './choose-recipe.ts'
import { chooseResources } from './choose-resources.ts'

export type RequestRunDeps = { readonly db: Database; readonly queues: Pick<Queues, 'enqueueTrain'> }

/**
 * Writes down that a model is to be trained, and enqueues the job. Row first: should Redis be away, reconcile finds it. What variants on
 * the fly are made with is fixed now, and the spec names the recipe's version.
 *
 * @throws SerError RECIPE_NOT_FOUND, DATASET_NOT_FOUND (gone), RESOURCES_... (bad-input)
 */
export async function requestRun(
  { db, queues }: RequestRunDeps,
  spec: RunSpec,
  experiment: string | undefined,
): Promise<Run> {
  const id = randomUUID()
  const { onTheFly } = spec
  if (onTheFly === undefined) await createRun(db, { id, spec, experiment })
  else {
    const recipe = await chooseRecipe(db, onTheFly.recipe)
    const members = await chooseResources(db, onTheFly.resources, recipe)
    const named = { ...spec, onTheFly: { ...onTheFly, recipe: `${recipe.name}@${recipe.version}` } }
    await db.transaction(async (transaction) => {
      const rows = {
        recipe: await storeRecipe(transaction, recipe),
        resourceSet: await ensureResourceSet(transaction, members),
      }
      await createRun(transaction, { id, spec: named, experiment, onTheFly: rows })
    })
  }
  await queues.enqueueTrain({ runId: id })
  return getRun(db, id)
}
