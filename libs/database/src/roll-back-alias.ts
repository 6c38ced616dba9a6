import { SerError, type RegistryChange } from '@ser/contracts'
import type { Database } from './create-database.ts'
import { lockAlias } from './lock-alias.ts'
import { nameVersion, setAlias } from './promote-version.ts'
import { recordRegistryChange, type RegistryActor } from './record-registry-change.ts'

export type Rollback = {
  readonly model: string
  readonly alias: string
  /** Only while the alias names this version. */
  readonly from: number | undefined
  readonly by: RegistryActor
  readonly reason: string | undefined
}

/**
 * Lets an alias name the version that it named before: before its promotion, not before an earlier roll-back, so that each roll-back goes a
 * step further. After a removal it brings the removed version back.
 *
 * @throws SerError NOTHING_TO_ROLL_BACK, ROLLBACK_OUTRUN (conflict)
 */
export async function rollBackAlias(
  db: Database,
  { model, alias, from, by, reason }: Rollback,
): Promise<RegistryChange> {
  return db.transaction(async (transaction) => {
    const current = await lockAlias(transaction, model, alias)
    if (from !== undefined && current.version !== from) {
      const message = `the ${alias} of ${model} is ${nameVersion(current.version)}, not version ${from}: nothing was rolled back`
      throw new SerError('ROLLBACK_OUTRUN', message, { kind: 'conflict', ids: { model, alias } })
    }
    const { rows } = await transaction.query<{ version: number; returns_to: number | null }>(
      'select version, returns_to from registry_changes where id = $1',
      [current.returnsTo ?? null],
    )
    if (rows.length === 0) {
      const message = `the ${alias} of ${model} has no predecessor: remove the alias, or promote another version`
      throw new SerError('NOTHING_TO_ROLL_BACK', message, { kind: 'conflict', ids: { model, alias } })
    }
    const [{ version, returns_to: returnsTo }] = rows
    const change = await recordRegistryChange(transaction, {
      model,
      action: 'roll-back',
      alias,
      version,
      previous: current.version,
      returnsTo: returnsTo ?? undefined,
      by,
      reason,
    })
    await setAlias(transaction, change)
    return change
  })
}
