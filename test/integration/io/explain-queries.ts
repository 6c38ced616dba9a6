import type { Database, Queryable } from '@ser/database'

export type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly Plans?: readonly PlanNode[]
}

export type Explained = { readonly text: string; readonly plan: PlanNode }

/** What explains itself before it is run; `lock table`, `set` and the like have no plan. */
const PLANNED = /^\s*(select|with|insert|update|delete)\b/i

/**
 * Runs an operation on a database as it would be run, and gives the plan of every statement that it made, each explained where it is. What
 * it wrote is undone.
 *
 * @param how.analyze Runs each to count the rows of its nodes.
 */
export async function explainOperation(
  db: Database,
  operation: (on: Database) => Promise<unknown>,
  how: { readonly analyze?: boolean } = {},
): Promise<Explained[]> {
  const explained: Explained[] = []
  const options = how.analyze === true ? 'analyze, timing off, format json' : 'format json'
  const undone = new Error('everything is undone')
  await db
    .transaction(async (transaction) => {
      const on: Queryable = {
        async query(text, values) {
          if (PLANNED.test(text)) {
            const { rows } = await transaction.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
              `explain (${options}) ${text}`,
              values,
            )
            explained.push({ text, plan: rows[0]['QUERY PLAN'][0].Plan })
          }
          return transaction.query(text, values)
        },
      }
      await operation({ ...db, ...on, transaction: (inside) => inside(on) })
      throw undone
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error
    })
  return explained
}

/** The tables that a plan reads from end to end. */
export function scannedTables(node: PlanNode): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []
  return [...own, ...(node.Plans ?? []).flatMap(scannedTables)]
}

/** Of the nodes of a plan that was run, the rows that the busiest one gave, over all its loops. */
export function mostRows(node: PlanNode): number {
  return Math.max((node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 0), ...(node.Plans ?? []).map(mostRows))
}

const SHOWN = new Set(['Relation Name', 'Index Name', 'CTE Name', 'Index Cond', 'Recheck Cond', 'Hash Cond', 'Filter'])

/** A plan as a person reads it: an indented line for each node. */
export function describePlan(node: PlanNode, depth = 0): string[] {
  const { Plans: inner = [], 'Node Type': type, ...rest } = node
  const on = Object.entries(rest)
    .flatMap(([key, value]) => (SHOWN.has(key) ? [`${key.toLowerCase()} ${value}`] : []))
    .join(', ')
  const own = `${'  '.repeat(depth)}${type}${on === '' ? '' : `: ${on}`}`
  return [own, ...inner.flatMap((each) => describePlan(each, depth + 1))]
}
