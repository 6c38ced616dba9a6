import { randomUUID } from 'node:crypto'
import type { Recipe } from '@ser/augmentation'
import { nameSchema, SerError, type Augmentation, type AugmentRequest } from '@ser/contracts'
import { createAugmentation, ensureDataset, ensureResourceSet, findDataset, getAugmentation } from '@ser/database'
import { chooseRecipe, storeRecipe } from './choose-recipe.ts'
import { chooseResources, datasetNotFound } from './choose-resources.ts'
import { enqueueVariants, type EnqueueVariantsDeps } from './enqueue-variants.ts'

/**
 * Writes down that variants are to be made and enqueues the jobs. Rows first: should Redis be away, reconcile finds them.
 *
 * @throws SerError DATASET_NOT_FOUND, RECIPE_NOT_FOUND (gone), RECIPE_..., INTO_ITSELF (conflict), DATASET_EMPTY, INTO_INVALID,
 *   RESOURCES_... (bad-input)
 */
export async function requestAugmentation(deps: EnqueueVariantsDeps, request: AugmentRequest): Promise<Augmentation> {
  const { db } = deps
  const datasetId = await findDataset(db, request.dataset)
  if (datasetId === undefined) throw datasetNotFound(request.dataset)
  const recipe = await chooseRecipe(db, request.recipe)
  const into = chooseInto(request, recipe)
  const members = await chooseResources(db, request.resources, recipe)
  const id = randomUUID()
  await db.transaction(async (transaction) => {
    await createAugmentation(transaction, {
      id,
      request,
      datasetId,
      intoDatasetId: await ensureDataset(transaction, into),
      recipe: await storeRecipe(transaction, recipe),
      resourceSet: await ensureResourceSet(transaction, members),
    })
  })
  await enqueueVariants(deps, id)
  return getAugmentation(db, id)
}

function chooseInto({ dataset, into }: AugmentRequest, recipe: Recipe): string {
  const name = into ?? `${dataset}-${recipe.name}`
  if (name === dataset) {
    const message = `variants of ${dataset} in ${dataset} would be taken for recordings: name another dataset, and train on both`
    throw new SerError('INTO_ITSELF', message, { kind: 'conflict', ids: { dataset } })
  }
  const parsed = nameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new SerError('INTO_INVALID', `${name} is too long for the name of a dataset: give one as "into"`, {
    kind: 'bad-input',
  })
}
