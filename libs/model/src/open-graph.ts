import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tensor } from '@tensorflow/tfjs'
import { encodeGraph, type GraphNode } from './encode-graph.ts'
import type { NodeBackend } from './node-backend.ts'

/** A graph of libtensorflow's operations, of which those that do not wait for each other are computed side by side. */
export type Graph = {
  /** Computes tensors, by their names, from those fed, which may be any of the graph; `name:1` is a node's second output. */
  readonly run: (fed: Readonly<Record<string, Tensor>>, fetched: readonly string[]) => Tensor[]
  readonly close: () => void
}

/** tfjs-node computes graphs of SavedModels only, and these only from a folder, which is gone again when this returns. */
export function openGraph(backend: NodeBackend, nodes: readonly GraphNode[]): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'ser-graph-'))
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeGraph(nodes))
    const id = backend.loadSavedModelMetaGraph(folder, 'serve')
    const run: Graph['run'] = (fed, fetched) => {
      const names = Object.keys(fed).map((name) => ({ name: withOutput(name) }))
      return backend.runSavedModel(id, Object.values(fed), names, fetched.map(withOutput))
    }
    return { run, close: () => backend.deleteSavedModel(id) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function withOutput(name: string): string {
  return name.includes(':') ? name : `${name}:0`
}
