/** An operation of a graph. Its inputs are names of nodes, with `:1` for the second output and so on. */
export type GraphNode = {
  readonly name: string
  readonly operation: string
  readonly inputs?: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}

export type Attribute =
  | { readonly type: 'float32' | 'int32' | 'int64' }
  | { readonly whole: number }
  | { readonly flag: boolean }
  /** The value of a constant, one whole number of 32 bits. */
  | { readonly scalar: number }

/** The one that TensorFlow 2.15 writes; it says which of an operation's old meanings are no longer meant. */
const GRAPH_VERSION = 1645
const TYPES = { float32: 1, int32: 3, int64: 9 } as const

/**
 * A graph as the file `saved_model.pb` of a SavedModel with the tag `serve` and without variables.
 * (Protocol buffers of tensorflow/core/protobuf/{saved_model,meta_graph}.proto and framework/{graph,node_def,attr_value,tensor}.proto.)
 */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const versions = whole(1, GRAPH_VERSION)
  const graph = [...nodes.flatMap((node) => block(1, encodeNode(node))), ...block(4, versions)]
  const metaGraph = [...block(1, text(4, 'serve')), ...block(2, graph)]
  return Uint8Array.from([...whole(1, 1), ...block(2, metaGraph)])
}

function encodeNode({ name, operation, inputs = [], attributes = {} }: GraphNode): number[] {
  const entries = Object.entries(attributes).flatMap(([key, value]) =>
    block(5, [...text(1, key), ...block(2, encodeAttribute(value))]),
  )
  return [...text(1, name), ...text(2, operation), ...inputs.flatMap((input) => text(3, input)), ...entries]
}

function encodeAttribute(attribute: Attribute): number[] {
  if ('type' in attribute) return whole(6, TYPES[attribute.type])
  if ('whole' in attribute) return whole(3, attribute.whole)
  if ('flag' in attribute) return whole(5, attribute.flag ? 1 : 0)
  return block(8, [...whole(1, TYPES.int32), ...block(2, []), ...whole(7, attribute.scalar)])
}

/** A field of bytes, and of anything that is encoded to bytes. */
function block(field: number, bytes: readonly number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes]
}

function text(field: number, value: string): number[] {
  return block(field, [...Buffer.from(value)])
}

function whole(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)]
}

/** Seven bits a byte, the lowest first; of whole numbers from 0. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
