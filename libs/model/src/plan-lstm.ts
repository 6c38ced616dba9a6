import type { Attribute, GraphNode } from './encode-graph.ts'

/** Gates, states and, last, what is known as the output of `BlockLSTMV2`, each of all steps. All are needed for the gradient. */
const OUTPUTS = 7
const FLOAT: Attribute = { type: 'float32' }
const INT: Attribute = { type: 'int32' }

/**
 * LSTM layers one upon the other over many steps, and their gradient, of `BlockLSTMV2` and `BlockLSTMGradV2`. The batch is divided into
 * parts that have nothing to do with each other until the weights' gradients are added, so that libtensorflow computes
 * them side by side: each on a core of its own, instead of all cores on every small product of every step.
 *
 * Fed are `sequence`, [steps, batch, inputs]; `steps`; `sizes`, how many sequences each part has; of each layer, numbered from 0, `kernel0`,
 * `recurrentKernel0`, `bias0`, `state0` (carry and output before the first step, [batch, units]) and `peephole0` (weights that the
 * operation asks for even where it does not use them, [units]). Fetched are `outputs` and `lstmMemory`.
 * With that fed too, and `slope`, the gradient in the outputs, `sequenceSlope` is the gradient in the sequence,
 * `weightSlope0` that in both kernels, one below the other, and `biasSlope0` that in the bias.
 */
export function planLstm(layers: number, parts: number): GraphNode[] {
  const last = layers - 1
  const each = (name: (part: number) => string) => indices(parts).map(name)
  return [
    placeholder('sequence', FLOAT),
    placeholder('slope', FLOAT),
    placeholder('steps', INT),
    placeholder('sizes', INT),
    constant('first', 0),
    constant('second', 1),
    { name: 'length', operation: 'Cast', inputs: ['steps'], attributes: { SrcT: INT, DstT: { type: 'int64' } } },
    divide('sequences', 'sequence', 'second', parts),
    divide('slopes', 'slope', 'second', parts),
    ...indices(layers).flatMap((layer) => planLayer(layer, { last, parts })),
    concatenate(
      'outputs',
      each((part) => nameOutput(last, part)),
      'second',
    ),
    concatenate(
      'sequenceSlope',
      each((part) => `gradient0_${part}:0`),
      'second',
    ),
  ]
}

/** The tensors that the gradient is computed from, besides what is fed anyway. */
export function lstmMemory(layers: number, parts: number): string[] {
  return indices(layers).flatMap((layer) => indices(parts).flatMap((part) => partMemory(layer, part)))
}

function planLayer(layer: number, { last, parts }: { last: number; parts: number }): GraphNode[] {
  const each = (name: (part: number) => string) => indices(parts).map(name)
  return [
    ...['kernel', 'recurrentKernel', 'bias', 'state', 'peephole'].map((name) => placeholder(`${name}${layer}`, FLOAT)),
    concatenate(`weights${layer}`, [`kernel${layer}`, `recurrentKernel${layer}`], 'first'),
    divide(`states${layer}`, `state${layer}`, 'first', parts),
    ...indices(parts).flatMap((part) => planPart(layer, part, last)),
    add(
      `weightSlope${layer}`,
      each((part) => `gradient${layer}_${part}:3`),
    ),
    add(
      `biasSlope${layer}`,
      each((part) => `gradient${layer}_${part}:7`),
    ),
  ]
}

function planPart(layer: number, part: number, last: number): GraphNode[] {
  const state = `states${layer}:${part}`
  const peephole = `peephole${layer}`
  const sequence = layer === 0 ? `sequences:${part}` : nameOutput(layer - 1, part)
  const slope = layer === last ? `slopes:${part}` : `gradient${layer + 1}_${part}:0`
  const weights = [`weights${layer}`, peephole, peephole, peephole, `bias${layer}`]
  const operands = ['length', sequence, state, state, ...weights]
  const carrySlope = `carrySlope${layer}_${part}`
  return [
    { name: namePart(layer, part), operation: 'BlockLSTMV2', inputs: operands, attributes: { T: FLOAT } },
    { name: carrySlope, operation: 'ZerosLike', inputs: [slope], attributes: { T: FLOAT } },
    {
      name: `gradient${layer}_${part}`,
      operation: 'BlockLSTMGradV2',
      inputs: [...operands, ...partMemory(layer, part), carrySlope, slope],
      attributes: { T: FLOAT, use_peephole: { flag: false } },
    },
  ]
}

function namePart(layer: number, part: number): string {
  return `part${layer}_${part}`
}

function nameOutput(layer: number, part: number): string {
  return `${namePart(layer, part)}:${OUTPUTS - 1}`
}

function partMemory(layer: number, part: number): string[] {
  return indices(OUTPUTS).map((output) => `${namePart(layer, part)}:${output}`)
}

function placeholder(name: string, dtype: Attribute): GraphNode {
  return { name, operation: 'Placeholder', attributes: { dtype } }
}

function constant(name: string, value: number): GraphNode {
  return { name, operation: 'Const', attributes: { dtype: INT, value: { scalar: value } } }
}

function divide(name: string, whole: string, axis: string, parts: number): GraphNode {
  const attributes = { T: FLOAT, Tlen: INT, num_split: { whole: parts } }
  return { name, operation: 'SplitV', inputs: [whole, 'sizes', axis], attributes }
}

function concatenate(name: string, parts: string[], axis: string): GraphNode {
  // The operation refuses to join one.
  if (parts.length === 1) return { name, operation: 'Identity', inputs: parts, attributes: { T: FLOAT } }
  const attributes = { T: FLOAT, Tidx: INT, N: { whole: parts.length } }
  return { name, operation: 'ConcatV2', inputs: [...parts, axis], attributes }
}

function add(name: string, parts: string[]): GraphNode {
  return { name, operation: 'AddN', inputs: parts, attributes: { T: FLOAT, N: { whole: parts.length } } }
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}
