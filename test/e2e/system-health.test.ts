import postgres from 'postgres'
import { expect, test } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts'
import { startTcpLine } from '../support/tcp-line.ts'
import { until } from '../support/until.ts'
import { Weir } from '../support/weir.ts'

/** Each over a connection of its own, as a probe asks. */
const headers = { connection: 'close' }

async function detailed(weir: Weir) {
  const response = await fetch(`${weir.url}/health/detailed`, { headers })
  return { status: response.status, body: await response.json() }
}

async function newDatabase(server: PostgresServer): Promise<string> {
  const admin = postgres(`${server.url}postgres`, { max: 1 })
  await admin.unsafe('create database system_health')
  await admin.end()
  return 'system_health'
}

test('the database goes away: told within seconds, without it; it comes back: told too', async () => {
  const server = await startPostgresServer()
  const name = await newDatabase(server)
  const line = await startTcpLine(Number(new URL(server.url).port))
  try {
    const databaseUrl = new URL(server.url + name)
    databaseUrl.port = String(line.port)
    await using weir = await Weir.start({ env: { DATABASE_URL: databaseUrl.href, HEALTH_CHECK_INTERVAL: '1s' } })
    const names = ['database', 'ffmpeg', 'mediasoup', 'event_bus', 'disk', 'temporary_folder', 'system_resources']
    const before = await until('all is checked and the bus is there', async () => {
      const { body } = await detailed(weir)
      const { components } = body.details
      return names.every((each) => components[each]) && components.event_bus.status === 'healthy' && body
    })
    expect(Object.keys(before.details.components)).toEqual(names)
    expect(before.details.components).toMatchObject({
      database: { status: 'healthy' },
      ffmpeg: { status: 'healthy' },
      mediasoup: { status: 'healthy' },
      temporary_folder: { status: 'healthy' },
    })

    await line.cut()
    await until('the database is critical', async () => {
      const { status, body } = await detailed(weir)
      return status === 503 && body.details.components.database.status === 'critical'
    })
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ systemHealth { status components { component status } streams { total } activeProducers } }',
      }),
    })
    const { data, errors } = await response.json()
    expect(errors).toBeUndefined()
    expect(data.systemHealth).toMatchObject({ status: 'CRITICAL', streams: null, activeProducers: null })
    expect(data.systemHealth.components).toContainEqual({ component: 'DATABASE', status: 'CRITICAL' })
    expect((await (await fetch(`${weir.url}/v2/health/system`, { headers })).json()).components.database).toBe(
      'critical',
    )

    await line.mend()
    await until('the database is healthy again', async () => {
      const { body } = await detailed(weir)
      return body.details.components.database.status === 'healthy'
    })
  } finally {
    await line.close()
    await server.stop()
  }
})
