// Prints the path of a Node 24, fetched to the user's cache: the end-to-end test runs on it too.
import { workspacePaths } from '../local/workspace-paths.mjs'
import { NODE_24, fetchNode } from './fetch-node.mjs'

process.stdout.write(`${await fetchNode(NODE_24, workspacePaths())}\n`)
