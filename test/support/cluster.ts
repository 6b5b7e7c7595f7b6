import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestClusterQuery } from '../../src/client/generated/graphql.ts'
import * as documents from './documents.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'
import { until } from './until.ts'
import { Weir } from './weir.ts'

type Listed = NonNullable<NonNullable<NonNullable<TestClusterQuery['streams']>['nodes']>[number]>

/** Real servers, each with a folder of its own, on one real PostgreSQL. */
export class Cluster implements AsyncDisposable {
  readonly database: PostgresServer
  readonly nodes: ReadonlyMap<string, Weir>
  readonly #folder: string

  private constructor(database: PostgresServer, nodes: Map<string, Weir>, folder: string) {
    this.database = database
    this.nodes = nodes
    this.#folder = folder
  }

  /** Runs once all answer. */
  static async start(names: string[], env: Record<string, string> = {}): Promise<Cluster> {
    const [database, folder] = await Promise.all([startPostgresServer(), mkdtemp(join(tmpdir(), 'weir-cluster-'))])
    const nodes = new Map<string, Weir>()
    const cluster = new Cluster(database, nodes, folder)
    try {
      for (const name of names) {
        const own = { DATABASE_URL: `${database.url}postgres`, NODE_NAME: name, MEDIASOUP_WORKERS: '1', ...env }
        // A folder of its own from nothing: one that was copied would bring the same node's id along.
        nodes.set(name, await Weir.prepare({ folder: join(folder, name), env: own }))
      }
      await Promise.all([...nodes.values()].map((weir) => weir.start()))
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  node(name: string): Weir {
    return this.nodes.get(name)!
  }

  /** Every stream, as this node's API shows it. */
  async streams(through: string): Promise<Listed[]> {
    const { streams } = await this.node(through).api.request(documents.TestCluster, {})
    return (streams?.nodes ?? []).filter((stream) => stream !== null)
  }

  async mediaNode(through: string, name: string) {
    const { mediaNodes } = await this.node(through).api.request(documents.TestCluster, {})
    return mediaNodes!.find((node) => node?.name === name)!
  }

  async drain(name: string, draining: boolean): Promise<void> {
    const { id } = await this.mediaNode(name, name)
    await this.node(name).api.request(documents.DrainTestNode, { id, draining })
  }

  /** Resolves once every stream is LIVE, and on this node where one is named. */
  async allLive(through: string, on: string | null, timeoutMs = 60_000): Promise<Listed[]> {
    let last: Listed[] = []
    return until(
      `every stream is live${on ? ` on ${on}` : ''}`,
      async () => {
        last = await this.streams(through)
        return last.every(({ state, mediaNode }) => state === 'LIVE' && (on === null || mediaNode?.name === on)) && last
      },
      { timeoutMs, everyMs: 50, explain: () => ({ last, log: this.node(through).lines.slice(-20) }) },
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const weir of this.nodes.values()) await weir[Symbol.asyncDispose]()
    await this.database.stop()
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
