import { CHAMPION, SerError, type PromotionGate, type RegistryChange } from '@ser/contracts'
import type { Database, Queryable } from './create-database.ts'
import { lockAlias } from './lock-alias.ts'
import { recordRegistryChange, type RegistryActor } from './record-registry-change.ts'

export type Promotion = {
  readonly model: string
  readonly version: number
  readonly alias: string
  /** The version that the alias named when the gate looked; undefined for none. */
  readonly expected: number | undefined
  readonly by: RegistryActor
  readonly forced: boolean
  readonly reason: string | undefined
  /** What the gate found; an alias that is not the champion has none. */
  readonly gate: PromotionGate | undefined
}

/**
 * Lets an alias name a version. The first champion of a server makes its model the default one.
 *
 * @throws SerError PROMOTION_OUTRUN (conflict) when the alias names another version than was expected: what the gate found is about a
 * champion that is none any more; ALIAS_UNCHANGED (conflict) when it names this version already
 */
export async function promoteVersion(db: Database, promotion: Promotion): Promise<RegistryChange> {
  const { model, version, alias, expected } = promotion
  return db.transaction(async (transaction) => {
    const current = await lockAlias(transaction, model, alias)
    if (current.version !== expected) throw outrun(promotion, current.version)
    if (current.version === version) {
      const message = `version ${version} is the ${alias} of ${model} already`
      throw new SerError('ALIAS_UNCHANGED', message, { kind: 'conflict', ids: { model, version } })
    }
    const change = await recordRegistryChange(transaction, {
      model,
      action: 'promote',
      alias,
      version,
      previous: current.version,
      // After a removal, the way back leads to what was there before it.
      returnsTo: current.version === undefined ? current.returnsTo : current.change,
      by: promotion.by,
      forced: promotion.forced,
      reason: promotion.reason,
      gate: promotion.gate,
    })
    await setAlias(transaction, change)
    if (alias === CHAMPION) await makeFirstDefault(transaction, model, promotion.by)
    return change
  })
}

/** Lets the alias of a change name the change's version. */
export async function setAlias(transaction: Queryable, { model, alias, version, id }: RegistryChange): Promise<void> {
  await transaction.query(
    `insert into model_aliases (model, alias, version, change_id) values ($1, $2, $3, $4)
     on conflict (model, alias) do update set version = excluded.version, change_id = excluded.change_id`,
    [model, alias, version, id],
  )
}

async function makeFirstDefault(transaction: Queryable, model: string, by: RegistryActor): Promise<void> {
  const isNone = async () => (await transaction.query('select 1 from default_model')).rowCount === 0
  if (!(await isNone())) return
  await transaction.query('lock table default_model in share row exclusive mode')
  if (!(await isNone())) return
  const change = await recordRegistryChange(transaction, {
    model,
    action: 'make-default',
    by,
    reason: 'the first champion of this server',
  })
  await transaction.query('insert into default_model (model, change_id) values ($1, $2)', [model, change.id])
}

function outrun({ model, alias, expected }: Promotion, current: number | undefined): SerError {
  const message = `the ${alias} of ${model} was ${nameVersion(expected)} when this promotion was judged, and is ${nameVersion(current)} now: look at what was promoted, and promote again if it is still wanted`
  return new SerError('PROMOTION_OUTRUN', message, { kind: 'conflict', ids: { model, alias } })
}

/** `version 3`, or `no version`. */
export function nameVersion(version: number | undefined): string {
  return version === undefined ? 'no version' : `version ${version}`
}
