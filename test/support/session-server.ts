import postgres from 'postgres'
import { freeTcpPort } from './free-ports.ts'
import type { MediasoupInventory } from './mediasoup-inventory.ts'
import { type PostgresServer, startPostgresServer } from './postgres-server.ts'
import { Weir } from './weir.ts'

const preload = new URL('mediasoup-inventory.ts', import.meta.url).href

/** Where all that has to agree about the sessions that are open is looked up, each at its own source. */
export interface OpenEverywhere {
  /** Ids of rows that are not closed. */
  rows: string[]
  /** Ids whose heartbeats are awaited, or may come. */
  heard: string[]
  /** Places that are taken, all streams together. */
  places: number
  /** What mediasoup's workers say that they have. */
  transports: number
}

/** A server on a PostgreSQL of its own, with a look at its tables and into its mediasoup. */
export class SessionServer implements AsyncDisposable {
  readonly weir: Weir
  readonly database: PostgresServer
  readonly sql: postgres.Sql
  readonly #inventoryPort: number

  private constructor(weir: Weir, database: PostgresServer, sql: postgres.Sql, inventoryPort: number) {
    this.weir = weir
    this.database = database
    this.sql = sql
    this.#inventoryPort = inventoryPort
  }

  static async start(env: Record<string, string> = {}): Promise<SessionServer> {
    const [database, inventoryPort] = await Promise.all([startPostgresServer(), freeTcpPort()])
    try {
      const admin = postgres(`${database.url}postgres`, { max: 1 })
      await admin.unsafe('create database sessions')
      await admin.end()
      const weir = await Weir.start({
        env: {
          DATABASE_URL: `${database.url}sessions`,
          NODE_OPTIONS: `--import=${preload}`,
          WEIR_TEST_INVENTORY_PORT: String(inventoryPort),
          ...env,
        },
      })
      const sql = postgres(`${database.url}sessions`, { max: 2, onnotice: () => {} })
      return new SessionServer(weir, database, sql, inventoryPort)
    } catch (error) {
      await database.stop()
      throw error
    }
  }

  async inventory(): Promise<MediasoupInventory> {
    return (await (await fetch(`http://127.0.0.1:${this.#inventoryPort}/`)).json()) as MediasoupInventory
  }

  async open(): Promise<OpenEverywhere> {
    const [rows, heard, [places], { webRtcTransports }] = await Promise.all([
      this.sql<{ id: string }[]>`select id from consumers where state <> 'CLOSED' order by id`,
      this.sql<{ id: string }[]>`select consumer_id as id from heartbeats order by 1`,
      this.sql<{ taken: number }[]>`
        select coalesce(sum(taken), 0)::int as taken from places where scope = 'CONSUMERS_OF_STREAM'`,
      this.inventory(),
    ])
    return {
      rows: rows.map(({ id }) => id),
      heard: heard.map(({ id }) => id),
      places: places!.taken,
      transports: webRtcTransports,
    }
  }

  /** How often each session was told to be closed, by the log. */
  async closings(): Promise<Map<string, { times: number; reason: string }>> {
    const rows = await this.sql<{ id: string; times: number; reason: string }[]>`
      select subject_id as id, count(*)::int as times, min(data ->> 'reason') as reason
      from events where type = 'consumer.closed' group by 1`
    return new Map(rows.map(({ id, ...rest }) => [id, rest]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sql.end({ timeout: 1 })
    await this.weir[Symbol.asyncDispose]()
    await this.database.stop()
  }
}
