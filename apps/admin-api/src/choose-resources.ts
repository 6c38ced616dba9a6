import { halfOf, resourceGroups, type Recipe } from '@ser/augmentation'
import { SerError, type OnTheFly, type ResourceChoice } from '@ser/contracts'
import { findDataset, listRecordings, type Queryable, type ResourceMembers } from '@ser/database'

// Every worker process holds them decoded: an hour at 24 kHz takes 350 MB.
const MAX_RECORDINGS = 2000
const MAX_SECONDS = 3600

/**
 * The recordings that a request lets its recipe mix in, by group. They may be recordings of the dataset that is augmented: who trains sees
 * to it that what is heard in a variant lies on the variant's side of the split. Those of a run's own training side are its trainer's to choose.
 *
 * @throws SerError RESOURCES_MISSING, RESOURCES_UNUSED, RESOURCES_TOO_MANY (bad-input), DATASET_NOT_FOUND (gone)
 */
export async function chooseResources(
  db: Queryable,
  resources: OnTheFly['resources'],
  recipe: Recipe,
): Promise<ResourceMembers> {
  const groups = resourceGroups(recipe)
  const given = Object.keys(resources)
  const unused = given.filter((group) => !groups.includes(group))
  if (unused.length > 0) {
    const uses = groups.length === 0 ? 'no recordings' : groups.join(', ')
    throw refuse('RESOURCES_UNUSED', `the recipe ${recipe.name} uses ${uses}, not ${unused.join(', ')}`)
  }
  const missing = groups.filter((group) => !given.includes(group))
  if (missing.length > 0 && recipe.missingResources === 'fail') {
    const message = `the recipe ${recipe.name} mixes in recordings of ${missing.join(', ')}: name a dataset for each in resources, or let the recipe do without by missingResources "skip"`
    throw refuse('RESOURCES_MISSING', message)
  }
  const members: Record<string, string[]> = {}
  for (const [group, from] of Object.entries(resources))
    if ('dataset' in from) members[group] = await readResources(db, group, from)
  return members
}

/**
 * The recordings of a choice, named for a group, by their SHA-256.
 *
 * @throws SerError RESOURCES_MISSING, RESOURCES_TOO_MANY (bad-input), DATASET_NOT_FOUND (gone)
 */
export async function readResources(
  db: Queryable,
  group: string,
  { dataset, half, split }: ResourceChoice,
): Promise<string[]> {
  // Of the whole dataset twice as many as of a half.
  const most = half === undefined ? MAX_RECORDINGS : 2 * MAX_RECORDINGS
  const all = await listRecordings(db, { dataset, split }, most + 1)
  const recordings = all.filter(({ sha256 }) => half === undefined || halfOf(sha256) === half)
  if (recordings.length === 0) {
    if ((await findDataset(db, dataset)) === undefined) throw datasetNotFound(dataset)
    const which = [
      half === undefined ? '' : ` in the half "${half}"`,
      split === undefined ? '' : ` of the split "${split}"`,
    ]
    throw refuse('RESOURCES_MISSING', `the dataset ${dataset}, named for ${group}, has no recordings${which.join('')}`)
  }
  const seconds = recordings.reduce((sum, recording) => sum + recording.seconds, 0)
  if (all.length > most || recordings.length > MAX_RECORDINGS || seconds > MAX_SECONDS) {
    const message = `${dataset}, named for ${group}, is too much to be held in memory by every worker: ${MAX_RECORDINGS} recordings of ${MAX_SECONDS} s in all at most`
    throw refuse('RESOURCES_TOO_MANY', message)
  }
  return recordings.map(({ sha256 }) => sha256)
}

/** The error for a dataset that does not exist. */
export function datasetNotFound(name: string): SerError {
  return new SerError('DATASET_NOT_FOUND', `there is no dataset named ${name}`, {
    kind: 'gone',
    ids: { dataset: name },
  })
}

function refuse(code: string, message: string): SerError {
  return new SerError(code, message, { kind: 'bad-input' })
}
